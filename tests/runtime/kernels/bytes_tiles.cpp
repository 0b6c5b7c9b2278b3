#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto tiles = Algorithm::tiles;
constexpr Convolution2d three = convolution({4, 9, 5}, 17, square(3));
constexpr Convolution2d one = convolution({3, 7, 8}, 33, Window{});
constexpr Convolution2d one_strided = convolution({5, 7, 6}, 9, {.stride_height = 2, .stride_width = 2});
}  // namespace

TEST_CASE("bytes: tiles, 3 x 3", "[bytes]") {
  check<ctnn::Int8, tiles, three>();
  check<ctnn::UInt8, tiles, three, Borders::wide>();
}

TEST_CASE("bytes: tiles, 1 x 1", "[bytes]") {
  check<ctnn::Int8, tiles, one>();
  check<ctnn::Int8, tiles, one_strided>();
  check<ctnn::QLinearInt8, tiles, one_strided, Borders::wide>();
}
