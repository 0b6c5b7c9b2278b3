#include "golden/conv_groups.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("DepthwiseConv2d: every channel by itself", "[conv]") {
  check<DepthwiseConv2d<Kernel<3>>, Shape<6, 5, 17>>(golden::depthwise_17);
  check<DepthwiseConv2d<Kernel<3>, Padding<1>>, Shape<5, 7, 33>>(golden::depthwise_33_padded);
  check<DepthwiseConv2d<Kernel<3>, Stride<2>, Padding<1>>, Shape<9, 8, 8>>(golden::depthwise_8_stride_2);
  check<DepthwiseConv2d<Kernel<3>>, Shape<4, 13, 3>>(golden::depthwise_3);
  check<DepthwiseConv2d<Kernel<3>>, Shape<4, 5, 1>>(golden::depthwise_1);
  check<DepthwiseConv2d<Kernel<5>, SamePadding>, Shape<7, 6, 16>>(golden::depthwise_kernel_5_same);
  check<DepthwiseConv2d<Kernel<3>, Dilation<2>, Padding<2>>, Shape<8, 9, 5>>(golden::depthwise_dilated);
  check<DepthwiseConv2d<Kernel<3, 1>, Padding<1, 0>>, Shape<6, 5, 17>>(golden::depthwise_kernel_3_by_1);
  check<DepthwiseConv2d<Kernel<3>, NoBias>, Shape<4, 5, 16>>(golden::depthwise_no_bias);
}

TEST_CASE("DepthwiseConv2d: several outputs per channel", "[conv]") {
  check<DepthwiseConv2d<Kernel<3>, ChannelMultiplier<2>>, Shape<5, 4, 5>>(golden::depthwise_multiplier_2);
  check<DepthwiseConv2d<Kernel<3>, ChannelMultiplier<3>, Padding<1>>, Shape<4, 5, 8>>(golden::depthwise_multiplier_3);
  check<DepthwiseConv2d<Kernel<3>, ChannelMultiplier<2>, Stride<2>, Padding<1>>, Shape<3, 6, 17>>(
      golden::depthwise_multiplier_2_of_17);
}

TEST_CASE("DepthwiseSeparableConv2d: depthwise, then pointwise", "[conv]") {
  check<DepthwiseSeparableConv2d<17, Kernel<3>, Padding<1>>, Shape<6, 7, 8>>(golden::separable);
  check<DepthwiseSeparableConv2d<16, Kernel<3>, Stride<2>, Padding<1>, NoBias>, Shape<7, 8, 5>>(
      golden::separable_no_bias_stride_2);
  using Chain = Sequential<DepthwiseSeparableConv2d<8, Kernel<3>, Padding<1>>, ReLU6,
                           DepthwiseSeparableConv2d<33, Kernel<3>, Stride<2>, Padding<1>>, ReLU6>;
  check<Chain, Shape<6, 6, 3>>(golden::separable_chain);
}
