// Options of the layers that rejections.cpp leaves out: understood, once each, in any order.
#include <concepts>
#include <ratio>
#include <type_traits>

#include <ctnn/ctnn.hpp>

using namespace ctnn;

namespace {

template <template <class...> class Layer, class... Options>
concept takes = requires {
  typename Layer<Options...>;
};
template <class... Options>
using Linear3 = Linear<3, Options...>;

static_assert(takes<Linear3> && takes<Linear3, NoBias>);
static_assert(!takes<Linear3, NoBias, NoBias>);
static_assert(!takes<Linear3, Kernel<3>>);

static_assert(takes<MaxPool2d, Kernel<2>> && takes<MaxPool2d, CeilMode, Dilation<2>, Padding<1>, Stride<1>, Kernel<3>>);
static_assert(!takes<MaxPool2d>);
static_assert(!takes<MaxPool2d, Stride<2>>);
static_assert(!takes<MaxPool2d, Kernel<2>, ExcludePadding>);
static_assert(!takes<MaxPool2d, Kernel<2>, Divisor<3>>);
static_assert(!takes<MaxPool2d, Kernel<2>, Groups<2>>);
static_assert(!takes<MaxPool2d, Kernel<2>, Stride<0>>);

static_assert(takes<AvgPool2d, Divisor<3>, ExcludePadding, CeilMode, Padding<1>, Stride<1>, Kernel<3>>);
static_assert(!takes<AvgPool2d, Kernel<2>, Dilation<2>>);
static_assert(!takes<AvgPool2d, Kernel<2>, NoBias>);

static_assert(takes<BatchNorm2d> && takes<BatchNorm2d, NoAffine, Epsilon<std::milli>>);
static_assert(!takes<BatchNorm2d, Epsilon<std::milli>, Epsilon<std::micro>>);
static_assert(!takes<BatchNorm2d, NoBias>);

static_assert(takes<DepthwiseConv2d> && !takes<DepthwiseConv2d, ChannelMultiplier<2>, ChannelMultiplier<2>>);

// An algorithm is taken where it can run the window.
template <class... Options>
using Conv3 = Conv2d<8, Kernel<3>, Options...>;
template <class... Options>
using Conv5 = Conv2d<8, Kernel<5>, Options...>;
template <class... Options>
using Conv7 = Conv2d<8, Kernel<7>, Options...>;
template <class... Options>
using Conv14 = Conv2d<8, Kernel<14>, Options...>;
template <class... Options>
using Flat3 = Conv1d<8, Kernel<3>, Options...>;
using Direct = Use<Algorithm::direct>;
using Winograd = Use<Algorithm::winograd4>;
using Fourier = Use<Algorithm::fft>;
static_assert(takes<Conv3, Direct> && takes<Conv5, Direct, Stride<2>> && takes<Flat3, Direct>);
static_assert(takes<Conv3, Winograd> && takes<Conv3, Padding<0, 1, 2, 3>, Winograd, NoBias, Stride<1>>);
static_assert(takes<Conv5, Winograd> && !takes<Conv7, Winograd> && !takes<Flat3, Winograd>);
static_assert(takes<Conv7, Fourier, SamePadding> && !takes<Conv14, Fourier>);
static_assert(!takes<Conv7, Fourier, Stride<2>> && !takes<Conv7, Fourier, Dilation<2>>);
static_assert(!takes<Conv3, Winograd, Stride<2>> && !takes<Conv3, Winograd, Dilation<2>>);
static_assert(!takes<Conv3, Winograd, Groups<2>> && !takes<Conv3, Winograd, Stride<1, 2>>);
static_assert(!takes<Conv3, Winograd, Direct> && !takes<DepthwiseConv2d, Direct>);
template <Algorithm algorithm>
concept can_be_told = requires {
  typename Use<algorithm>;
};
static_assert(can_be_told<Algorithm::winograd2> && !can_be_told<Algorithm::gemv> && !can_be_told<Algorithm::planar>);

template <class Lower, class Upper>
concept clips = requires {
  typename Clip<Lower, Upper>;
};
static_assert(clips<std::ratio<-1, 2>, std::ratio<1, 2>> && !clips<std::ratio<1>, std::ratio<0>>);

// The order of options is of no matter to what they mean.
using Bound1 = Bound<Conv2d<8, Kernel<3>, Stride<2>, Padding<1>, Groups<2>, NoBias>, Shape<9, 9, 4>>;
using Bound2 = Bound<Conv2d<8, NoBias, Groups<2>, Padding<1>, Stride<2>, Kernel<3>>, Shape<9, 9, 4>>;
static_assert(std::same_as<Bound1::Output, Bound2::Output> && Bound1::cost == Bound2::cost &&
              std::same_as<Bound1::Parameters, Bound2::Parameters>);

// Shapes that the layers do not take.
static_assert(!accepts<AdaptiveAvgPool2d<2>, Shape<8>>);
static_assert(!accepts<Upsample2d<2>, Shape<8, 3>>);
static_assert(!accepts<ZeroPad2d<1>, Shape<8>>);
static_assert(!accepts<CircularPad2d<4>, Shape<3, 9, 1>> && accepts<CircularPad2d<3>, Shape<3, 9, 1>>);
static_assert(!accepts<AvgPool2d<Kernel<2>>, Shape<8, 3>>);
static_assert(!accepts<DepthwiseConv2d<Kernel<3>>, Shape<2, 9, 4>>);
static_assert(!accepts<Add<Linear<3>, Linear<4>>, Shape<5>> && accepts<Add<Linear<4>, Linear<4>>, Shape<5>>);
static_assert(!accepts<Concat<Flatten, Identity>, Shape<2, 2, 2>>);
static_assert(!accepts<Residual<Sequential<Conv2d<8>, Residual<Conv2d<9>>>, Conv2d<8>>, Shape<4, 4, 4>>);
static_assert(!accepts<Named<"any", Linear<3>>, Shape<4, 4, 4>>);

}  // namespace
