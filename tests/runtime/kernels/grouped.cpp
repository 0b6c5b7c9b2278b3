#include "check.hpp"

using namespace kernel_tests;

TEST_CASE("grouped convolution: narrow groups that share a vector") {
  check<Algorithm::lanewise, groups_of<3, 1, 2>>();
  check<Algorithm::lanewise, groups_of<9, 1, 4>>();
  check<Algorithm::lanewise, groups_of<5, 2, 2>>();
  check<Algorithm::lanewise, groups_of<17, 2, 2>>();
  check<Algorithm::lanewise, groups_of<3, 2, 4>>();
  check<Algorithm::lanewise, groups_of<5, 2, 4>, Borders::wide, Addend::shifted>();
}
