#include "golden/pool.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("MaxPool2d: windows", "[pool]") {
  check<MaxPool2d<Kernel<2>>, Shape<6, 8, 5>>(golden::max_2);
  check<MaxPool2d<Kernel<2>>, Shape<7, 9, 17>>(golden::max_2_odd_size);
  check<MaxPool2d<Kernel<3>, Stride<2>>, Shape<9, 8, 8>>(golden::max_3_stride_2);
  check<MaxPool2d<Kernel<3>, Stride<2>, Padding<1>>, Shape<8, 7, 33>>(golden::max_3_stride_2_padded);
  check<MaxPool2d<Kernel<3, 2>, Stride<2, 1>, Padding<1, 0>>, Shape<7, 6, 3>>(golden::max_3_by_2);
  check<MaxPool2d<Kernel<2>, Stride<3>>, Shape<9, 8, 5>>(golden::max_stride_over_kernel);
  check<MaxPool2d<Kernel<3>, Stride<1>, Dilation<2>>, Shape<9, 8, 16>>(golden::max_dilation);
  check<MaxPool2d<Kernel<3>, Stride<2>, Padding<1>, Dilation<2, 3>>, Shape<9, 10, 5>>(
      golden::max_dilation_padded_stride);
  check<MaxPool2d<Kernel<3>, Stride<2>, SamePadding>, Shape<7, 8, 5>>(golden::max_same_stride_2);
  check<MaxPool2d<Kernel<2>, Stride<1>, SamePadding>, Shape<5, 4, 8>>(golden::max_same_kernel_2);
  check<MaxPool2d<Kernel<3>, Stride<2>, Padding<1, 0, 0, 1>>, Shape<6, 5, 8>>(golden::max_asymmetric);
}

TEST_CASE("MaxPool2d: ceil mode", "[pool]") {
  check<MaxPool2d<Kernel<2>, CeilMode>, Shape<5, 6, 3>>(golden::max_ceil);
  check<MaxPool2d<Kernel<3>, Stride<2>, CeilMode>, Shape<6, 8, 8>>(golden::max_ceil_3_stride_2);
  check<MaxPool2d<Kernel<2>, Stride<2>, Padding<1>, CeilMode>, Shape<3, 5, 5>>(
      golden::max_ceil_window_in_padding_dropped);
  check<MaxPool2d<Kernel<1>, Stride<3>, CeilMode>, Shape<5, 7, 5>>(golden::max_ceil_stride_over_kernel);
  check<MaxPool2d<Kernel<3>, Stride<2>, Padding<1>, CeilMode>, Shape<6, 7, 17>>(golden::max_ceil_padded);
  check<MaxPool2d<Kernel<2>, Stride<3>, Dilation<2>, CeilMode>, Shape<8, 9, 3>>(golden::max_ceil_dilated);
}

TEST_CASE("MaxPool2d between padded convolutions", "[pool]") {
  using Spec = Sequential<Conv2d<8, Kernel<3>, Padding<1>>, ReLU, MaxPool2d<Kernel<2>>,
                          Conv2d<5, Kernel<3>, Padding<1>>, MaxPool2d<Kernel<3>, Stride<2>, Padding<1>>>;
  check<Spec, Shape<6, 6, 3>>(golden::max_of_padded_conv);
}

TEST_CASE("AvgPool2d: what counts", "[pool]") {
  check<AvgPool2d<Kernel<2>>, Shape<6, 8, 5>>(golden::average_2);
  check<AvgPool2d<Kernel<3>, Stride<2>>, Shape<9, 8, 17>>(golden::average_3_stride_2);
  check<AvgPool2d<Kernel<3>, Stride<2>, Padding<1>>, Shape<7, 6, 8>>(golden::average_padded);
  check<AvgPool2d<Kernel<3>, Stride<2>, Padding<1>, ExcludePadding>, Shape<7, 6, 8>>(golden::average_padded_excluded);
  check<AvgPool2d<Kernel<3>, Stride<2>, Padding<1>, Divisor<5>>, Shape<6, 7, 3>>(golden::average_divisor);
  check<AvgPool2d<Kernel<3>, Stride<1>, Padding<1>, ExcludePadding, Divisor<4>>, Shape<5, 5, 3>>(
      golden::average_excluded_divisor);
  check<AvgPool2d<Kernel<3>, Stride<2>, SamePadding, ExcludePadding>, Shape<7, 8, 5>>(golden::average_same_excluded);
  check<AvgPool2d<Kernel<3>, Stride<2>, SamePadding>, Shape<7, 8, 5>>(golden::average_same);
  check<AvgPool2d<Kernel<3, 2>, Stride<1, 2>, Padding<1, 0, 0, 1>>, Shape<5, 6, 8>>(golden::average_asymmetric);
}

TEST_CASE("AvgPool2d: ceil mode", "[pool]") {
  check<AvgPool2d<Kernel<2>, CeilMode>, Shape<5, 6, 33>>(golden::average_ceil);
  check<AvgPool2d<Kernel<3>, Stride<2>, Padding<1>, CeilMode>, Shape<6, 7, 5>>(golden::average_ceil_padded);
  check<AvgPool2d<Kernel<4>, Stride<3>, Padding<1>, CeilMode>, Shape<6, 8, 5>>(golden::average_ceil_hangs_over_padding);
  check<AvgPool2d<Kernel<4>, Stride<3>, Padding<1>, CeilMode, ExcludePadding>, Shape<6, 8, 5>>(
      golden::average_ceil_padded_excluded);
  check<AvgPool2d<Kernel<4>, Stride<3>, Padding<1>, CeilMode, Divisor<7>>, Shape<6, 8, 5>>(
      golden::average_ceil_divisor);
  check<AvgPool2d<Kernel<2>, Stride<2>, Padding<1>, CeilMode>, Shape<3, 5, 5>>(
      golden::average_ceil_window_in_padding_dropped);
}

TEST_CASE("adaptive pools, also where sizes do not divide", "[pool]") {
  check<AdaptiveAvgPool2d<3>, Shape<7, 7, 5>>(golden::adaptive_average_7_to_3);
  check<AdaptiveAvgPool2d<3, 5>, Shape<8, 13, 8>>(golden::adaptive_average_3_by_5);
  check<AdaptiveAvgPool2d<3, 7>, Shape<2, 3, 5>>(golden::adaptive_average_enlarging);
  check<AdaptiveMaxPool2d<4>, Shape<5, 7, 17>>(golden::adaptive_max_5_to_4);
  check<AdaptiveMaxPool2d<3, 2>, Shape<8, 7, 3>>(golden::adaptive_max_3_by_2);
}

TEST_CASE("global pools", "[pool]") {
  check<GlobalAvgPool2d, Shape<7, 9, 33>>(golden::global_average);
  check<GlobalMaxPool2d, Shape<7, 9, 16>>(golden::global_max);
  check<Sequential<Conv2d<17, Kernel<3>, Padding<1>>, ReLU, GlobalAvgPool2d, Flatten, Linear<10>>, Shape<6, 5, 3>>(
      golden::global_average_linear);
}
