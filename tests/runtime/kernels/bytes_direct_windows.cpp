#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto direct = Algorithm::direct;
constexpr Convolution2d five = convolution({7, 6, 3}, 9, square(5));
constexpr Convolution2d row =
    convolution({2, 11, 2}, 5, {.width = 7, .stride_width = 3, .pad_left = 3, .pad_right = 3});
constexpr Convolution2d strided = convolution({7, 9, 3}, 8, uneven_window);
constexpr Convolution2d dilated = convolution({7, 9, 5}, 17, dilated_window);
constexpr Convolution2d padding_over_kernel = convolution({2, 3, 3}, 16, window_in_padding);
// more inputs than are flipped at a time; outputs far below them
constexpr Convolution2d bands =
    convolution({40, 40, 24}, 17, {.height = 3, .width = 3, .pad_top = 40, .pad_bottom = 80, .pad_left = 1});
constexpr Convolution2d around_one_pixel =
    convolution({1, 1, 8}, 6, {.height = 2, .width = 2, .pad_top = 1, .pad_bottom = 1, .pad_left = 1, .pad_right = 1});
}  // namespace

TEST_CASE("bytes: direct convolution, windows", "[bytes]") {
  check<ctnn::Int8, direct, five>();
  check<ctnn::Int8, direct, row>();
  check<ctnn::UInt8, direct, strided, Borders::wide>();
  check<ctnn::Int8, direct, dilated>();
  check<ctnn::QLinearInt8, direct, padding_over_kernel>();
  check<ctnn::Int8, direct, around_one_pixel>();
  check<ctnn::Int8, direct, bands>();
}
