#include "check.hpp"

using namespace kernel_tests;

namespace {
constexpr auto planar = Algorithm::planar;

template <Convolution2d g, Borders borders = Borders::tight>
void planar_both() {
  check<planar, g, borders, Addend::nothing, true, true>();
}
template <std::size_t Inputs, std::size_t... Outputs>
void channels() {
  (planar_both<convolution({3, 18, Inputs}, Outputs, square(3))>(), ...);
}
}  // namespace

TEST_CASE("planar convolution: channels") {
  channels<1, 1, 2, 3, 5, 6, 7>();
  channels<3, 1, 4, 8, 9, 12>();
  channels<8, 2, 5, 7>();
}
