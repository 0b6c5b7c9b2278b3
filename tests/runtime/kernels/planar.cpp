#include "check.hpp"

using namespace kernel_tests;

namespace {
constexpr auto planar = Algorithm::planar;

template <Convolution2d g, Borders borders = Borders::tight>
void planar_both() {
  check<planar, g, borders, Addend::nothing, true, true>();
}
template <std::size_t... Width>
void widths() {
  (planar_both<convolution({2, Width, 2}, 3, square(3))>(), ...);
}
constexpr Convolution2d uneven =
    convolution({5, 17, 2}, 5, {.height = 3, .width = 4, .pad_top = 1, .pad_left = 2, .pad_right = 1});
constexpr Convolution2d dilated = convolution(
    {7, 19, 3}, 2, {.height = 2, .width = 3, .dilation_height = 3, .dilation_width = 2, .pad_left = 4, .pad_right = 3});
constexpr Convolution2d rows_skipped =
    convolution({9, 16, 1}, 7, {.height = 3, .width = 3, .stride_height = 2, .pad_top = 2, .pad_bottom = 1});
}  // namespace

TEST_CASE("planar convolution: widths around the vectors") {
  widths<4, 5, 7, 8, 9, 15, 16, 17>();
  widths<23, 31, 32, 33, 47, 65>();
}
TEST_CASE("planar convolution: pairs of rows share the last vector") {
  planar_both<convolution({7, 26, 5}, 5, {.height = 3, .width = 3})>();
  planar_both<convolution({8, 20, 2}, 5, square(3)), Borders::wide>();
  planar_both<convolution({6, 33, 1}, 3, square(3))>();
  planar_both<convolution({9, 40, 1}, 2,
                          {.height = 3, .width = 3, .stride_height = 2, .pad_left = 1, .pad_right = 1})>();
}
TEST_CASE("planar convolution: windows") {
  planar_both<uneven>();
  planar_both<dilated>();
  planar_both<rows_skipped>();
}
TEST_CASE("planar convolution: borders around input and output") {
  planar_both<uneven, Borders::wide>();
  planar_both<dilated, Borders::wide>();
  planar_both<rows_skipped, Borders::wide>();
}
