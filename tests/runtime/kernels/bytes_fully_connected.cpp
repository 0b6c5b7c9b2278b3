#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto gemv = Algorithm::gemv;
template <std::size_t inputs, std::size_t outputs>
constexpr Convolution2d dense = ctnn::kernels::fully_connected({1, 1, inputs}, outputs);
constexpr Convolution2d image = ctnn::kernels::fully_connected({3, 4, 5}, 18);
}  // namespace

TEST_CASE("bytes: fully connected, inputs around fours and outputs around vectors", "[bytes]") {
  check<ctnn::Int8, gemv, dense<1, 1>>();
  check<ctnn::Int8, gemv, dense<3, 17>>();
  check<ctnn::UInt8, gemv, dense<4, 16>>();
  check<ctnn::QLinearInt8, gemv, dense<61, 10>>();
  check<ctnn::Int8, gemv, dense<130, 130>>();
}

TEST_CASE("bytes: fully connected, of an image where it lies", "[bytes]") {
  check<ctnn::Int8, gemv, image, Borders::wide>();
  check<ctnn::UInt8, gemv, image>();
}
