#include "check.hpp"

using namespace format_tests;

TEST_CASE("F16: fully connected layers") { check_fully_connected<ctnn::F16>(); }
TEST_CASE("F16: convolutions") { check_convolutions<ctnn::F16>(); }

TEST_CASE("F16: sums of many terms") {  // which were wrong if halves added them all
  using ctnn::kernels::fully_connected;
  check<ctnn::F16, fully_connected({1, 1, 3000}, 40), true>();
  check<ctnn::F16, fully_connected({1, 1, 1000}, 300), true>();
  check<ctnn::F16, convolution({3, 9, 700}, 40, Window{}), true>();
  check<ctnn::F16, convolution({3, 9, 701}, 70, Window{}), true>();
  check<ctnn::F16, convolution({6, 7, 130}, 33, Window{.height = 3, .width = 3}), true>();
}
