/// Networks of inverted residuals, stage by stage: MobileNetV2, MCUNet, and whatever a designer or a search makes of
/// such blocks.
#pragma once

#include <array>
#include <cstddef>

#include <ctnn/zoo/blocks.hpp>

namespace ctnn::zoo {

/// A stage of inverted residuals: `Repeats` blocks that expand their input's channels `Expansion` times and project to
/// `Channels`; the first has the stride.
template <std::size_t Expansion, std::size_t Channels, std::size_t Repeats, std::size_t FirstStride,
          std::size_t KernelSize = 3>
struct Stage {
  static constexpr std::size_t expansion = Expansion, channels = Channels, repeats = Repeats,
                               first_stride = FirstStride, kernel = KernelSize;
};
template <class... S>
struct Stages {};

namespace detail {

template <std::size_t Stem, class StageList>
struct InvertedResidualBlocks;
template <std::size_t Stem, class... S>
struct InvertedResidualBlocks<Stem, Stages<S...>> {
  static constexpr std::size_t count = (S::repeats + ...);

  struct Block {
    std::size_t inputs, expanded, outputs, kernel, stride;
  };
  static constexpr std::array<Block, count> blocks = [] {
    std::array<Block, count> table{};
    std::size_t n = 0, inputs = Stem;
    const auto add_stage = [&]<class T>(T) {
      for (std::size_t i = 0; i < T::repeats; ++i) {
        table[n++] = {inputs, inputs * T::expansion, T::channels, T::kernel, i == 0 ? T::first_stride : 1};
        inputs = T::channels;
      }
    };
    (add_stage(S{}), ...);
    return table;
  }();
  /// Expand, filter depthwise, project; added to the input where the shape stays.
  template <std::size_t I>
  struct Row {
    static constexpr Block b = blocks[I];
    using type = ResidualIf<
        b.stride == 1 && b.inputs == b.outputs,
        Named<"conv",
              Series<ListIf<b.expanded != b.inputs, BatchNormed<ReLU6>::Pointwise<b.expanded>>,
                     List<BatchNormed<ReLU6>::Depthwise<Kernel<b.kernel>, Stride<b.stride>, Padding<b.kernel / 2>>,
                          PointwiseConv2d<b.outputs, NoBias>, BatchNorm2d<>>>>>;
  };
  template <std::size_t I>
  using Item = typename Row<I>::type;
  using type = Numbered<count, Item>;
};

}  // namespace detail

/// A classifier of inverted residuals (arXiv 1801.04381): a 3x3 convolution of stride 2 to `Stem` channels, the stages,
/// a 1x1 convolution to `Last` channels (none where 0), the mean, one fully connected layer:
/// `InvertedResiduals<Stages<Stage<1, 8, 1, 1>, Stage<3, 16, 2, 2, 7>, Stage<5, 40, 3, 2, 5>>, 16, 0, 10>`.
template <class StageList, std::size_t Stem, std::size_t Last, std::size_t Classes = 1000>
using InvertedResiduals = Sequential<
    Named<"features", detail::Series<detail::List<BatchNormed<ReLU6>::Conv<Stem, Kernel<3>, Stride<2>, Padding<1>>>,
                                     typename detail::InvertedResidualBlocks<Stem, StageList>::type,
                                     detail::ListIf<Last != 0, BatchNormed<ReLU6>::Pointwise<Last != 0 ? Last : 1>>>>,
    Named<"", PooledClassifier<Dropout, Linear<Classes>>>>;

}  // namespace ctnn::zoo
