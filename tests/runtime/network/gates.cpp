// Squeeze-and-excitation: a product with one pixel folds into the weights of the convolution that reads it; and the
// convolutions of one pixel around it, which are fully connected layers.
#include <ctnn/zoo/blocks.hpp>

#include "agree.hpp"

using namespace ctnn;

namespace {

using Depthwise = DepthwiseConv2d<Kernel<3>, Padding<1>>;
template <std::size_t Channels>
using Squeeze = zoo::SqueezeExcitation<Channels, 6, SiLU, Sigmoid>;

/// Whether the product of `Spec` on 9 x 9 pixels of 24 channels is made.
template <class Spec>
constexpr bool makes_product() {
  using Model = Network<Spec, Shape<9, 9, 24>>;
  for (std::size_t i = 0; i < Model::layers.size(); ++i) {
    if (Model::layers[i].name == "Multiply" && Model::algorithm_of(i) != "fused") return true;
  }
  return false;
}

// Not where there are more weights than elements, where somebody else reads it, or where groups are read lane by lane.
using Twice = Sequential<Squeeze<24>, Residual<PointwiseConv2d<24>>>;
constexpr bool folds = isa::Native::lanes > 1;
static_assert(makes_product<Sequential<Squeeze<24>, PointwiseConv2d<80>>>() == !folds);
static_assert(makes_product<Sequential<Squeeze<24>, PointwiseConv2d<82>>>());
static_assert(makes_product<Twice>() && makes_product<Sequential<Squeeze<24>, Depthwise>>());

}  // namespace

TEST_CASE("a gate folds into the weights of the convolution that reads the product") {
  instruction_sets_agree<Sequential<Depthwise, Squeeze<24>, PointwiseConv2d<20>, ReLU>, Shape<9, 9, 24>>(400);
  instruction_sets_agree<Sequential<Squeeze<19>, Conv2d<37, Kernel<3>, Stride<2>, Padding<1>>>, Shape<27, 27, 19>>(
      1500);
  using Gate = Sequential<GlobalAvgPool2d, PointwiseConv2d<24>>;
  instruction_sets_agree<Sequential<Multiply<Gate, Identity>, PointwiseConv2d<20>>, Shape<9, 9, 24>>(200);
}
TEST_CASE("a gate folds where the convolution adds a residual") {
  using Block = Residual<Sequential<Depthwise, SiLU, Squeeze<24>, PointwiseConv2d<24>>>;
  instruction_sets_agree<Sequential<Block, Block, Depthwise>, Shape<9, 9, 24>>(1000);
}
TEST_CASE("a product that is needed is made") {
  instruction_sets_agree<Twice, Shape<9, 9, 24>>(300);
  instruction_sets_agree<Sequential<Squeeze<24>, Depthwise>, Shape<9, 9, 24>>(300);
}
TEST_CASE("a convolution whose window is its input, before one with padding") {
  using Whole = Sequential<Conv2d<33, Kernel<5, 7>>, ReLU>;
  instruction_sets_agree<Sequential<Whole, Conv2d<7, Kernel<3>, Padding<1>>>, Shape<5, 7, 4>>(1500);
  instruction_sets_agree<Sequential<Depthwise, Whole, Residual<PointwiseConv2d<33>>>, Shape<5, 7, 4>>(200);
  instruction_sets_agree<Sequential<Conv2d<12>, ChannelSlice<2, 1>, Conv2d<5>>, Shape<1, 1, 8>>(20);
}
