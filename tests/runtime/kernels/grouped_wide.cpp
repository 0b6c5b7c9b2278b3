#include "check.hpp"

using namespace kernel_tests;

namespace {
constexpr auto lanewise = Algorithm::lanewise;

/// Groups of Inputs to Outputs channels.
template <std::size_t Groups, std::size_t Inputs, std::size_t Outputs>
constexpr Convolution2d grouped = convolution({3, 5, Groups* Inputs}, Groups* Outputs, square(3), Groups);
}  // namespace

TEST_CASE("grouped convolution: wide groups that share a vector") {
  check<lanewise, grouped<5, 4, 4>>();
  check<lanewise, grouped<3, 3, 8>>();
  check<lanewise, grouped<2, 8, 8>>();
  check<lanewise, grouped<3, 5, 16>>();
  check<lanewise, grouped<2, 16, 16>>();
}
