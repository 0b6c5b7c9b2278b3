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
template <std::size_t height>
constexpr Convolution2d strided_pairs = convolution(  // an even row: two columns are one tile's
    {height, 8, 80}, 80, {.height = 3, .width = 3, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1},
    80);
constexpr Convolution2d strided_five = convolution({9, 8, 64}, 64, kernel_tests::with_stride(square(5), 2), 64);
template <std::size_t height>  // upright taps of one band of rows, and of two that overlap
constexpr Convolution2d tall_five = convolution({height, 7, 20}, 20, square(5), 20);
constexpr Convolution2d flat_five =
    convolution({6, 6, 18}, 18, {.height = 3, .width = 5, .pad_top = 1, .pad_left = 2}, 18);
constexpr Convolution2d five = convolution({4, 5, 64}, 64, square(5), 64);
}  // namespace

TEST_CASE("bytes: depthwise convolution, blocks of channels and what is left of them", "[bytes]") {
  check<ctnn::UInt8, depthwise, three<58>, Borders::wide>();
  check<ctnn::Int8, depthwise, strided<83>>();
  check<ctnn::QLinearInt8, depthwise, five>();
  check<ctnn::Int8, depthwise, tall>();
}

TEST_CASE("bytes: depthwise convolution, columns that share pairs", "[bytes]") {
  check<ctnn::Int8, depthwise, strided_pairs<7>>();
  check<ctnn::UInt8, depthwise, strided_pairs<10>, Borders::wide>();
  check<ctnn::Int8, depthwise, strided_five>();
}

TEST_CASE("bytes: depthwise convolution, upright taps", "[bytes]") {
  check<ctnn::Int8, depthwise, tall_five<3>>();
  check<ctnn::UInt8, depthwise, tall_five<9>, Borders::wide>();
  check<ctnn::QLinearInt8, depthwise, flat_five>();
}

TEST_CASE("bytes: depthwise convolution, pixels of a vector of channels", "[bytes]") {
  check<ctnn::Int8, depthwise, three<16>>();
  check<ctnn::UInt8, depthwise, strided<16>>();
}
