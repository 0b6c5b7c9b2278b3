#include "golden/batch_norm.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("batch norm by itself", "[normalization]") {
  check<BatchNorm2d<>, Shape<4, 5, 17>>(golden::batch_norm);
  check<BatchNorm1d<>, Shape<33>>(golden::batch_norm_of_vector);
  check<BatchNorm1d<>, Shape<7, 5>>(golden::batch_norm_of_sequence);
  check<BatchNorm2d<Epsilon<std::ratio<1, 4>>>, Shape<3, 4, 8>>(golden::batch_norm_epsilon);
  check<BatchNorm2d<NoAffine>, Shape<3, 4, 5>>(golden::batch_norm_no_affine);
  check<BatchNorm2d<NoAffine, Epsilon<std::milli>>, Shape<3, 4, 16>>(golden::batch_norm_epsilon_no_affine);
}

TEST_CASE("batch norm after a convolution", "[normalization]") {
  check<Sequential<Conv2d<8, Kernel<3>, Padding<1>>, BatchNorm2d<>, ReLU>, Shape<5, 6, 3>>(golden::conv_batch_norm);
  check<Sequential<Conv2d<17, Kernel<3>, NoBias>, BatchNorm2d<>>, Shape<5, 6, 8>>(golden::conv_no_bias_batch_norm);
  check<Sequential<Conv2d<5, Kernel<3>>, BatchNorm2d<NoAffine>, HardSwish>, Shape<5, 6, 3>>(
      golden::conv_batch_norm_no_affine);
  check<Sequential<DepthwiseConv2d<Kernel<3>, Padding<1>>, BatchNorm2d<>, ReLU6>, Shape<5, 6, 17>>(
      golden::depthwise_batch_norm);
  check<Sequential<Conv2d<10, Kernel<3>, Groups<2>>, BatchNorm2d<Epsilon<std::milli>>>, Shape<4, 5, 16>>(
      golden::grouped_batch_norm);
  check<Sequential<Conv2d<8, Kernel<3>>, BatchNorm2d<>, BatchNorm2d<>, ReLU>, Shape<5, 4, 3>>(
      golden::conv_two_batch_norms);
}

TEST_CASE("batch norm that does not belong to the convolution beside it", "[normalization]") {
  check<Sequential<Conv2d<8, Kernel<3>>, ReLU, BatchNorm2d<>>, Shape<5, 6, 3>>(golden::conv_activation_batch_norm);
  check<Sequential<BatchNorm2d<>, ReLU, Conv2d<8, Kernel<3>, Padding<1>>>, Shape<5, 6, 5>>(golden::batch_norm_conv);
  check<Sequential<Conv2d<8, Kernel<3>, Padding<1>>, Residual<BatchNorm2d<>>, ReLU>, Shape<4, 5, 3>>(
      golden::batch_norm_of_shared_conv);
}

TEST_CASE("batch norm in a residual block", "[normalization]") {
  using Spec = Sequential<Residual<Sequential<Conv2d<8, Kernel<3>, Padding<1>, NoBias>, BatchNorm2d<>, ReLU,
                                              Conv2d<8, Kernel<3>, Padding<1>, NoBias>, BatchNorm2d<>>>,
                          ReLU>;
  check<Spec, Shape<4, 5, 8>>(golden::residual_batch_norm);
}
