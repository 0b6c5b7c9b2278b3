/// EfficientNet and its compound scaling.
#pragma once

#include <array>
#include <cstddef>
#include <ratio>
#include <type_traits>

#include <ctnn/zoo/blocks.hpp>

namespace ctnn::zoo {

/// How a member of the family is scaled: width and depth in percent of the baseline's, and the input's size.
struct CompoundScaling {
  std::size_t width_percent = 100, depth_percent = 100, resolution = 224;

  [[nodiscard]] constexpr std::size_t channels(std::size_t baseline) const {
    return scaled_channels(baseline, width_percent);
  }
  /// Repeats are rounded up.
  [[nodiscard]] constexpr std::size_t repeats(std::size_t baseline) const {
    return (baseline * depth_percent + 99) / 100;
  }
};

/// The authors' coefficients of B0 to B7.
constexpr CompoundScaling efficientnet_scaling(std::size_t n) {
  constexpr std::array<CompoundScaling, 8> table{{{100, 100, 224},
                                                  {100, 110, 240},
                                                  {110, 120, 260},
                                                  {120, 140, 300},
                                                  {140, 180, 380},
                                                  {160, 220, 456},
                                                  {180, 260, 528},
                                                  {200, 310, 600}}};
  return table[n];
}

/// Height and width of the input that EfficientNet-Bn was designed for. (torchvision's B2 weights are for 288.)
template <std::size_t n>
  requires(n <= 7)
inline constexpr std::size_t efficientnet_resolution = efficientnet_scaling(n).resolution;

namespace detail {

/// A row of the paper's table 1.
struct EfficientNetStage {
  std::size_t expansion, kernel, stride, inputs, outputs, repeats;
};
inline constexpr std::array<EfficientNetStage, 7> efficientnet_b0{{{1, 3, 1, 32, 16, 1},
                                                                   {6, 3, 2, 16, 24, 2},
                                                                   {6, 5, 2, 24, 40, 2},
                                                                   {6, 3, 2, 40, 80, 3},
                                                                   {6, 5, 1, 80, 112, 3},
                                                                   {6, 5, 2, 112, 192, 4},
                                                                   {6, 3, 1, 192, 320, 1}}};

/// Mobile inverted bottleneck with squeeze-and-excitation, to a quarter of the block's inputs.
template <std::size_t Inputs, std::size_t Expanded, std::size_t Outputs, std::size_t KernelSize, std::size_t StrideSize,
          class Units>
using MBConv =
    ResidualIf<StrideSize == 1 && Inputs == Outputs,
               Named<"block", Series<ListIf<Expanded != Inputs, typename Units::template Pointwise<Expanded>>,
                                     List<typename Units::template Depthwise<Kernel<KernelSize>, Stride<StrideSize>,
                                                                             Padding<KernelSize / 2>>,
                                          SqueezeExcitation<Expanded, Inputs / 4, SiLU, Sigmoid>,
                                          typename Units::template Projection<Outputs>>>>>;

template <CompoundScaling scaling, std::size_t Classes, class Units>
struct EfficientNet {
  template <std::size_t S>
  struct StageOf {
    static constexpr EfficientNetStage stage = efficientnet_b0[S];
    static constexpr std::size_t outputs = scaling.channels(stage.outputs);
    static constexpr std::size_t inputs(std::size_t block) {
      return block == 0 ? scaling.channels(stage.inputs) : outputs;
    }
    template <std::size_t I>
    using Item =
        MBConv<inputs(I), stage.expansion * inputs(I), outputs, stage.kernel, I == 0 ? stage.stride : 1, Units>;
    using type = Series<Numbered<scaling.repeats(stage.repeats), Item>>;
  };
  template <std::size_t S>
  using Item = typename StageOf<S>::type;

  using type = Sequential<
      Named<"features",
            Series<List<typename Units::template Conv<scaling.channels(32), Kernel<3>, Stride<2>, Padding<1>>>,
                   Numbered<efficientnet_b0.size(), Item>,
                   List<typename Units::template Pointwise<4 * scaling.channels(320)>>>>,
      Named<"", PooledClassifier<Dropout, Linear<Classes>>>>;
};

}  // namespace detail

/// Tan and Le, "EfficientNet: Rethinking Model Scaling for Convolutional Neural Networks", arXiv 1905.11946, by any
/// scaling; weights under torchvision's names. Batch norms with the options.
template <CompoundScaling scaling, std::size_t Classes = 1000, class... NormOptions>
using ScaledEfficientNet = typename detail::EfficientNet<scaling, Classes, BatchNormed<SiLU, NormOptions...>>::type;

/// EfficientNet-Bn, n from 0 to 7, for efficientnet_resolution<n>. Batch norm's epsilon is that of torchvision's
/// weights: 0.001 from B5 on.
template <std::size_t n, std::size_t Classes = 1000>
  requires(n <= 7)
using EfficientNet =
    ScaledEfficientNet<efficientnet_scaling(n), Classes,
                       Epsilon<std::conditional_t<(n < 5), std::ratio<1, 100000>, std::ratio<1, 1000>>>>;

}  // namespace ctnn::zoo
