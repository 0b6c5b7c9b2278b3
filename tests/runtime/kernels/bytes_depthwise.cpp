#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto depthwise = Algorithm::lanewise;
template <std::size_t channels>
constexpr Convolution2d three = convolution({5, 4, channels}, channels, square(3), channels);
constexpr Convolution2d strided = convolution(
    {9, 8, 18}, 18, {.height = 3, .width = 3, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1}, 18);
/// More columns than a segment of a band has, and some left.
template <std::size_t size, std::size_t stride, std::size_t width>
constexpr Convolution2d segments = convolution({6, width, 17}, 17, kernel_tests::with_stride(square(size), stride), 17);
}  // namespace

TEST_CASE("bytes: depthwise convolution, channels around vectors", "[bytes]") {
  check<ctnn::Int8, depthwise, three<3>>();
  check<ctnn::UInt8, depthwise, three<17>, Borders::wide>();
  check<ctnn::Int8, depthwise, three<32>>();
}

TEST_CASE("bytes: depthwise convolution, strides", "[bytes]") { check<ctnn::Int8, depthwise, strided>(); }

TEST_CASE("bytes: depthwise convolution, segments of rows", "[bytes]") {
  check<ctnn::Int8, depthwise, segments<3, 1, 39>>();
  check<ctnn::UInt8, depthwise, segments<3, 2, 35>, Borders::wide>();
  check<ctnn::Int8, depthwise, segments<5, 1, 37>>();
  check<ctnn::Int8, depthwise, segments<5, 2, 41>>();
}
