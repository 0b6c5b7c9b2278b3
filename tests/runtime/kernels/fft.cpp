#include "check.hpp"

using namespace kernel_tests;

namespace {
template <Convolution2d g, Borders borders = Borders::tight, Addend addend = Addend::nothing>
void fft() {
  check<Algorithm::fft, g, borders, addend>();
}
constexpr auto wide = Borders::wide;
constexpr Window asymmetric{.height = 5, .width = 7, .pad_top = 4, .pad_bottom = 0, .pad_left = 1, .pad_right = 6};
constexpr Window far{.height = 9, .width = 2, .pad_top = 20, .pad_bottom = 3, .pad_left = 1, .pad_right = 19};
constexpr Convolution2d uneven = convolution({19, 15, 17}, 33, asymmetric);

// Weights can be transformed at compile time: the mean of a window of ones, and of one that cancels.
constexpr double mean(double last) {
  std::array<double, 25> taps{};
  for (double& tap : taps) tap = 1.0;
  taps[24] = last;
  std::array<double, ctnn::kernels::fft_points> points{};
  ctnn::kernels::Fourier<5, 5>::weight(taps.data(), points);
  return points[378];
}
static_assert(mean(1.0) == 25.0 / 256.0 && mean(-24.0) == 0.0);
}  // namespace

TEST_CASE("Fourier convolution: windows, and images around the tiles") {
  fft<convolution({12, 24, 2}, 5, square(5))>();   // whole tiles
  fft<convolution({13, 11, 3}, 17, square(5))>();  // an output more, an output less
  fft<convolution({3, 2, 3}, 4, square(7))>();     // smaller than the window
  fft<convolution({16, 17, 1}, 1, {.height = 7, .width = 7})>();
  fft<convolution({4, 9, 16}, 16, square(13))>();
  fft<convolution({20, 1, 15}, 16, {.height = 11, .width = 1})>();
}

TEST_CASE("Fourier convolution: padding, borders, residuals") {
  fft<uneven>();
  fft<convolution({5, 6, 3}, 4, far)>();
  fft<uneven, wide, Addend::shifted>();
}

TEST_CASE("Fourier convolution: tiles in several blocks, weights beyond L2") {
  fft<convolution({30, 40, 40}, 41, square(9))>();
}
