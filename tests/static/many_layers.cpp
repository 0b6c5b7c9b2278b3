// A network of 120 layers binds, is planned and counted within the compilers' default template and constexpr limits.
#include <cstddef>
#include <type_traits>
#include <utility>

#include <ctnn/ctnn.hpp>

using namespace ctnn;

namespace {

template <std::size_t I>
using Layer = std::conditional_t<I % 3 == 0, Conv2d<8, Kernel<3>, Padding<1>>,
                                 std::conditional_t<I % 3 == 1, BatchNorm2d<>, ReLU>>;
template <class Indices>
struct Deep;
template <std::size_t... I>
struct Deep<std::index_sequence<I...>> {
  using type = Sequential<Layer<I>...>;
};

using Spec = Deep<std::make_index_sequence<120>>::type;
using Model = Network<Spec, Shape<16, 16, 8>>;
static_assert(Model::layers.size() == 120);
static_assert(Model::cost.macs == 40 * (16 * 16 * 8 * 9 * 8));
static_assert(Model::cost.params == 40 * (8 * 9 * 8 + 8 + 2 * 8));
static_assert(Model::weight_count == 40 * 6);
static_assert(Model::weights[239].name.view() == "118.running_var");
static_assert(std::is_same_v<Model::Output, Shape<16, 16, 8>>);

// Two activations take turns, whatever the depth: with borders of one pixel on either side at the most.
static_assert(Network<Spec, Shape<16, 16, 8>, F32, isa::Scalar>::arena_bytes == 2 * 16 * 16 * 8 * sizeof(float));
static_assert(Model::arena_bytes <= 3 * 16 * 18 * 8 * sizeof(float));

}  // namespace
