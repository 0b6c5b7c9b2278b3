#include "check.hpp"

using namespace kernel_tests;

namespace {
constexpr auto lanewise = Algorithm::lanewise;

template <std::size_t... Channels>
void depthwise_channels() {
  (check<lanewise, convolution({3, 5, Channels}, Channels, square(3), Channels)>(), ...);
}
template <std::size_t... Width>
void depthwise_widths() {
  (check<lanewise, convolution({2, Width, 5}, 5, square(3), 5)>(), ...);
}
}  // namespace

TEST_CASE("depthwise convolution: channels around the vector widths") {
  depthwise_channels<3, 4, 7, 8, 9>();
  depthwise_channels<15, 16, 17, 32, 33, 65>();
}
TEST_CASE("depthwise convolution: widths around the tiles") { depthwise_widths<1, 3, 7, 8, 9, 14, 15, 17, 33>(); }
