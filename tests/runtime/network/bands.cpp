// Large tensors that flow from step to step in bands of rows.
#include "agree.hpp"

using namespace ctnn;

namespace {

/// Whether the native kernels need far less memory than tensors that lie whole between the layers.
template <class Spec, class In>
inline constexpr bool needs_little =
    isa::Native::lanes == 1 || 3 * Network<Spec, In>::arena_bytes < 2 * Network<Spec, In>::Reference::arena_bytes;

using In = Shape<65, 61, 8>;
template <class... Options>
using Expanded = Sequential<Conv2d<72>, ReLU6, DepthwiseConv2d<Options...>, ReLU, Conv2d<8>>;

}  // namespace

TEST_CASE("an inverted residual in bands") {
  using Spec = Residual<Expanded<Kernel<3>, Padding<1>>>;
  static_assert(needs_little<Spec, In>);
  instruction_sets_agree<Spec, In>(8 + 9 + 72);
}
TEST_CASE("bands of a window that strides and overhangs") {
  using Spec = Expanded<Kernel<5>, Stride<2>, Padding<3, 1, 2, 2>>;
  static_assert(needs_little<Spec, In>);
  instruction_sets_agree<Spec, In>(8 + 25 + 72);
}
TEST_CASE("bands of pools") {
  using Spec = Sequential<Conv2d<72>, MaxPool2d<Kernel<3>, Stride<2>, Padding<1>, CeilMode>, Conv2d<8>>;
  static_assert(needs_little<Spec, Shape<64, 61, 8>>);
  instruction_sets_agree<Spec, Shape<64, 61, 8>>(8 + 72);
  using Means = Sequential<Conv2d<72>, AvgPool2d<Kernel<2>, Stride<1>>, AvgPool2d<Kernel<3>>, Conv2d<8>>;
  static_assert(needs_little<Means, Shape<64, 61, 8>>);
  instruction_sets_agree<Means, Shape<64, 61, 8>>(8 + 4 + 9 + 72);
}
TEST_CASE("a long band of convolutions of every kind") {
  using Spec = Sequential<Conv2d<72, Kernel<3>, Padding<1>, Use<Algorithm::direct>>,
                          DepthwiseConv2d<Kernel<3>, Dilation<2>, Padding<2>>, Conv2d<72, Groups<4>>, Tanh,
                          DepthwiseConv2d<Kernel<3>, Stride<2>>, Conv2d<3, Kernel<1>, Stride<2>>>;
  static_assert(needs_little<Spec, Shape<66, 60, 3>>);
  instruction_sets_agree<Spec, Shape<66, 60, 3>>(27 + 9 + 18 + 9 + 72);
}
