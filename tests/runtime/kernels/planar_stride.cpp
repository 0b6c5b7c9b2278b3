#include "check.hpp"

using namespace kernel_tests;

namespace {
constexpr auto planar = Algorithm::planar;

template <Convolution2d g, Borders borders = Borders::tight>
void planar_both() {
  check<planar, g, borders, Addend::nothing, true, true>();
}
/// A 3 x 3 window that moves by 2, with that padding left and right.
constexpr Window by_two(std::size_t left, std::size_t right) {
  return {.height = 3,
          .width = 3,
          .stride_height = 2,
          .stride_width = 2,
          .pad_top = 1,
          .pad_bottom = 1,
          .pad_left = left,
          .pad_right = right};
}
template <std::size_t... Width>
void widths() {
  (planar_both<convolution({3, Width, 2}, 3, by_two(1, 1))>(), ...);
}
constexpr Convolution2d uneven = convolution({6, 37, 3}, 7,
                                             {.height = 2,
                                              .width = 5,
                                              .stride_height = 2,
                                              .stride_width = 2,
                                              .dilation_width = 2,
                                              .pad_top = 1,
                                              .pad_left = 4,
                                              .pad_right = 3});
constexpr Convolution2d narrower_than_stride =
    convolution({4, 35, 2}, 5, {.height = 1, .width = 1, .stride_height = 3, .stride_width = 2});
}  // namespace

TEST_CASE("planar convolution by two pixels: widths around the vectors") {
  widths<7, 8, 9, 10, 15, 16, 17, 18>();
  widths<31, 32, 33, 34, 47, 63, 65, 66>();
}
TEST_CASE("planar convolution by two pixels: padding on either side") {
  planar_both<convolution({5, 36, 3}, 5, by_two(0, 0))>();
  planar_both<convolution({5, 36, 3}, 5, by_two(0, 1))>();
  planar_both<convolution({5, 36, 3}, 5, by_two(1, 0))>();
  planar_both<convolution({5, 35, 3}, 5, by_two(2, 2))>();
}
TEST_CASE("planar convolution by two pixels: windows, and borders around input and output") {
  planar_both<uneven>();
  planar_both<narrower_than_stride>();
  planar_both<uneven, Borders::wide>();
  planar_both<narrower_than_stride, Borders::wide>();
}
TEST_CASE("planar convolution by two pixels: channels") {
  planar_both<convolution({3, 40, 1}, 6, by_two(0, 1))>();
  planar_both<convolution({3, 40, 3}, 8, by_two(0, 1))>();
  planar_both<convolution({3, 40, 8}, 1, by_two(1, 1))>();
}
