// Networks of many layers.
#include <cmath>
#include <utility>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"

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

template <class Spec, class In>
void instruction_sets_agree(double operations) {
  using Model = Network<Spec, In, F32, isa::Scalar>;
  const auto weights = golden::weights_of<Model>();
  const auto x = golden::input_of(In::size);
  const auto all = golden::engines<Spec, In>();
  const auto expected = golden::run_guarded(all[0], weights, x);
  double largest = 0.0;
  for (const float y : expected) largest = std::max(largest, std::abs(static_cast<double>(y)));
  REQUIRE(largest > 0);
  // as in the layers' tests: c * eps * sqrt(operations), c = 2, of the largest output
  const double tolerance =
      2.0 * static_cast<double>(std::numeric_limits<float>::epsilon()) * std::sqrt(operations) * largest;
  for (const golden::Engine& engine : all) {
    INFO(engine.isa);
    const auto y = golden::run_guarded(engine, weights, x);
    for (std::size_t i = 0; i < y.size(); ++i) {
      CHECK(std::abs(static_cast<double>(y[i]) - static_cast<double>(expected[i])) <= tolerance);
    }
  }
}

}  // namespace

TEST_CASE("sixty layers run") {
  static_assert(Network<Spec60, Shape<8, 8, 3>>::layers.size() == 60);
  instruction_sets_agree<Spec60, Shape<8, 8, 3>>(19 * 75 + 64 + 8);
}
TEST_CASE("composites nested twelve deep run") { instruction_sets_agree<Nested<12>::type, Shape<3, 4, 4>>(12 * 7); }
