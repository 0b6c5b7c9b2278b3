// Tensors that lie in others: what is concatenated, and slices of channels.
#include "agree.hpp"

using namespace ctnn;

namespace {

template <std::size_t Outputs>
using Conv3 = Conv2d<Outputs, Kernel<3>, Padding<1>>;
using Depthwise = DepthwiseConv2d<Kernel<3>, Padding<1>>;

/// Arena size in floats, on the scalar kernels: without borders.
template <class Spec, class In>
inline constexpr std::size_t arena = Network<Spec, In, F32, isa::Scalar>::arena_bytes / sizeof(float);

// Branches write into the concatenation, here the network's output; slices are read where they lie.
static_assert(arena<Concat<Conv2d<16>, Conv3<16>>, Shape<4, 4, 16>> == 0);
static_assert(arena<Sequential<Concat<Conv2d<16>, Conv3<16>>, Conv2d<16>>, Shape<4, 4, 16>> == 16 * 32);
static_assert(arena<Sequential<Conv3<32>, Split<Conv2d<16>, Conv2d<16>>>, Shape<4, 4, 16>> == 16 * 32);

}  // namespace

TEST_CASE("branches of every kind write into a concatenation with borders") {
  using Fire =
      Concat<Conv2d<5>, Sequential<Conv3<19>, ReLU>, Sequential<Depthwise, Tanh>, Identity,
             Sequential<MaxPool2d<Kernel<3>, Stride<1>, Padding<1>>, Conv2d<3>>, Sequential<Conv2d<8>, Conv3<8>>>;
  instruction_sets_agree<Sequential<Conv3<7>, Fire, Conv3<9>>, Shape<6, 9, 3>>(1 + 63 + 63 + 9 + 9 * 49);
}
TEST_CASE("slices are read by convolutions, with padding and without") {
  using Unit = Sequential<Split<Identity, Sequential<Conv2d<12>, ReLU, Depthwise, Conv2d<12>>>, ChannelShuffle<2>>;
  instruction_sets_agree<Sequential<Conv3<24>, Unit, Unit, Split<Depthwise, Conv3<5>>>, Shape<5, 8, 4>>(600);
}
TEST_CASE("slices of the network's input, as its output, and of a concatenation") {
  instruction_sets_agree<Split<Conv2d<3>, Conv2d<4>>, Shape<5, 6, 8>>(5);
  instruction_sets_agree<Sequential<Conv2d<6>, ChannelSlice<2, 1>>, Shape<5, 6, 3>>(4);
  instruction_sets_agree<Sequential<Concat<Conv2d<6>, Conv2d<4>>, Split<Conv2d<3>, Conv2d<4>>>, Shape<5, 6, 3>>(9);
}
TEST_CASE("concatenations in concatenations, of a tensor that others read too") {
  using Inner = Concat<Conv2d<4>, Conv3<4>>;
  instruction_sets_agree<Sequential<Concat<Inner, Conv2d<8>, Sequential<Inner, Conv2d<8>>>, Conv2d<4>>, Shape<5, 6, 3>>(
      80);
  using Dense = Concat<Identity, Conv3<5>>;
  instruction_sets_agree<Sequential<Conv2d<6>, Dense, Dense, Residual<Concat<Conv2d<8>, Conv2d<8>>>, Conv3<3>>,
                         Shape<5, 6, 3>>(400);
}
TEST_CASE("what a depthwise convolution reads has gaps between its pixels") {
  instruction_sets_agree<Sequential<Conv2d<256>, ReLU, Depthwise, Depthwise, Conv2d<5>>, Shape<5, 9, 3>>(300);
  using Residuals = Sequential<Conv2d<256>, Residual<Sequential<Depthwise, ReLU, Depthwise>>, Depthwise, Conv2d<5>>;
  instruction_sets_agree<Residuals, Shape<5, 9, 3>>(300);
}
TEST_CASE("a band ends in a concatenation") {
  using Spec = Sequential<Concat<Sequential<Conv2d<72>, ReLU6, Depthwise, ReLU, Conv2d<5>>, Conv2d<6>>, Conv3<3>>;
  instruction_sets_agree<Spec, Shape<65, 61, 8>>(8 + 9 + 72 + 99);
}
