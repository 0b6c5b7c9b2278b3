// Networks that cannot be are refused by constraints, so that code can ask.
#include <ctnn/ctnn.hpp>

namespace nn = ctnn;
using nn::accepts, nn::Kernel, nn::Padding, nn::Shape, nn::Stride, nn::Groups;

// shapes
static_assert(accepts<nn::Linear<10>, Shape<4>>);
static_assert(!accepts<nn::Linear<10>, Shape<4, 4, 3>>);
static_assert(!accepts<nn::Conv2d<8, Kernel<3>>, Shape<16>>);
static_assert(!accepts<nn::Conv2d<8, Kernel<3>>, Shape<16, 3>>);
static_assert(!accepts<nn::Conv1d<8, Kernel<3>>, Shape<16, 16, 3>>);
static_assert(!accepts<nn::MaxPool2d<Kernel<2>>, Shape<16>>);
static_assert(!accepts<nn::Flatten, Shape<2, 2, 2, 2>>);

// windows
static_assert(accepts<nn::Conv2d<8, Kernel<5>>, Shape<5, 5, 1>>);
static_assert(!accepts<nn::Conv2d<8, Kernel<5>>, Shape<4, 5, 1>>);
static_assert(accepts<nn::Conv2d<8, Kernel<5>, Padding<1, 0, 0, 0>>, Shape<4, 5, 1>>);
static_assert(!accepts<nn::Conv2d<8, Kernel<3>, nn::Dilation<3>>, Shape<6, 7, 1>>);
static_assert(accepts<nn::Conv2d<8, Kernel<3>, nn::Dilation<3>>, Shape<7, 7, 1>>);
static_assert(!accepts<nn::MaxPool2d<Kernel<3>>, Shape<2, 3, 1>>);
static_assert(!accepts<nn::MaxPool2d<Kernel<2>, Padding<2>>, Shape<8, 8, 1>>);

// channels
static_assert(accepts<nn::Conv2d<8, Groups<4>>, Shape<4, 4, 12>>);
static_assert(!accepts<nn::Conv2d<8, Groups<3>>, Shape<4, 4, 12>>);
static_assert(!accepts<nn::Conv2d<9, Groups<4>>, Shape<4, 4, 12>>);
static_assert(!accepts<nn::Conv2d<9, Groups<0>>, Shape<4, 4, 12>>);
static_assert(!accepts<nn::ChannelShuffle<5>, Shape<4, 4, 12>>);
static_assert(!accepts<nn::Split<nn::Identity, nn::Identity>, Shape<4, 4, 3>>);

// composites
static_assert(!accepts<nn::Residual<nn::Conv2d<16>>, Shape<4, 4, 8>>);
static_assert(accepts<nn::Residual<nn::Conv2d<16>, nn::Conv2d<16>>, Shape<4, 4, 8>>);
static_assert(!accepts<nn::Concat<nn::Identity, nn::MaxPool2d<Kernel<2>>>, Shape<4, 4, 8>>);
static_assert(!accepts<nn::Multiply<nn::Identity, nn::MaxPool2d<Kernel<2>>>, Shape<4, 4, 8>>);
static_assert(accepts<nn::Multiply<nn::Identity, nn::GlobalAvgPool2d>, Shape<4, 4, 8>>);
static_assert(!accepts<nn::Sequential<nn::ReLU, nn::Sequential<nn::Linear<3>>>, Shape<4, 4, 8>>);
static_assert(!accepts<nn::Sequential<nn::ReLU, int>, Shape<4>>);
static_assert(!accepts<nn::ReflectionPad2d<3>, Shape<3, 9, 1>>);

// options: understood by the layer, each kind once, no size 0
template <class... Options>
concept conv2d = requires {
  typename nn::Conv2d<8, Options...>;
};
static_assert(conv2d<Padding<1>, Kernel<3>, Groups<2>, Stride<2>, nn::NoBias, nn::Dilation<2>>);
static_assert(!conv2d<Kernel<3>, Kernel<5>>);
static_assert(!conv2d<Padding<1>, nn::SamePadding>);
static_assert(!conv2d<Kernel<3>, nn::CeilMode>);
static_assert(!conv2d<Kernel<3>, int>);
static_assert(!conv2d<Kernel<0>>);
static_assert(!conv2d<Kernel<3>, Stride<1, 0>>);
template <class... Options>
concept conv1d = requires {
  typename nn::Conv1d<8, Options...>;
};
static_assert(conv1d<Kernel<3>, Padding<1, 2>>);
static_assert(!conv1d<Kernel<3, 5>>);
static_assert(!conv1d<Kernel<3>, Padding<1, 1, 1, 1>>);
template <class... Options>
concept depthwise = requires {
  typename nn::DepthwiseConv2d<Options...>;
};
static_assert(depthwise<Kernel<3>, nn::ChannelMultiplier<2>>);
static_assert(!depthwise<Kernel<3>, Groups<2>>);
template <class... Options>
concept upsample = requires {
  typename nn::Upsample2d<2, Options...>;
};
static_assert(upsample<nn::Bilinear, nn::AlignCorners>);
static_assert(!upsample<nn::AlignCorners>);

// names
template <class... Layers>
concept sequential = requires {
  typename nn::Sequential<Layers...>;
};
static_assert(sequential<nn::Named<"a", nn::ReLU>, nn::Named<"b", nn::ReLU>>);
static_assert(!sequential<nn::Named<"a", nn::ReLU>, nn::Named<"a", nn::ReLU>>);
static_assert(!sequential<nn::Named<"1", nn::ReLU>, nn::ReLU>);
static_assert(!sequential<>);
