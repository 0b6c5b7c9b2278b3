#include "check.hpp"

using namespace format_tests;

TEST_CASE("F16: depthwise convolutions and small groups") {
  using kernel_tests::square;
  constexpr Window strided{.height = 3, .width = 3, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};
  constexpr auto lanewise = Algorithm::lanewise;
  check<ctnn::F16, convolution({5, 7, 31}, 31, square(3), 31), true, lanewise>();
  check<ctnn::F16, convolution({9, 6, 72}, 72, strided, 72), true, lanewise>();
  check<ctnn::F16, convolution({6, 7, 33}, 33, square(5), 33), true, lanewise>();
  check<ctnn::F16, convolution({9, 10, 20}, 20, Window{.height = 9, .width = 9}, 20), true,
        lanewise>();  // sums are floats
  check<ctnn::F16, convolution({4, 6, 40}, 40, square(3), 10), true, lanewise>();
}
