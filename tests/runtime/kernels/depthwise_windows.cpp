#include "check.hpp"

using namespace kernel_tests;

namespace {
constexpr auto lanewise = Algorithm::lanewise;
constexpr auto wide = Borders::wide;
constexpr Convolution2d depthwise = convolution({4, 9, 19}, 19, square(3), 19);
constexpr Convolution2d strided = convolution({7, 10, 17}, 17,
                                              {.height = 3,
                                               .width = 3,
                                               .stride_height = 2,
                                               .stride_width = 2,
                                               .pad_top = 0,
                                               .pad_bottom = 1,
                                               .pad_left = 1,
                                               .pad_right = 1},
                                              17);
constexpr Convolution2d dilated = convolution(
    {7, 9, 8}, 8, {.height = 3, .width = 2, .dilation_height = 2, .dilation_width = 3, .pad_top = 2, .pad_left = 3}, 8);
}  // namespace

TEST_CASE("depthwise convolution: windows, borders and residuals") {
  check<lanewise, strided>();
  check<lanewise, dilated>();
  check<lanewise, depthwise, wide>();
  check<lanewise, strided, wide, Addend::aligned>();
  check<lanewise, depthwise, Borders::tight, Addend::aligned>();
  check<lanewise, depthwise, Borders::tight, Addend::shifted>();
  check<lanewise, dilated, wide, Addend::shifted>();
}
