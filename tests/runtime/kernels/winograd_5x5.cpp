#include "check.hpp"

using namespace kernel_tests;

namespace {
/// F(4 x 4, 5 x 5). Under the sanitizers GCC takes minutes for its 64 points; what differs from fewer is their number.
template <Convolution2d g, Borders borders = Borders::tight, Addend addend = Addend::nothing>
void four() {
  if constexpr (!golden::sanitized) check<Algorithm::winograd4, g, borders, addend>();
}
template <Convolution2d g, Borders borders = Borders::tight, Addend addend = Addend::nothing>
void both() {
  check<Algorithm::winograd2, g, borders, addend>();
  four<g, borders, addend>();
}
constexpr Window asymmetric{.height = 5, .width = 5, .pad_top = 3, .pad_bottom = 0, .pad_left = 1, .pad_right = 6};
}  // namespace

TEST_CASE("Winograd convolution, 5 x 5: sizes and padding") {
  both<convolution({2, 1, 1}, 1, square(5))>();
  both<convolution({8, 9, 16}, 16, square(5))>();
  both<convolution({11, 7, 17}, 33, asymmetric), Borders::wide, Addend::shifted>();
}
TEST_CASE("Winograd convolution, 5 x 5: as many channels as are selected") {
  four<convolution({5, 6, 128}, 16, square(5))>();
}
