// Tiles, the processor's and emulated ones. Blocks of two by two tiles, of four by one where a column is left, and what
// is left of both; rows of a tile that end where the image does; steps of equal parts, with and without filling.
#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto tiles = Algorithm::tiles;
// some rows of a block's tiles see a kernel row that others do not
constexpr Convolution2d three = convolution({4, 9, 5}, 17, square(3));
constexpr Convolution2d odd_rows = convolution({7, 7, 16}, 40, square(3));
constexpr Convolution2d wide =
    convolution({3, 37, 24}, 48, square(3));  // three tiles a row, the last in part; 72 bytes
// an image as one row: 21 pixels, 65, and a single one
constexpr Convolution2d one = convolution({3, 7, 8}, 33, Window{});
constexpr Convolution2d deep = convolution({5, 13, 136}, 16, Window{});  // three steps of 48 bytes, the last in part
constexpr Convolution2d pixel = convolution({1, 1, 64}, 80, Window{});
constexpr Convolution2d one_strided = convolution({5, 7, 6}, 9, {.stride_height = 2, .stride_width = 2});
}  // namespace

TEST_CASE("bytes: tiles, 3 x 3", "[bytes]") {
  check<ctnn::Int8, tiles, three>();
  check<ctnn::UInt8, tiles, three, Borders::wide>();
  check<ctnn::Int8, tiles, odd_rows>();
  check<ctnn::Int8, tiles, wide, Borders::wide>();
}

TEST_CASE("bytes: tiles, 1 x 1", "[bytes]") {
  check<ctnn::Int8, tiles, one>();
  check<ctnn::Int8, tiles, one, Borders::output>();  // the rows of which lie apart
  check<ctnn::Int8, tiles, deep, Borders::output>();
  check<ctnn::UInt8, tiles, deep>();
  check<ctnn::Int8, tiles, pixel>();
  check<ctnn::Int8, tiles, one_strided>();
  check<ctnn::QLinearInt8, tiles, one_strided, Borders::wide>();
}
