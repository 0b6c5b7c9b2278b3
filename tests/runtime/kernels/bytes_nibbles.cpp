// Weights of four bits against the scalar reference: tap counts around groups, groups that end within a kernel row,
// blocks of channels in part; weights unpacked at every step, by the block or, for tiles, all at once.
#include "bytes.hpp"

using namespace byte_tests;

namespace {
using ctnn::W4A8;
constexpr auto direct = Algorithm::direct, gemv = Algorithm::gemv, tiles = Algorithm::tiles;
template <std::size_t inputs, std::size_t outputs>
constexpr Convolution2d dense = ctnn::kernels::fully_connected({1, 1, inputs}, outputs);

constexpr Convolution2d three = convolution({4, 9, 12}, 17, square(3));
constexpr Convolution2d strided = convolution(
    {5, 9, 20}, 34, {.height = 3, .width = 5, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 2});
constexpr Convolution2d dilated = convolution({5, 9, 8}, 70, {.height = 2, .width = 2, .dilation_width = 3});
constexpr Convolution2d one = convolution({4, 6, 68}, 80, Window{});
constexpr Convolution2d few_pixels = convolution({1, 2, 64}, 40, square(3));
constexpr Convolution2d lone = convolution({1, 1, 11}, 20, square(3));     // a window around one pixel
constexpr Convolution2d bands = convolution({41, 33, 28}, 20, square(3));  // rows made one band after the other
constexpr Convolution2d large = convolution({3, 3, 512}, 64, square(3));   // a block fills more than a cache
constexpr Convolution2d deep = convolution({5, 13, 136}, 24, Window{});    // tiles of three steps, the last in part
}  // namespace

TEST_CASE("bytes: weights of four bits, fully connected", "[bytes]") {
  check<W4A8, gemv, dense<31, 5>>();  // has bytes
  check<W4A8, gemv, dense<32, 16>>();
  check<W4A8, gemv, dense<39, 17>>();
  check<W4A8, gemv, dense<130, 130>>();
}

TEST_CASE("bytes: weights of four bits, convolutions", "[bytes]") {
  check<W4A8, direct, three>();
  check<W4A8, direct, strided, Borders::wide>();
  check<W4A8, direct, dilated>();
  check<W4A8, direct, one>();
  check<W4A8, direct, few_pixels>();
  check<W4A8, direct, lone>();
  check<W4A8, direct, bands>();
}

TEST_CASE("bytes: weights of four bits, large blocks", "[bytes]") { check<W4A8, direct, large>(); }

TEST_CASE("bytes: weights of four bits, tiles", "[bytes]") {
  check<W4A8, tiles, three>();
  check<W4A8, tiles, strided, Borders::wide>();
  check<W4A8, tiles, deep, Borders::output>();
}
