// Networks of many layers.
#include <type_traits>
#include <utility>

#include "agree.hpp"

using namespace ctnn;

namespace {

/// Layer I of: convolution, batch norm, activation, over and over.
template <std::size_t I>
using Layer = std::conditional_t<I % 3 == 0, Conv2d<8, Kernel<3>, Padding<1>>,
                                 std::conditional_t<I % 3 == 1, BatchNorm2d<>, ReLU6>>;
template <class Indices>
struct Deep;
template <std::size_t... I>
struct Deep<std::index_sequence<I...>> {
  using type = Sequential<Layer<I>..., GlobalAvgPool2d, Flatten, Linear<10>>;
};
using Spec60 = Deep<std::make_index_sequence<57>>::type;

/// A composite in a composite, Depth times.
template <std::size_t Depth>
struct Nested {
  using type = Residual<Sequential<Conv2d<4>, ReLU, typename Nested<Depth - 1>::type>>;
};
template <>
struct Nested<0> {
  using type = Identity;
};

}  // namespace

TEST_CASE("sixty layers run") {
  static_assert(Network<Spec60, Shape<8, 8, 3>>::layers.size() == 60);
  instruction_sets_agree<Spec60, Shape<8, 8, 3>>(19 * 75 + 64 + 8);
}
TEST_CASE("composites nested twelve deep run") { instruction_sets_agree<Nested<12>::type, Shape<3, 4, 4>>(12 * 7); }
