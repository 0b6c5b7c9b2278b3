#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto tiles = Algorithm::tiles;
constexpr Convolution2d five = convolution({5, 6, 7}, 33, square(5));
constexpr Convolution2d strided = convolution({7, 9, 3}, 8, uneven_window);
constexpr Convolution2d dilated = convolution({7, 9, 5}, 17, dilated_window);
constexpr Convolution2d padding_over_kernel = convolution({2, 3, 3}, 16, window_in_padding);
constexpr Convolution2d two_groups = convolution({3, 6, 10}, 34, square(3), 2);
constexpr Convolution2d few_rows = convolution({5, 6, 128}, 40, square(3));          // of a tile, whose weights fill L1
constexpr Convolution2d three_groups = convolution({3, 18, 36}, 144, square(3), 3);  // of three columns
}  // namespace

TEST_CASE("bytes: tiles, windows", "[bytes]") {
  check<ctnn::Int8, tiles, five>();
  check<ctnn::UInt8, tiles, strided, Borders::wide>();
  check<ctnn::Int8, tiles, dilated>();
  check<ctnn::QLinearInt8, tiles, padding_over_kernel>();
}

TEST_CASE("bytes: tiles of few rows", "[bytes]") { check<ctnn::Int8, tiles, few_rows>(); }

TEST_CASE("bytes: tiles, groups", "[bytes]") {
  check<ctnn::Int8, tiles, two_groups>();
  check<ctnn::UInt8, tiles, three_groups, Borders::wide>();
}
