#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto depthwise = Algorithm::lanewise;
template <std::size_t channels>
constexpr Convolution2d three = convolution({5, 4, channels}, channels, square(3), channels);
constexpr Convolution2d strided = convolution(
    {9, 8, 18}, 18, {.height = 3, .width = 3, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1}, 18);
}  // namespace

TEST_CASE("bytes: depthwise convolution, channels around vectors", "[bytes]") {
  check<ctnn::Int8, depthwise, three<3>>();
  check<ctnn::UInt8, depthwise, three<17>, Borders::wide>();
  check<ctnn::Int8, depthwise, three<32>>();
}

TEST_CASE("bytes: depthwise convolution, strides", "[bytes]") { check<ctnn::Int8, depthwise, strided>(); }
