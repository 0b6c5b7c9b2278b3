#include "check.hpp"

using namespace kernel_tests;

namespace {
template <std::size_t... Width>
void widths() {
  (check<Algorithm::lanewise, convolution({2, Width, 5}, 5, square(3), 5)>(), ...);
}
}  // namespace

TEST_CASE("depthwise convolution: widths around the tiles") { widths<1, 3, 7, 8, 9, 14, 15, 17, 33>(); }
