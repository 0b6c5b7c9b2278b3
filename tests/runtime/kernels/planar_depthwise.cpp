#include "check.hpp"

using namespace kernel_tests;

namespace {
constexpr auto planar = Algorithm::planar;

template <Convolution2d g, Borders borders = Borders::tight>
void planar_both() {
  check<planar, g, borders, Addend::nothing, true, true>();
}
template <std::size_t... Height>
void heights() {
  (planar_both<convolution({Height, 18, 2}, 2, square(3), 2)>(), ...);
}
template <std::size_t... Width>
void widths() {
  (planar_both<convolution({3, Width, 3}, 3, square(3), 3)>(), ...);
}
constexpr Convolution2d uneven =
    convolution({5, 17, 2}, 2, {.height = 3, .width = 4, .pad_top = 1, .pad_left = 2, .pad_right = 1}, 2);
constexpr Convolution2d dilated = convolution({14, 19, 3}, 3,
                                              {.height = 2,
                                               .width = 3,
                                               .dilation_height = 3,
                                               .dilation_width = 2,
                                               .pad_top = 4,
                                               .pad_bottom = 1,
                                               .pad_left = 4,
                                               .pad_right = 3},
                                              3);
constexpr Convolution2d by_two = convolution(
    {21, 37, 5}, 5,
    {.height = 3, .width = 3, .stride_height = 2, .stride_width = 2, .pad_bottom = 1, .pad_left = 1, .pad_right = 1},
    5);
constexpr Convolution2d rows_skipped =
    convolution({9, 16, 7}, 7, {.height = 2, .width = 1, .stride_height = 3, .pad_top = 1, .pad_bottom = 1}, 7);
}  // namespace

TEST_CASE("planar depthwise convolution: heights around the tiles, widths around the vectors") {
  heights<1, 2, 3, 4, 5, 7, 8, 9, 17>();
  widths<4, 7, 8, 9, 15, 16, 17, 31, 33>();
}
TEST_CASE("planar depthwise convolution: windows") {
  planar_both<uneven>();
  planar_both<dilated>();
  planar_both<by_two>();
  planar_both<rows_skipped>();
  planar_both<convolution({9, 20, 6}, 6, square(5), 6)>();
}
TEST_CASE("planar depthwise convolution: borders around input and output") {
  planar_both<uneven, Borders::wide>();
  planar_both<dilated, Borders::wide>();
  planar_both<by_two, Borders::wide>();
  planar_both<rows_skipped, Borders::wide>();
}
