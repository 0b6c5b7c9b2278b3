/// ResNet.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <ctnn/zoo/blocks.hpp>

namespace ctnn::zoo {

namespace detail {

/// Two 3x3 convolutions.
template <std::size_t Width, std::size_t StrideSize>
using BasicBlock =
    Sequential<Named<"conv1", Conv2d<Width, Kernel<3>, Stride<StrideSize>, Padding<1>, NoBias>>,
               Named<"bn1", BatchNorm2d<>>, ReLU, Named<"conv2", Conv2d<Width, Kernel<3>, Padding<1>, NoBias>>,
               Named<"bn2", BatchNorm2d<>>>;
/// 1x1, 3x3 with the stride (version 1.5; the paper's first 1x1 has it), 1x1 to four times the width.
template <std::size_t Width, std::size_t StrideSize>
using Bottleneck = Sequential<Named<"conv1", PointwiseConv2d<Width, NoBias>>, Named<"bn1", BatchNorm2d<>>, ReLU,
                              Named<"conv2", Conv2d<Width, Kernel<3>, Stride<StrideSize>, Padding<1>, NoBias>>,
                              Named<"bn2", BatchNorm2d<>>, ReLU, Named<"conv3", PointwiseConv2d<4 * Width, NoBias>>,
                              Named<"bn3", BatchNorm2d<>>>;

template <std::size_t Depth, std::size_t Classes>
struct ResNet {
  static constexpr bool bottleneck = Depth >= 50;
  static constexpr std::array<std::size_t, 4> repeats = [] {
    switch (Depth) {
      case 18:
        return std::array<std::size_t, 4>{2, 2, 2, 2};
      case 101:
        return std::array<std::size_t, 4>{3, 4, 23, 3};
      default:
        return std::array<std::size_t, 4>{3, 4, 6, 3};
    }
  }();

  template <std::size_t S>
  struct StageOf {
    static constexpr std::size_t width = std::size_t{64} << S, outputs = bottleneck ? 4 * width : width;
    template <std::size_t stride>
    using Main = Named<"", std::conditional_t<bottleneck, Bottleneck<width, stride>, BasicBlock<width, stride>>>;
    static constexpr std::size_t first_stride = S == 0 ? 1 : 2;
    using Shortcut = std::conditional_t<
        S == 0 && !bottleneck, Identity,
        Named<"downsample", Sequential<Conv2d<outputs, Kernel<1>, Stride<first_stride>, NoBias>, BatchNorm2d<>>>>;
    template <std::size_t I>
    using Item =
        Sequential<Named<"", std::conditional_t<I == 0, Residual<Main<first_stride>, Shortcut>, Residual<Main<1>>>>,
                   ReLU>;
    using type = Series<Numbered<repeats[S], Item>>;
  };
  using type =
      Sequential<Named<"conv1", Conv2d<64, Kernel<7>, Stride<2>, Padding<3>, NoBias>>, Named<"bn1", BatchNorm2d<>>,
                 ReLU, MaxPool2d<Kernel<3>, Stride<2>, Padding<1>>, Named<"layer1", typename StageOf<0>::type>,
                 Named<"layer2", typename StageOf<1>::type>, Named<"layer3", typename StageOf<2>::type>,
                 Named<"layer4", typename StageOf<3>::type>, GlobalAvgPool2d, Flatten, Named<"fc", Linear<Classes>>>;
};

}  // namespace detail

/// He et al., "Deep Residual Learning for Image Recognition", arXiv 1512.03385; depth 18, 34, 50 or 101. For 224x224x3;
/// weights under torchvision's names. Bottlenecks are version 1.5's.
template <std::size_t Depth, std::size_t Classes = 1000>
  requires(Depth == 18 || Depth == 34 || Depth == 50 || Depth == 101)
using ResNet = typename detail::ResNet<Depth, Classes>::type;

}  // namespace ctnn::zoo
