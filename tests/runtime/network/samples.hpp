/// Networks that the tests of this folder run: together they have every kind of step a plan can hold.
#pragma once

#include <tuple>

#include <ctnn/ctnn.hpp>

namespace samples {

using namespace ctnn;

template <std::size_t Outputs>
using Conv3 = Conv2d<Outputs, Kernel<3>, Padding<1>>;

/// Few channels, wide rows, a vector at the end.
using Digits =
    Sequential<Conv2d<5, Kernel<3>>, ReLU, Conv2d<5, Kernel<3>>, ReLU, Flatten, Linear<32>, ReLU, Linear<10>>;
/// Residuals with and without borders, layers in place, a squeeze-excite.
using Blocks = Sequential<
    Conv3<16>, BatchNorm2d<>, ReLU, Residual<Sequential<Conv3<16>, BatchNorm2d<>, ReLU, Conv3<16>, BatchNorm2d<>>>,
    ReLU, Multiply<Identity, Sequential<GlobalAvgPool2d, Conv2d<4>, ReLU, Conv2d<16>, Sigmoid>>,
    Residual<Sequential<DepthwiseConv2d<Kernel<3>, Stride<2>, Padding<1>>, PReLU<>, Conv2d<24>>, Conv2d<24, Stride<2>>>,
    HardSwish, MaxPool2d<Kernel<2>>>;
/// Branches that all live at once.
using Branches =
    Sequential<Conv3<8>, Concat<Identity, Conv3<5>, Sequential<MaxPool2d<Kernel<3>, Stride<1>, Padding<1>>, Conv2d<3>>>,
               Split<Identity, Sequential<Conv3<8>, Sigmoid>>, ChannelShuffle<2>, Add<Tanh, Conv3<16>, Identity>,
               Upsample2d<2, Bilinear>, Conv2d<3, Kernel<5>, Stride<2>, Padding<2>>>;

/// A sample and its input.
template <class S, AnyShape I>
struct Sample {
  using Spec = S;
  using Input = I;
};
using All =
    std::tuple<Sample<Digits, Shape<20, 20, 1>>, Sample<Blocks, Shape<9, 8, 3>>, Sample<Branches, Shape<6, 7, 3>>>;

}  // namespace samples
