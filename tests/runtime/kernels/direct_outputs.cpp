#include "check.hpp"

using namespace kernel_tests;

namespace {
template <std::size_t... Outputs>
void outputs() {
  (check<Algorithm::direct, convolution({3, 5, 3}, Outputs, square(3))>(), ...);
}
}  // namespace

TEST_CASE("direct convolution: output channels around the vector widths") {
  outputs<1, 2, 3, 4, 5, 7, 8, 9>();
  outputs<15, 16, 17, 31, 32, 33, 48, 64, 65>();
}
TEST_CASE("direct convolution: a last block of fewer vectors") {
  outputs<20, 28, 56, 80, 112, 208>();
  check<Algorithm::direct, convolution({3, 5, 80}, 80, Window{})>();
}
TEST_CASE("direct convolution: pairs of pixels share the last vector") {
  outputs<18, 24, 40, 56, 116>();
  check<Algorithm::direct, convolution({2, 33, 7}, 24, Window{})>();
  check<Algorithm::direct, convolution({3, 9, 5}, 24, uneven_window), Borders::wide, Addend::shifted>();
  check<Algorithm::direct, convolution({3, 6, 8}, 40, Window{}), Borders::tight, Addend::aligned>();
  check<Algorithm::direct, convolution({3, 6, 10}, 48, square(3), 2), Borders::wide, Addend::shifted>();
  check<Algorithm::direct, convolution({3, 1, 5}, 24, square(3))>();
}
