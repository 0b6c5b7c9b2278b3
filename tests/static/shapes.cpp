// Output shapes: every layer's rule.
#include <concepts>
#include <ratio>

#include <ctnn/ctnn.hpp>

using namespace ctnn;

namespace {

template <class Layer, class In, class Out>
concept maps = std::same_as<typename Bound<Layer, In>::Output, Out>;

// convolutions: floor((size + pads - dilation * (kernel - 1) - 1) / stride) + 1
static_assert(maps<Conv2d<8>, Shape<5, 7, 3>, Shape<5, 7, 8>>);
static_assert(maps<Conv2d<8, Kernel<3>>, Shape<5, 7, 3>, Shape<3, 5, 8>>);
static_assert(maps<Conv2d<8, Kernel<3, 5>>, Shape<5, 7, 3>, Shape<3, 3, 8>>);
static_assert(maps<Conv2d<8, Kernel<3>, Stride<2>>, Shape<8, 9, 3>, Shape<3, 4, 8>>);
static_assert(maps<Conv2d<8, Kernel<3>, Stride<2, 3>>, Shape<8, 9, 3>, Shape<3, 3, 8>>);
static_assert(maps<Conv2d<8, Kernel<2>, Stride<5>>, Shape<8, 9, 3>, Shape<2, 2, 8>>);
static_assert(maps<Conv2d<8, Kernel<3>, Padding<1, 2>>, Shape<5, 7, 3>, Shape<5, 9, 8>>);
static_assert(maps<Conv2d<8, Kernel<3>, Padding<0, 1, 2, 3>>, Shape<5, 7, 3>, Shape<4, 10, 8>>);
static_assert(maps<Conv2d<8, Kernel<3>, Dilation<2>>, Shape<5, 7, 3>, Shape<1, 3, 8>>);
static_assert(maps<Conv2d<8, Kernel<3>>, Shape<3, 3, 1>, Shape<1, 1, 8>>);
static_assert(maps<Conv2d<8, Kernel<4>, SamePadding>, Shape<5, 7, 3>, Shape<5, 7, 8>>);
static_assert(maps<Conv2d<8, Kernel<3>, SamePadding, Stride<2>>, Shape<5, 8, 3>, Shape<3, 4, 8>>);
static_assert(maps<Conv2d<8, Kernel<2>, SamePadding, Stride<3>>, Shape<7, 9, 3>, Shape<3, 3, 8>>);
static_assert(maps<Conv1d<8, Kernel<3>, Padding<2, 0>>, Shape<9, 3>, Shape<9, 8>>);
static_assert(maps<DepthwiseConv2d<Kernel<3>, ChannelMultiplier<3>>, Shape<5, 7, 2>, Shape<3, 5, 6>>);
static_assert(maps<DepthwiseSeparableConv2d<9, Kernel<3>, Padding<1>>, Shape<5, 7, 2>, Shape<5, 7, 9>>);
static_assert(maps<PointwiseConv2d<9>, Shape<5, 7, 2>, Shape<5, 7, 9>>);

// pools; in ceil mode a window that would begin in the right padding is left out
static_assert(maps<MaxPool2d<Kernel<2>>, Shape<5, 7, 3>, Shape<2, 3, 3>>);
static_assert(maps<MaxPool2d<Kernel<2>, CeilMode>, Shape<5, 7, 3>, Shape<3, 4, 3>>);
static_assert(maps<MaxPool2d<Kernel<2>, Padding<1>, CeilMode>, Shape<3, 5, 3>, Shape<2, 3, 3>>);
static_assert(maps<AvgPool2d<Kernel<3>, Stride<2>, Padding<1>>, Shape<8, 7, 3>, Shape<4, 4, 3>>);
static_assert(maps<AdaptiveAvgPool2d<3, 9>, Shape<8, 7, 3>, Shape<3, 9, 3>>);
static_assert(Bound<AdaptiveMaxPool2d<8, 7>, Shape<8, 7, 3>>::cost == Cost{});  // nothing to do
static_assert(maps<GlobalMaxPool2d, Shape<8, 7, 3>, Shape<1, 1, 3>>);

// vectors, elements
static_assert(maps<Linear<9>, Shape<5>, Shape<9>>);
static_assert(maps<Flatten, Shape<8, 7, 3>, Shape<168>>);
static_assert(maps<Flatten, Shape<8, 3>, Shape<24>>);
static_assert(maps<BatchNorm2d<>, Shape<8, 7, 3>, Shape<8, 7, 3>>);
static_assert(maps<Softmax, Shape<8, 3>, Shape<8, 3>>);
static_assert(maps<Clip<std::ratio<0>, std::ratio<1>>, Shape<8>, Shape<8>>);

// moving elements
static_assert(maps<ZeroPad2d<1, 2, 3, 4>, Shape<8, 7, 3>, Shape<11, 14, 3>>);
static_assert(maps<ReflectionPad2d<1>, Shape<8, 7, 3>, Shape<10, 9, 3>>);
static_assert(maps<Upsample2d<3, Bilinear>, Shape<8, 7, 3>, Shape<24, 21, 3>>);
static_assert(maps<ChannelShuffle<3>, Shape<8, 7, 6>, Shape<8, 7, 6>>);
static_assert(maps<ChannelSlice<3, 2>, Shape<8, 7, 6>, Shape<8, 7, 2>>);

// branches
static_assert(maps<Residual<Conv2d<3>>, Shape<8, 7, 3>, Shape<8, 7, 3>>);
static_assert(maps<Add<Linear<4>, Linear<4>>, Shape<9>, Shape<4>>);
static_assert(maps<Concat<Identity, Conv2d<8>>, Shape<8, 7, 3>, Shape<8, 7, 11>>);
static_assert(maps<Concat<Identity, Linear<4>>, Shape<9>, Shape<13>>);
static_assert(maps<Multiply<GlobalAvgPool2d, Identity>, Shape<8, 7, 3>, Shape<8, 7, 3>>);
static_assert(maps<Split<Identity, Conv2d<8>>, Shape<8, 7, 4>, Shape<8, 7, 10>>);
static_assert(maps<EarlyExit<Sequential<GlobalAvgPool2d, Flatten>>, Shape<8, 7, 4>, Shape<8, 7, 4>>);
static_assert(std::same_as<Repeat<2, Conv2d<8>>, Sequential<Conv2d<8>, Conv2d<8>>>);
static_assert(std::same_as<Repeat<0, Conv2d<8>>, Identity>);
static_assert(maps<Named<"any", Sequential<Dropout, Conv2d<8>>>, Shape<8, 7, 4>, Shape<8, 7, 8>>);

}  // namespace
