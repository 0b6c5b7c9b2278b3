#include "check.hpp"

using namespace format_tests;

TEST_CASE("F16: sums of many terms") {  // which were wrong if halves added them all
  using ctnn::kernels::fully_connected;
  check<ctnn::F16, fully_connected({1, 1, 3000}, 40), true>();
  check<ctnn::F16, fully_connected({1, 1, 1000}, 300), true>();
  check<ctnn::F16, convolution({3, 9, 700}, 40, Window{}), true>();
  check<ctnn::F16, convolution({3, 9, 701}, 70, Window{}), true>();
  check<ctnn::F16, convolution({6, 7, 130}, 33, Window{.height = 3, .width = 3}), true>();
}

TEST_CASE("F16: Winograd convolution") {
  using kernel_tests::square;
  constexpr auto winograd = Algorithm::winograd2;
  check<ctnn::F16, convolution({9, 7, 17}, 33, square(3)), true, winograd>();
  check<ctnn::F16, convolution({8, 14, 64}, 64, square(3)), true, winograd>();
  check<ctnn::F16, convolution({7, 7, 300}, 40, Window{.height = 3, .width = 3}), true, winograd>();
}
