#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto depthwise = Algorithm::lanewise;
/// One more row than a tile has, so that tiles overlap.
template <std::size_t width>
constexpr Convolution2d wide = convolution({9, width + 1, 5}, 5,
                                           {.height = 2, .width = width, .pad_top = 1, .pad_bottom = 2}, 5);
constexpr Convolution2d dilated = convolution(
    {7, 9, 6}, 6,
    {.height = 3, .width = 5, .dilation_height = 2, .dilation_width = 2, .pad_top = 5, .pad_bottom = 4, .pad_left = 4},
    6);
}  // namespace

TEST_CASE("bytes: depthwise convolution, widths of windows", "[bytes]") {
  check<ctnn::Int8, depthwise, wide<1>>();
  check<ctnn::UInt8, depthwise, wide<4>>();
  check<ctnn::Int8, depthwise, wide<5>>();
  check<ctnn::Int8, depthwise, wide<9>>();
}

TEST_CASE("bytes: depthwise convolution, dilation and padding beyond the window", "[bytes]") {
  check<ctnn::QLinearInt8, depthwise, dilated>();
}
