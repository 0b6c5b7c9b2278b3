/// MobileNetV1.
#pragma once

#include <ctnn/zoo/blocks.hpp>

namespace ctnn::zoo {

namespace detail {

/// The 3x3 convolution, then thirteen depthwise separable ones, of `Units`.
template <std::size_t WidthPercent, class Units>
struct MobileNetV1Features {
  static constexpr std::size_t channels(std::size_t full) { return full * WidthPercent / 100; }
  template <std::size_t Full, class... Options>
  using Separable = Sequential<typename Units::template Depthwise<Kernel<3>, SamePadding, Options...>,
                               typename Units::template Pointwise<channels(Full)>>;
  using type = Sequential<typename Units::template Conv<channels(32), Kernel<3>, Stride<2>, SamePadding>, Separable<64>,
                          Separable<128, Stride<2>>, Separable<128>, Separable<256, Stride<2>>, Separable<256>,
                          Separable<512, Stride<2>>, Separable<512>, Separable<512>, Separable<512>, Separable<512>,
                          Separable<512>, Separable<1024, Stride<2>>, Separable<1024>>;
};

template <std::size_t WidthPercent, std::size_t Classes, class Units>
using MobileNetV1 = Sequential<Named<"features", typename MobileNetV1Features<WidthPercent, Units>::type>,
                               Named<"", PooledClassifier<Linear<Classes>>>>;

}  // namespace detail

/// Howard et al., "MobileNets: Efficient Convolutional Neural Networks for Mobile Vision Applications",
/// arXiv 1704.04861. For 224x224x3; padding as in the authors' implementation (SAME).
template <std::size_t WidthPercent = 100, std::size_t Classes = 1000>
using MobileNetV1 = detail::MobileNetV1<WidthPercent, Classes, BatchNormed<ReLU>>;

}  // namespace ctnn::zoo
