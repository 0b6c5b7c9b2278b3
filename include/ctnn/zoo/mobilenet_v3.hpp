/// MobileNetV3, large and small.
#pragma once

#include <array>
#include <cstddef>
#include <ratio>
#include <type_traits>

#include <ctnn/zoo/blocks.hpp>

namespace ctnn::zoo {

namespace detail {

/// A row of the paper's tables.
struct MobileNetV3Block {
  std::size_t kernel, expanded, outputs;
  bool squeezes, hard_swish;
  std::size_t stride;
};

template <bool hard_swish>
using MobileNetV3Units =
    BatchNormed<std::conditional_t<hard_swish, HardSwish, ReLU>, Epsilon<std::ratio<1, 1000>>>;  // torchvision's

struct MobileNetV3LargeTable {
  static constexpr std::array<MobileNetV3Block, 15> blocks{{
      {3, 16, 16, false, false, 1},
      {3, 64, 24, false, false, 2},
      {3, 72, 24, false, false, 1},
      {5, 72, 40, true, false, 2},
      {5, 120, 40, true, false, 1},
      {5, 120, 40, true, false, 1},
      {3, 240, 80, false, true, 2},
      {3, 200, 80, false, true, 1},
      {3, 184, 80, false, true, 1},
      {3, 184, 80, false, true, 1},
      {3, 480, 112, true, true, 1},
      {3, 672, 112, true, true, 1},
      {5, 672, 160, true, true, 2},
      {5, 960, 160, true, true, 1},
      {5, 960, 160, true, true, 1},
  }};
  static constexpr std::size_t hidden = 1280;
};
struct MobileNetV3SmallTable {
  static constexpr std::array<MobileNetV3Block, 11> blocks{{
      {3, 16, 16, true, false, 2},
      {3, 72, 24, false, false, 2},
      {3, 88, 24, false, false, 1},
      {5, 96, 40, true, true, 2},
      {5, 240, 40, true, true, 1},
      {5, 240, 40, true, true, 1},
      {5, 120, 48, true, true, 1},
      {5, 144, 48, true, true, 1},
      {5, 288, 96, true, true, 2},
      {5, 576, 96, true, true, 1},
      {5, 576, 96, true, true, 1},
  }};
  static constexpr std::size_t hidden = 1024;
};

template <class Table, std::size_t Classes>
struct MobileNetV3 {
  static constexpr std::size_t stem = 16;

  template <std::size_t I>
  struct Row {
    static constexpr MobileNetV3Block b = Table::blocks[I];
    static constexpr std::size_t inputs = I == 0 ? stem : Table::blocks[I == 0 ? 0 : I - 1].outputs;
    using Units = MobileNetV3Units<b.hard_swish>;
    using Squeeze = SqueezeExcitation<b.expanded, scaled_channels(b.expanded, 25), ReLU, HardSigmoid>;
    using type = ResidualIf<
        b.stride == 1 && b.outputs == inputs,
        Named<
            "block",
            Series<ListIf<b.expanded != inputs, typename Units::template Pointwise<b.expanded>>,
                   List<typename Units::template Depthwise<Kernel<b.kernel>, Stride<b.stride>, Padding<b.kernel / 2>>>,
                   ListIf<b.squeezes, Squeeze>, List<typename Units::template Projection<b.outputs>>>>>;
  };
  template <std::size_t I>
  using Item = typename Row<I>::type;

  using Units = MobileNetV3Units<true>;
  using type =
      Sequential<Named<"features", Series<List<typename Units::template Conv<stem, Kernel<3>, Stride<2>, Padding<1>>>,
                                          Numbered<Table::blocks.size(), Item>,
                                          List<typename Units::template Pointwise<6 * Table::blocks.back().outputs>>>>,
                 Named<"", PooledClassifier<Linear<Table::hidden>, HardSwish, Dropout, Linear<Classes>>>>;
};

}  // namespace detail

/// Howard et al., "Searching for MobileNetV3", arXiv 1905.02244. For 224x224x3; weights under torchvision's names.
template <std::size_t Classes>
using MobileNetV3LargeFor = typename detail::MobileNetV3<detail::MobileNetV3LargeTable, Classes>::type;
using MobileNetV3Large = MobileNetV3LargeFor<1000>;
template <std::size_t Classes>
using MobileNetV3SmallFor = typename detail::MobileNetV3<detail::MobileNetV3SmallTable, Classes>::type;
using MobileNetV3Small = MobileNetV3SmallFor<1000>;

}  // namespace ctnn::zoo
