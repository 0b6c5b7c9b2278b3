#include "check.hpp"

using namespace kernel_tests;

TEST_CASE("grouped convolution: wide groups that share a vector") {
  check<Algorithm::lanewise, groups_of<5, 4, 4>>();
  check<Algorithm::lanewise, groups_of<3, 3, 8>>();
  check<Algorithm::lanewise, groups_of<2, 8, 8>>();
  check<Algorithm::lanewise, groups_of<3, 5, 16>>();
  check<Algorithm::lanewise, groups_of<2, 16, 16>>();
}
