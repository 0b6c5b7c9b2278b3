#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto depthwise = Algorithm::lanewise;
template <std::size_t channels>
constexpr Convolution2d three = convolution({5, 4, channels}, channels, square(3), channels);
template <std::size_t channels>
constexpr Convolution2d strided = convolution(
    {7, 8, channels}, channels,
    {.height = 3, .width = 3, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1}, channels);
constexpr Convolution2d tall = convolution({19, 3, 64}, 64, square(3), 64);  // two bands of rows, the last one odd
constexpr Convolution2d five = convolution({4, 5, 64}, 64, square(5), 64);
}  // namespace

TEST_CASE("bytes: depthwise convolution, blocks of channels and what is left of them", "[bytes]") {
  check<ctnn::UInt8, depthwise, three<58>, Borders::wide>();
  check<ctnn::Int8, depthwise, strided<83>>();
  check<ctnn::QLinearInt8, depthwise, five>();
  check<ctnn::Int8, depthwise, tall>();
}

TEST_CASE("bytes: depthwise convolution, pixels of a vector of channels", "[bytes]") {
  check<ctnn::Int8, depthwise, three<16>>();
  check<ctnn::UInt8, depthwise, strided<16>>();
}
