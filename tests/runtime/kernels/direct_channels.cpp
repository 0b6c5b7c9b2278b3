#include "check.hpp"

using namespace kernel_tests;

namespace {
template <std::size_t... Inputs>
void inputs() {
  (check<Algorithm::direct, convolution({2, 4, Inputs}, 17, square(3))>(), ...);
}
template <std::size_t... Channels>
void pointwise() {
  (check<Algorithm::direct, convolution({3, 5, Channels}, Channels, Window{})>(), ...);
}
}  // namespace

TEST_CASE("direct convolution: input channels") { inputs<1, 2, 4, 5, 8, 16, 33>(); }
TEST_CASE("direct convolution of one pixel by one: rows joined") { pointwise<1, 3, 8, 16, 17, 33, 64>(); }
TEST_CASE("direct convolution: a tile that needs more registers than there are") {
  check<Algorithm::direct, convolution({3, 7, 5}, 64, square(3))>();
  check<Algorithm::direct, convolution({2, 16, 3}, 64, Window{})>();
}
TEST_CASE("direct convolution: neighbouring taps share inputs, in rows of several tiles") {
  check<Algorithm::direct, convolution({2, 25, 3}, 4, square(3))>();
  check<Algorithm::direct, convolution({3, 49, 6}, 8, square(3), 2)>();
  check<Algorithm::direct, convolution({3, 26, 2}, 16, square(5))>();
}
