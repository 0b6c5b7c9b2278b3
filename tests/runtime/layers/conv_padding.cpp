#include "golden/conv_padding.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("Conv2d: zeros around the image", "[conv]") {
  check<Conv2d<16, Kernel<3>, Padding<1>>, Shape<6, 7, 8>>(golden::padding_1);
  check<Conv2d<8, Kernel<5, 3>, Padding<2, 1>>, Shape<5, 6, 3>>(golden::padding_2_by_1);
  check<Conv2d<8, Kernel<3>, Padding<0, 2>>, Shape<4, 9, 5>>(golden::padding_on_one_axis);
  check<Conv2d<17, Kernel<3>, Stride<2>, Padding<1>>, Shape<7, 8, 5>>(golden::padding_stride_2);
  check<Conv2d<5, Kernel<2>, Stride<3>, Padding<1>>, Shape<5, 6, 3>>(golden::padding_stride_3_unused_zeros);
  check<Conv2d<16, Kernel<3>, Padding<2>, Dilation<2>>, Shape<7, 6, 8>>(golden::padding_dilation_2);
}

TEST_CASE("Conv2d: padding<top, bottom, left, right>", "[conv]") {
  check<Conv2d<8, Kernel<3>, Padding<0, 1, 2, 1>>, Shape<6, 7, 5>>(golden::padding_asymmetric);
  check<Conv2d<5, Kernel<3>, Padding<0, 0, 2, 0>>, Shape<4, 8, 16>>(golden::padding_left_only);
  check<Conv2d<17, Kernel<3>, Stride<2>, Padding<0, 1, 0, 1>>, Shape<5, 5, 3>>(golden::padding_bottom_right);
}

TEST_CASE("Conv2d: more padding than the kernel reaches", "[conv]") {
  check<Conv2d<8, Kernel<3>, Padding<3>>, Shape<3, 4, 5>>(golden::padding_over_half_the_kernel);
  check<Conv2d<16, Kernel<1>, Padding<2>>, Shape<2, 2, 3>>(golden::padding_over_kernel_one_by_one);
  check<Conv2d<8, Kernel<5>, Padding<2>>, Shape<2, 3, 8>>(golden::padding_makes_kernel_fit);
}

TEST_CASE("Conv2d: SamePadding is PyTorch's at stride 1", "[conv]") {
  check<Conv2d<8, Kernel<3>, SamePadding>, Shape<5, 6, 3>>(golden::same_odd_kernel);
  check<Conv2d<8, Kernel<4>, SamePadding>, Shape<6, 5, 5>>(golden::same_even_kernel);
  check<Conv2d<5, Kernel<2, 5>, SamePadding>, Shape<4, 7, 8>>(golden::same_kernel_2_by_5);
  check<Conv2d<16, Kernel<2>, SamePadding, Dilation<3>>, Shape<7, 8, 3>>(golden::same_even_kernel_dilated);
}

TEST_CASE("Conv2d: SamePadding is TensorFlow's at other strides", "[conv]") {
  check<Conv2d<8, Kernel<3>, SamePadding, Stride<2>>, Shape<8, 8, 3>>(golden::same_stride_2_even_size);
  check<Conv2d<16, Kernel<3>, SamePadding, Stride<2>>, Shape<7, 9, 5>>(golden::same_stride_2_odd_size);
  check<Conv2d<5, Kernel<5>, SamePadding, Stride<2>>, Shape<8, 7, 3>>(golden::same_stride_2_kernel_5);
  check<Conv2d<8, Kernel<2>, SamePadding, Stride<3>>, Shape<7, 8, 5>>(golden::same_stride_over_kernel);
  check<Conv2d<8, Kernel<3>, SamePadding, Stride<2>, Dilation<2>>, Shape<9, 8, 3>>(golden::same_stride_2_dilated);
}

TEST_CASE("Conv2d: padded convolutions in series", "[conv]") {
  using Chain = Sequential<Conv2d<16, Kernel<3>, Padding<1>>, ReLU,
                           Conv2d<8, Kernel<3>, Stride<2>, Padding<1, 0, 1, 0>>, Conv2d<17, Kernel<5>, Padding<2>>>;
  check<Chain, Shape<6, 7, 8>>(golden::padded_chain);
}
