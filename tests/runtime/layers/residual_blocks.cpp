#include "golden/branches.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

namespace {
template <std::size_t Outputs>
using Conv3 = Conv2d<Outputs, Kernel<3>, Padding<1>>;
}  // namespace

TEST_CASE("Residual blocks of the field", "[branches]") {
  using Basic = Sequential<Conv3<8>, ReLU, Conv3<8>>;
  check<Sequential<Residual<Basic>, ReLU>, Shape<5, 6, 8>>(golden::residual_two_convs);
  check<Sequential<Conv3<8>, ReLU, Residual<Basic>, ReLU, Residual<Basic>, ReLU, GlobalAvgPool2d, Flatten, Linear<10>>,
        Shape<5, 5, 3>>(golden::residual_chain);
  using Down =
      Residual<Sequential<Conv2d<16, Kernel<3>, Stride<2>, Padding<1>>, BatchNorm2d<>, ReLU, Conv3<16>, BatchNorm2d<>>,
               Sequential<Conv2d<16, Stride<2>>, BatchNorm2d<>>>;
  check<Sequential<Down, ReLU>, Shape<6, 7, 8>>(golden::residual_conv_shortcut);
  using Inverted =
      Residual<Sequential<Conv2d<24, NoBias>, BatchNorm2d<>, ReLU6, DepthwiseConv2d<Kernel<3>, Padding<1>, NoBias>,
                          BatchNorm2d<>, ReLU6, Conv2d<8, NoBias>, BatchNorm2d<>>>;
  check<Inverted, Shape<5, 6, 8>>(golden::inverted_residual);
}

TEST_CASE("Residual in other surroundings", "[branches]") {
  check<Residual<Sequential<Conv2d<8>, Residual<Sequential<Conv3<8>, Residual<Conv2d<8>>>>, ReLU>>, Shape<4, 5, 8>>(
      golden::residual_in_residual);
  check<Sequential<Conv2d<8>, Residual<Sequential<Conv3<8>, ReLU, Conv3<8>>>, Conv2d<5, Kernel<5>, Padding<2>>>,
        Shape<4, 5, 5>>(golden::residual_shifted_borders);
  using Conv = Conv1d<8, Kernel<3>, Padding<1>>;
  check<Sequential<Conv, Residual<Conv>, ReLU>, Shape<9, 5>>(golden::residual_of_sequence);
  check<Sequential<Residual<ReLU, Conv3<8>>, Tanh>, Shape<4, 5, 8>>(golden::residual_shortcut_runs_last);
}
