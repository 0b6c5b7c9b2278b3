/// What the networks of the zoo are made of: units of convolution, batch norm and activation, squeeze-and-excitation,
/// and series whose length is computed.
#pragma once

#include <algorithm>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <ctnn/core/option.hpp>
#include <ctnn/layers/activation.hpp>
#include <ctnn/layers/branches.hpp>
#include <ctnn/layers/conv.hpp>
#include <ctnn/layers/linear.hpp>
#include <ctnn/layers/normalization.hpp>
#include <ctnn/layers/pool.hpp>
#include <ctnn/layers/sequential.hpp>
#include <ctnn/layers/shape_ops.hpp>

namespace ctnn::zoo {

/// Convolutions without bias, each followed by batch norm (of those options) and the activation.
template <class Activation, class... NormOptions>
struct BatchNormed {
  using Norm = BatchNorm2d<NormOptions...>;
  template <std::size_t Outputs, class... Options>
  using Conv = Sequential<Conv2d<Outputs, Options..., NoBias>, Norm, Activation>;
  template <class... Options>
  using Depthwise = Sequential<DepthwiseConv2d<Options..., NoBias>, Norm, Activation>;
  template <std::size_t Outputs, class... Options>
  using Pointwise = Conv<Outputs, Kernel<1>, Options...>;
  /// Back to few channels, without an activation.
  template <std::size_t Outputs>
  using Projection = Sequential<PointwiseConv2d<Outputs, NoBias>, Norm>;
};

/// The same after training: batch norms folded into the convolutions' weights and biases.
template <class Activation>
struct Folded {
  template <std::size_t Outputs, class... Options>
  using Conv = Sequential<Conv2d<Outputs, Options...>, Activation>;
  template <class... Options>
  using Depthwise = Sequential<DepthwiseConv2d<Options...>, Activation>;
  template <std::size_t Outputs, class... Options>
  using Pointwise = Conv<Outputs, Kernel<1>, Options...>;
};

/// Every channel weighted by a gate that sees the mean of all: through `Squeezed` channels back to `Channels`.
/// arXiv 1709.01507.
template <std::size_t Channels, std::size_t Squeezed, class Activation, class Gate>
using SqueezeExcitation =
    Multiply<Identity, Named<"", Sequential<GlobalAvgPool2d, Named<"fc1", PointwiseConv2d<Squeezed>>, Activation,
                                            Named<"fc2", PointwiseConv2d<Channels>>, Gate>>>;

/// The end of most classifiers: the mean of every channel, then the layers as "classifier".
template <class... Layers>
using PooledClassifier = Sequential<GlobalAvgPool2d, Flatten, Named<"classifier", Sequential<Layers...>>>;

/// `channels` times a percentage, rounded to the nearest multiple of 8 but never down by more than a tenth:
/// MobileNetV2's make_divisible, EfficientNet's round_filters.
constexpr std::size_t scaled_channels(std::size_t channels, std::size_t percent) {
  const std::size_t exact = channels * percent;  // hundredths
  const std::size_t rounded = std::max<std::size_t>(8, (exact + 400) / 800 * 8);
  return 1000 * rounded < 9 * exact ? rounded + 8 : rounded;
}

namespace detail {

/// Layers that are to stand in series.
template <class... Layers>
struct List {};
template <class... A, class... B>
List<A..., B...> operator+(List<A...>, List<B...>);

/// The layers if the condition holds.
template <bool condition, class... Layers>
using ListIf = std::conditional_t<condition, List<Layers...>, List<>>;

template <template <std::size_t> class Item, std::size_t... I>
List<Item<I>...> numbered(std::index_sequence<I...>);
/// Item<0>, ..., Item<count - 1>.
template <std::size_t count, template <std::size_t> class Item>
using Numbered = decltype(numbered<Item>(std::make_index_sequence<count>{}));

template <class... Layers>
Sequential<Layers...> series(List<Layers...>);
/// The lists' layers, one after the other.
template <class... Lists>
using Series = decltype(series((Lists{} + ...)));

/// The body, added to its input if the condition holds.
template <bool condition, class Body>
using ResidualIf = std::conditional_t<condition, Residual<Body>, Sequential<Body>>;

}  // namespace detail

}  // namespace ctnn::zoo
