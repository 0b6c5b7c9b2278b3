#include "golden/branches.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

namespace {
template <std::size_t Outputs>
using Conv3 = Conv2d<Outputs, Kernel<3>, Padding<1>>;
using Depthwise3 = DepthwiseConv2d<Kernel<3>, Padding<1>>;
}  // namespace

TEST_CASE("Residual around a single layer", "[branches]") {
  check<Residual<Conv3<8>>, Shape<4, 5, 8>>(golden::residual_single_conv);
  check<Residual<Identity>, Shape<3, 4, 5>>(golden::residual_of_identity);
  check<Residual<Sequential<Conv3<8>, SiLU>>, Shape<4, 5, 8>>(golden::residual_activation_before_add);
}

// The sum may not be written over the input of a convolution that still reads it.
TEST_CASE("Residual around a single layer whose input lies in the arena", "[branches]") {
  check<Sequential<Conv2d<17>, Residual<Conv3<17>>, ReLU, Conv2d<5>>, Shape<4, 5, 3>>(
      golden::residual_single_conv_inside);
  check<Sequential<Conv2d<16>, Residual<Conv2d<16>>, Conv2d<5>>, Shape<4, 5, 3>>(golden::residual_pointwise_inside);
  check<Sequential<Conv2d<17>, Residual<Sequential<Depthwise3, ReLU>>, Conv2d<5>>, Shape<4, 5, 3>>(
      golden::residual_depthwise_inside);
  check<Sequential<Linear<17>, Residual<Linear<17>>, ReLU, Residual<Sequential<Linear<17>, ReLU>>, Linear<5>>,
        Shape<8>>(golden::residual_linear_inside);
  check<Sequential<Conv3<8>, Residual<ReLU>, Conv3<8>>, Shape<3, 4, 5>>(golden::residual_of_activation);
  check<Sequential<Conv3<8>, Residual<MaxPool2d<Kernel<3>, Stride<1>, Padding<1>>>, Conv2d<3, Kernel<5>, Padding<2>>>,
        Shape<4, 5, 8>>(golden::residual_of_pool);
}
