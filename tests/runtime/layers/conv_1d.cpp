#include "golden/conv_1d.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("Conv1d: options", "[conv]") {
  check<Conv1d<8, Kernel<3>>, Shape<13, 5>>(golden::sequence_kernel_3);
  check<Conv1d<17>, Shape<7, 33>>(golden::sequence_kernel_1);
  check<Conv1d<16, Kernel<5>, Stride<2>>, Shape<12, 3>>(golden::sequence_stride_2);
  check<Conv1d<17, Kernel<3>, Dilation<3>>, Shape<13, 5>>(golden::sequence_dilation);
  check<Conv1d<16, Kernel<3>, Groups<4>>, Shape<9, 8>>(golden::sequence_groups);
  check<Conv1d<17, Kernel<3>, Groups<17>, Padding<1>>, Shape<9, 17>>(golden::sequence_depthwise);
  check<Conv1d<5, Kernel<3>, NoBias>, Shape<6, 1>>(golden::sequence_no_bias);
  check<Conv1d<5>, Shape<1, 8>>(golden::sequence_of_one);
}

TEST_CASE("Conv1d: padding", "[conv]") {
  check<Conv1d<5, Kernel<3>, Padding<2>>, Shape<9, 8>>(golden::sequence_padding);
  check<Conv1d<8, Kernel<3>, Padding<1, 3>>, Shape<8, 5>>(golden::sequence_padding_left_right);
  check<Conv1d<16, Kernel<3>, Dilation<2>, Padding<4, 0>>, Shape<11, 8>>(golden::sequence_causal);
  check<Conv1d<8, Kernel<4>, SamePadding>, Shape<10, 3>>(golden::sequence_same);
  check<Conv1d<4, Kernel<5>, Padding<2>>, Shape<33, 1>>(golden::sequence_planar);
}

TEST_CASE("Conv1d in a network", "[conv]") {
  using Spec = Sequential<Conv1d<8, Kernel<5>, Stride<2>>, BatchNorm1d<>, ReLU, Conv1d<16, Kernel<3>, Padding<1>>, ReLU,
                          Flatten, Linear<10>>;
  check<Spec, Shape<20, 3>>(golden::sequence_network);
}
