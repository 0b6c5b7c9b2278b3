#include "golden/conv_groups.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("Conv2d: groups", "[conv]") {
  check<Conv2d<6, Kernel<3>, Groups<2>>, Shape<5, 6, 4>>(golden::groups_2_narrow);
  check<Conv2d<64, Kernel<3>, Groups<2>, Padding<1>>, Shape<3, 5, 32>>(golden::groups_2_wide);
  check<Conv2d<16, Kernel<3>, Groups<4>, Padding<1>>, Shape<5, 6, 8>>(golden::groups_4);
  check<Conv2d<16, Kernel<3>, Groups<4>>, Shape<4, 7, 16>>(golden::groups_4_equal);
  check<Conv2d<8, Kernel<3>, Groups<4>>, Shape<5, 4, 16>>(golden::groups_4_narrowing);
  check<Conv2d<24, Kernel<3>, Groups<3>, Padding<1>>, Shape<4, 5, 6>>(golden::groups_of_2_to_8);
  check<Conv2d<32, Kernel<3>, Groups<2>>, Shape<3, 4, 16>>(golden::groups_of_8_to_16);
  check<Conv2d<10, Kernel<3>, Groups<2>>, Shape<3, 5, 34>>(golden::groups_of_17);
  check<Conv2d<12, Groups<4>>, Shape<4, 5, 24>>(golden::groups_pointwise);
}

TEST_CASE("Conv2d: groups with other options", "[conv]") {
  check<Conv2d<8, Kernel<3>, Groups<2>, Dilation<2>>, Shape<9, 7, 8>>(golden::groups_dilation_2);
  check<Conv2d<12, Kernel<3>, Stride<2>, Groups<3>, Dilation<2>, Padding<2>>, Shape<9, 10, 6>>(
      golden::groups_dilation_stride_padding);
  check<Conv2d<10, Kernel<3>, Groups<5>>, Shape<5, 6, 5>>(golden::groups_of_channels);
  check<Conv2d<16, Kernel<2>, Groups<8>, NoBias>, Shape<4, 4, 16>>(golden::groups_no_bias);
}
