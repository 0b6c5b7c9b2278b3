#include "check.hpp"

using namespace kernel_tests;

namespace {
template <Convolution2d g, Borders borders = Borders::tight, Addend addend = Addend::nothing>
void both() {
  check<Algorithm::winograd2, g, borders, addend>();
  check<Algorithm::winograd4, g, borders, addend>();
}
template <std::size_t... Height>
void heights() {
  (both<convolution({Height, 3, 2}, 5, square(3))>(), ...);
}
template <std::size_t... Width>
void widths() {
  (both<convolution({2, Width, 2}, 5, square(3))>(), ...);
}
template <std::size_t... Size>
void unpadded() {
  (both<convolution({Size, Size + 1, 3}, 17, {.height = 3, .width = 3})>(), ...);
}
constexpr auto wide = Borders::wide;
constexpr Window asymmetric{.height = 3, .width = 3, .pad_top = 2, .pad_bottom = 0, .pad_left = 0, .pad_right = 1};
constexpr Window far{.height = 3, .width = 3, .pad_top = 7, .pad_bottom = 1, .pad_left = 1, .pad_right = 9};
constexpr Convolution2d uneven = convolution({9, 7, 17}, 33, asymmetric);
constexpr Convolution2d even = convolution({8, 8, 16}, 16, square(3));
}  // namespace

TEST_CASE("Winograd convolution: heights and widths around the tiles") {
  heights<1, 2, 3, 4, 5, 8, 9>();
  widths<1, 4, 6, 7, 13, 16, 33>();
  unpadded<3, 4, 6, 9>();
}

TEST_CASE("Winograd convolution: padding") {
  both<uneven>();
  both<convolution({5, 6, 3}, 4, far)>();
  both<convolution({1, 1, 3}, 4, far)>();
}

TEST_CASE("Winograd convolution: borders around input and output") {
  both<uneven, wide>();
  both<even, wide>();
}

TEST_CASE("Winograd convolution: residuals") {
  both<uneven, Borders::tight, Addend::aligned>();
  both<uneven, Borders::tight, Addend::shifted>();
  both<uneven, wide, Addend::shifted>();
  both<even, wide, Addend::aligned>();
}
