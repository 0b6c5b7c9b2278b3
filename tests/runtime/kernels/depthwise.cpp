#include "check.hpp"

using namespace kernel_tests;

namespace {
constexpr auto lanewise = Algorithm::lanewise;
constexpr auto wide = Borders::wide;

template <std::size_t... Channels>
void depthwise_channels() {
  (check<lanewise, convolution({3, 5, Channels}, Channels, square(3), Channels)>(), ...);
}
template <std::size_t... Width>
void depthwise_widths() {
  (check<lanewise, convolution({2, Width, 5}, 5, square(3), 5)>(), ...);
}
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

TEST_CASE("depthwise convolution: channels around the vector widths") {
  depthwise_channels<3, 4, 7, 8, 9>();
  depthwise_channels<15, 16, 17, 32, 33, 65>();
}
TEST_CASE("depthwise convolution: widths around the tiles") { depthwise_widths<1, 3, 7, 8, 9, 14, 15, 17, 33>(); }

TEST_CASE("depthwise convolution: windows, borders and residuals") {
  check<lanewise, strided>();
  check<lanewise, dilated>();
  check<lanewise, depthwise, wide>();
  check<lanewise, strided, wide, Addend::aligned>();
  check<lanewise, depthwise, Borders::tight, Addend::aligned>();
  check<lanewise, depthwise, Borders::tight, Addend::shifted>();
  check<lanewise, dilated, wide, Addend::shifted>();
}
