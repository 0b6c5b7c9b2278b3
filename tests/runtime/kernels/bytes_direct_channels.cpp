#include "bytes.hpp"

using namespace byte_tests;

namespace {
// runs of kernel rows that end anywhere between multiples of four, outputs around vectors and blocks of them
template <std::size_t inputs, std::size_t outputs>
constexpr Convolution2d pairs = convolution({2, 4, inputs}, outputs, {.width = 2, .pad_left = 1});
}  // namespace

TEST_CASE("bytes: direct convolution, channels around fours and vectors", "[bytes]") {
  check<ctnn::Int8, Algorithm::direct, pairs<1, 3>>();
  check<ctnn::Int8, Algorithm::direct, pairs<2, 8>>();
  check<ctnn::Int8, Algorithm::direct, pairs<3, 15>>();
  check<ctnn::Int8, Algorithm::direct, pairs<4, 16>>();
  check<ctnn::UInt8, Algorithm::direct, pairs<7, 65>>();
}
