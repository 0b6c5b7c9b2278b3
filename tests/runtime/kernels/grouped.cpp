#include "check.hpp"

using namespace kernel_tests;

namespace {
constexpr auto lanewise = Algorithm::lanewise;

/// Groups of Inputs to Outputs channels.
template <std::size_t Groups, std::size_t Inputs, std::size_t Outputs>
constexpr Convolution2d grouped = convolution({3, 5, Groups* Inputs}, Groups* Outputs, square(3), Groups);
}  // namespace

TEST_CASE("grouped convolution: narrow groups that share a vector") {
  check<lanewise, grouped<3, 1, 2>>();
  check<lanewise, grouped<9, 1, 4>>();
  check<lanewise, grouped<5, 2, 2>>();
  check<lanewise, grouped<17, 2, 2>>();
  check<lanewise, grouped<3, 2, 4>>();
  check<lanewise, grouped<5, 2, 4>, Borders::wide, Addend::shifted>();
}
