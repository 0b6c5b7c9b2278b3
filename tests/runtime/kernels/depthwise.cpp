#include "check.hpp"

using namespace kernel_tests;

namespace {
template <std::size_t... Channels>
void channels() {
  (check<Algorithm::lanewise, convolution({3, 5, Channels}, Channels, square(3), Channels)>(), ...);
}
}  // namespace

TEST_CASE("depthwise convolution: channels around the vector widths") {
  channels<3, 4, 7, 8, 9>();
  channels<15, 16, 17, 32, 33, 65>();
}
