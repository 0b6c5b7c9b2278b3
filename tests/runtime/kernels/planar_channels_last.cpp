#include "check.hpp"

using namespace kernel_tests;

// Of a channels-last input the planar kernel makes planes itself, here of all rows at once.

namespace {
template <Convolution2d g, Borders borders = Borders::tight>
void from_channels_last() {
  check<Algorithm::planar, g, borders, Addend::nothing, false, true>();
}
template <std::size_t Channels, std::size_t... Width>
void widths() {
  (from_channels_last<convolution({5, Width, Channels}, 3, square(3))>(), ...);
}
}  // namespace

TEST_CASE("planar convolution of a channels-last input: widths and channels") {
  widths<2, 15, 16, 17, 33>();
  widths<3, 8, 18, 31, 40>();
  widths<8, 16, 35>();
  from_channels_last<convolution({4, 15, 2}, 3, {.height = 2, .width = 2, .pad_left = 1, .pad_right = 1})>();
}
