/// ShuffleNet, versions 1 and 2.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <ctnn/zoo/blocks.hpp>

namespace ctnn::zoo {

namespace detail {

/// The first convolution and pool of both versions.
using ShuffleConv = BatchNormed<ReLU>::Conv<24, Kernel<3>, Stride<2>, Padding<1>>;
using ShufflePool = MaxPool2d<Kernel<3>, Stride<2>, Padding<1>>;
inline constexpr std::array<std::size_t, 3> shuffle_repeats{4, 8, 4};  // stages 2, 3, 4

/// Grouped 1x1 convolution, shuffle, depthwise convolution, grouped 1x1 convolution.
template <std::size_t Channels, std::size_t Outputs, std::size_t FirstGroups, std::size_t GroupCount,
          std::size_t StrideSize>
using ShuffleV1Branch = Series<List<BatchNormed<ReLU>::Pointwise<Channels, Groups<FirstGroups>>>,
                               ListIf<(GroupCount > 1), ChannelShuffle<GroupCount>>,
                               List<DepthwiseConv2d<Kernel<3>, Stride<StrideSize>, Padding<1>, NoBias>, BatchNorm2d<>,
                                    PointwiseConv2d<Outputs, Groups<GroupCount>, NoBias>, BatchNorm2d<>>>;

/// The first unit of a stage: its outputs beside its pooled inputs. These are not negative, so ReLU has nothing to do
/// on them.
template <std::size_t Inputs, std::size_t Outputs, std::size_t FirstGroups, std::size_t GroupCount>
using ShuffleV1Down =
    Concat<AvgPool2d<Kernel<3>, Stride<2>, Padding<1>>,
           Sequential<Named<"", ShuffleV1Branch<Outputs / 4, Outputs - Inputs, FirstGroups, GroupCount, 2>>, ReLU>>;
template <std::size_t Outputs, std::size_t GroupCount>
using ShuffleV1Unit = Sequential<Residual<ShuffleV1Branch<Outputs / 4, Outputs, GroupCount, GroupCount, 1>>, ReLU>;

template <std::size_t GroupCount, std::size_t Classes>
struct ShuffleNetV1 {
  static constexpr std::size_t stage_2 = [] {
    switch (GroupCount) {
      case 1:
        return 144;
      case 2:
        return 200;
      case 3:
        return 240;
      case 4:
        return 272;
      default:
        return 384;
    }
  }();

  /// Stage 2 + S. The very first 1x1 convolution has too few channels to be grouped.
  template <std::size_t S>
  struct StageOf {
    static constexpr std::size_t outputs = stage_2 << S, inputs = S == 0 ? 24 : outputs / 2;
    template <std::size_t I>
    using Item = std::conditional_t<I == 0, ShuffleV1Down<inputs, outputs, S == 0 ? 1 : GroupCount, GroupCount>,
                                    ShuffleV1Unit<outputs, GroupCount>>;
    using type = Series<Numbered<shuffle_repeats[S], Item>>;
  };
  using type = Sequential<Named<"conv1", ShuffleConv>, ShufflePool, Named<"stage2", typename StageOf<0>::type>,
                          Named<"stage3", typename StageOf<1>::type>, Named<"stage4", typename StageOf<2>::type>,
                          GlobalAvgPool2d, Flatten, Named<"fc", Linear<Classes>>>;
};

/// Half of the channels pass, half are transformed; where the size halves, both are.
template <std::size_t Outputs, std::size_t StrideSize>
using ShuffleV2Main = Sequential<PointwiseConv2d<Outputs, NoBias>, BatchNorm2d<>, ReLU,
                                 DepthwiseConv2d<Kernel<3>, Stride<StrideSize>, Padding<1>, NoBias>, BatchNorm2d<>,
                                 PointwiseConv2d<Outputs, NoBias>, BatchNorm2d<>, ReLU>;
template <std::size_t Outputs>
using ShuffleV2Down =
    Concat<Named<"branch1", Sequential<DepthwiseConv2d<Kernel<3>, Stride<2>, Padding<1>, NoBias>, BatchNorm2d<>,
                                       PointwiseConv2d<Outputs / 2, NoBias>, BatchNorm2d<>, ReLU>>,
           Named<"branch2", ShuffleV2Main<Outputs / 2, 2>>>;
template <std::size_t Outputs>
using ShuffleV2Unit = Split<Identity, Named<"branch2", ShuffleV2Main<Outputs / 2, 1>>>;

template <std::size_t WidthPercent, std::size_t Classes>
struct ShuffleNetV2 {
  static constexpr std::size_t stage_2 = [] {
    switch (WidthPercent) {
      case 50:
        return 48;
      case 100:
        return 116;
      case 150:
        return 176;
      default:
        return 244;
    }
  }();

  template <std::size_t S>
  struct StageOf {
    static constexpr std::size_t outputs = stage_2 << S;
    template <std::size_t I>
    using Item = Sequential<Named<"", std::conditional_t<I == 0, ShuffleV2Down<outputs>, ShuffleV2Unit<outputs>>>,
                            ChannelShuffle<2>>;
    using type = Series<Numbered<shuffle_repeats[S], Item>>;
  };
  using type = Sequential<Named<"conv1", ShuffleConv>, ShufflePool, Named<"stage2", typename StageOf<0>::type>,
                          Named<"stage3", typename StageOf<1>::type>, Named<"stage4", typename StageOf<2>::type>,
                          Named<"conv5", BatchNormed<ReLU>::Pointwise<WidthPercent == 200 ? 2048 : 1024>>,
                          GlobalAvgPool2d, Flatten, Named<"fc", Linear<Classes>>>;
};

}  // namespace detail

/// Zhang et al., "ShuffleNet: An Extremely Efficient Convolutional Neural Network for Mobile Devices", arXiv
/// 1707.01083, table 1, scale 1. For 224x224x3.
template <std::size_t GroupCount = 3, std::size_t Classes = 1000>
  requires(GroupCount == 1 || GroupCount == 2 || GroupCount == 3 || GroupCount == 4 || GroupCount == 8)
using ShuffleNetV1 = typename detail::ShuffleNetV1<GroupCount, Classes>::type;

/// Ma et al., "ShuffleNet V2: Practical Guidelines for Efficient CNN Architecture Design", arXiv 1807.11164. For
/// 224x224x3; weights under torchvision's names.
template <std::size_t WidthPercent = 100, std::size_t Classes = 1000>
  requires(WidthPercent == 50 || WidthPercent == 100 || WidthPercent == 150 || WidthPercent == 200)
using ShuffleNetV2 = typename detail::ShuffleNetV2<WidthPercent, Classes>::type;

}  // namespace ctnn::zoo
