#include "bytes.hpp"

using namespace byte_tests;

namespace {
// runs of kernel rows that end anywhere between multiples of four, outputs around vectors and blocks of them
template <std::size_t inputs, std::size_t outputs>
constexpr Convolution2d pairs = convolution({2, 4, inputs}, outputs, {.width = 2, .pad_left = 1});
// pixels that are made together: two and three of them, apart by two, two of a whole vector
constexpr Convolution2d two = convolution({5, 4, 3}, 7, square(3));
constexpr Convolution2d three = convolution({5, 8, 1}, 5, {.height = 5, .width = 3});
constexpr Convolution2d apart = convolution({4, 11, 3}, 8, {.height = 2, .width = 3, .stride_width = 2, .pad_left = 1});
static_assert(ctnn::kernels::pixels_together<ctnn::isa::Avx512>(apart, {4, 11, 3, 1}, {3, 5, 8}) == 1);
static_assert(ctnn::kernels::pixels_together<ctnn::isa::Avx512>(two, {5, 4, 3, 1, 1}, {5, 4, 7}) == 2);
static_assert(ctnn::kernels::pixels_together<ctnn::isa::Avx512>(three, {5, 8, 1}, {1, 6, 5}) == 3);
}  // namespace

TEST_CASE("bytes: direct convolution, pixels of few outputs together", "[bytes]") {
  check<ctnn::Int8, Algorithm::direct, two>();
  check<ctnn::UInt8, Algorithm::direct, three>();
  check<ctnn::Int8, Algorithm::direct, three, Borders::wide>();
  check<ctnn::Int8, Algorithm::direct, apart>();
}

TEST_CASE("bytes: direct convolution, channels around fours and vectors", "[bytes]") {
  check<ctnn::Int8, Algorithm::direct, pairs<1, 3>>();
  check<ctnn::Int8, Algorithm::direct, pairs<2, 8>>();
  check<ctnn::Int8, Algorithm::direct, pairs<3, 15>>();
  check<ctnn::Int8, Algorithm::direct, pairs<4, 16>>();
  check<ctnn::UInt8, Algorithm::direct, pairs<7, 65>>();
}
