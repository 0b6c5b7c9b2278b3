// Channel shuffles of concatenations.
#include "agree.hpp"

using namespace ctnn;

namespace {

template <std::size_t Outputs>
using Conv3 = Conv2d<Outputs, Kernel<3>, Padding<1>>;
using Depthwise = DepthwiseConv2d<Kernel<3>, Padding<1>>;

// The concatenation is not made.
using Joined = Network<Sequential<Concat<Conv2d<4>, Conv2d<4>>, ChannelShuffle<2>, Depthwise>, Shape<2, 2, 3>>;
static_assert(Joined::algorithm_of(2) == "fused");

}  // namespace

TEST_CASE("a shuffle interleaves what would be concatenated: of two, of three, with borders") {
  using Unit = Sequential<Split<Identity, Sequential<Conv2d<21>, ReLU, Depthwise, Conv2d<21>>>, ChannelShuffle<2>>;
  instruction_sets_agree<Sequential<Conv3<42>, Unit, Unit, Conv3<5>>, Shape<5, 8, 4>>(900);
  using Three = Sequential<Concat<Conv2d<5>, Identity, Tanh>, ChannelShuffle<3>>;
  instruction_sets_agree<Sequential<Conv2d<5>, Three, Depthwise>, Shape<5, 6, 3>>(30);
}
TEST_CASE("a shuffle of other groups than the parts, or of parts that others read, stays") {
  using Parts = Concat<Conv2d<4>, Conv2d<8>>;
  instruction_sets_agree<Sequential<Parts, ChannelShuffle<2>, Conv2d<4>>, Shape<5, 6, 3>>(20);
  instruction_sets_agree<Sequential<Concat<Conv2d<6>, Conv2d<6>>, Residual<ChannelShuffle<2>>>, Shape<5, 6, 3>>(20);
}
