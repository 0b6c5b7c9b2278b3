#include "golden/conv_window.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("Conv2d: kernel sizes", "[conv]") {
  check<Conv2d<5>, Shape<3, 4, 3>>(golden::kernel_1);
  check<Conv2d<8, Kernel<3>>, Shape<7, 6, 5>>(golden::kernel_3);
  check<Conv2d<3, Kernel<5>>, Shape<9, 11, 1>>(golden::kernel_5);
  check<Conv2d<16, Kernel<3, 5>>, Shape<5, 9, 8>>(golden::kernel_3_by_5);
  check<Conv2d<5, Kernel<1, 3>>, Shape<1, 13, 8>>(golden::one_row);
  check<Conv2d<16, Kernel<3, 1>>, Shape<13, 1, 8>>(golden::one_column);
  check<Conv2d<16, Kernel<5, 4>>, Shape<5, 4, 3>>(golden::kernel_of_image_size);
}

TEST_CASE("Conv2d: strides", "[conv]") {
  check<Conv2d<17, Kernel<3>, Stride<2>>, Shape<9, 8, 3>>(golden::stride_2);
  check<Conv2d<8, Kernel<3>, Stride<2, 1>>, Shape<8, 7, 16>>(golden::stride_2_by_1);
  check<Conv2d<5, Kernel<2>, Stride<3>>, Shape<11, 10, 5>>(golden::stride_over_kernel);
  check<Conv2d<5, Kernel<2>, Stride<7>>, Shape<4, 5, 3>>(golden::stride_over_kernel_and_image);
}

TEST_CASE("Conv2d: channels", "[conv]") {
  check<Conv2d<33, Kernel<3>, NoBias>, Shape<4, 5, 5>>(golden::no_bias);
  check<Conv2d<17>, Shape<1, 1, 33>>(golden::one_pixel);
  check<Conv2d<8, Kernel<3>, Padding<1>>, Shape<1, 1, 8>>(golden::one_pixel_padded);
  check<Conv2d<33, Kernel<3>, Padding<1>>, Shape<3, 13, 17>>(golden::wide_channels);
  check<Conv2d<1, Kernel<3>>, Shape<5, 6, 16>>(golden::one_output_channel);
  check<Conv2d<1, Kernel<3>, Padding<1>>, Shape<7, 13, 1>>(golden::one_channel_each_way);
}

TEST_CASE("PointwiseConv2d mixes channels", "[conv]") {
  check<PointwiseConv2d<16>, Shape<5, 7, 33>>(golden::pointwise);
  check<PointwiseConv2d<33, Stride<2>>, Shape<5, 7, 16>>(golden::pointwise_stride_2);
  check<PointwiseConv2d<8, Padding<1>>, Shape<2, 3, 5>>(golden::pointwise_padded);
}

TEST_CASE("Conv2d: dilation", "[conv]") {
  check<Conv2d<8, Kernel<3>, Dilation<2>>, Shape<9, 8, 5>>(golden::dilation_2);
  check<Conv2d<16, Kernel<3>, Dilation<2, 1>>, Shape<9, 8, 3>>(golden::dilation_2_by_1);
  check<Conv2d<5, Kernel<2, 3>, Stride<2>, Dilation<1, 3>, Padding<1, 3>>, Shape<5, 13, 8>>(
      golden::dilation_1_by_3_stride_2_padded);
}
