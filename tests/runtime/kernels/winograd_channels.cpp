#include "check.hpp"

using namespace kernel_tests;

namespace {
template <std::size_t In, std::size_t... Out>
void channels() {
  (check<Algorithm::winograd2, convolution({5, 6, In}, Out, square(3))>(), ...);
  (check<Algorithm::winograd4, convolution({5, 6, In}, Out, square(3))>(), ...);
}
}  // namespace

TEST_CASE("Winograd convolution: channels around the vector widths") {
  channels<1, 1, 17, 33>();
  channels<3, 3, 16>();
  channels<15, 15, 16>();
  channels<16, 1, 33>();
  channels<17, 17>();
  channels<33, 15, 65>();
  channels<5, 80>();  // a last block of fewer vectors
}
TEST_CASE("Winograd convolution: tiles in several blocks") {
  // several hundred tiles each: more than 128 KiB of scratch memory hold
  check<Algorithm::winograd2, convolution({90, 110, 1}, 3, square(3))>();
  check<Algorithm::winograd4, convolution({130, 113, 1}, 3, square(3))>();
}
TEST_CASE("Winograd convolution: weights beyond L2") {
  check<Algorithm::winograd2, convolution({5, 6, 130}, 131, square(3))>();
  check<Algorithm::winograd4, convolution({5, 6, 90}, 91, square(3))>();
  check<Algorithm::winograd4, convolution({23, 20, 90}, 91, square(3))>();  // more tiles than registers
}
