/// Convolutions: one machinery, of which Conv2d, Conv1d and the depthwise, pointwise and separable forms are
/// parameters.
#pragma once

#include <algorithm>
#include <cstddef>
#include <optional>
#include <type_traits>

#include <ctnn/core/option.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/sequential.hpp>

namespace ctnn {

namespace detail {

/// Output size of a window along an axis, 0 where the window does not fit.
constexpr std::size_t windows_along(std::size_t in, std::size_t span, std::size_t stride, std::size_t pad) {
  return in + pad < span ? 0 : (in + pad - span) / stride + 1;
}

/// Zeros before and after an axis such that the output is ceil(in / stride).
struct Pads {
  std::size_t before, after;
};
constexpr Pads same_pads(std::size_t in, std::size_t span, std::size_t stride) {
  const std::size_t reach = ((in + stride - 1) / stride - 1) * stride + span;
  const std::size_t total = reach > in ? reach - in : 0;
  return {total / 2, total - total / 2};
}

/// The window that a layer's options describe on an input. In one dimension the options' single numbers are widths.
template <std::size_t Dimensions, class DefaultStride, class... Options>
constexpr kernels::Window window_of(const Extent& in) {
  using K = find_option<option::kernel, Kernel<1>, Options...>;
  using S = find_option<option::stride, DefaultStride, Options...>;
  using D = find_option<option::dilation, Dilation<1>, Options...>;
  using P = find_option<option::padding, Padding<0>, Options...>;
  constexpr bool flat = Dimensions == 1;
  kernels::Window w{.height = flat ? 1 : K::height,
                    .width = flat ? K::height : K::width,
                    .stride_height = flat ? 1 : S::height,
                    .stride_width = flat ? S::height : S::width,
                    .dilation_height = flat ? 1 : D::height,
                    .dilation_width = flat ? D::height : D::width};
  if constexpr (std::is_same_v<P, SamePadding>) {
    const Pads rows = same_pads(in.height, w.span_height(), w.stride_height);
    const Pads columns = same_pads(in.width, w.span_width(), w.stride_width);
    w.pad_top = rows.before, w.pad_bottom = rows.after, w.pad_left = columns.before, w.pad_right = columns.after;
  } else if constexpr (flat) {
    w.pad_left = P::amounts[0], w.pad_right = P::amounts[P::count - 1];
  } else if constexpr (P::count == 4) {
    w.pad_top = P::amounts[0], w.pad_bottom = P::amounts[1], w.pad_left = P::amounts[2], w.pad_right = P::amounts[3];
  } else {
    w.pad_top = w.pad_bottom = P::amounts[0], w.pad_left = w.pad_right = P::amounts[P::count - 1];
  }
  return w;
}

template <class Option>
inline constexpr bool is_flat_option = [] {
  if constexpr (requires {
                  Option::height;
                  Option::width;
                }) {
    return Option::height == Option::width;
  } else if constexpr (requires { Option::amounts; }) {
    return Option::count <= 2;
  } else {
    return true;
  }
}();
/// One number per axis is all a one-dimensional layer takes.
template <class Option>
concept flat_option = is_flat_option<Option>;  // not a lambda here: Clang 14 takes none in a concept

template <class... Options>
inline constexpr bool is_positive_window = [] {
  using K = find_option<option::kernel, Kernel<1>, Options...>;
  using S = find_option<option::stride, Stride<1>, Options...>;
  using D = find_option<option::dilation, Dilation<1>, Options...>;
  return K::height * K::width * S::height * S::width * D::height * D::width != 0;
}();
/// No size of a window is 0.
template <class... Options>
concept positive_window = is_positive_window<Options...>;

/// The algorithm is left to the library.
struct AnyAlgorithm {
  static constexpr std::optional<Algorithm> choice = std::nullopt;
};

template <std::size_t Dimensions, class... Options>
inline constexpr bool can_use = [] {
  constexpr std::optional<Algorithm> choice = find_option<option::algorithm, AnyAlgorithm, Options...>::choice;
  const kernels::Convolution2d g{.in = {},
                                 .out = {},
                                 .window = window_of<Dimensions, Stride<1>, Options...>({}),
                                 .groups = find_option<option::groups, Groups<1>, Options...>::count};
  return !choice || !kernels::transforms(*choice) || kernels::transform_can(*choice, g);
}();
/// The algorithm of Use, where there is one, can run that window: no stride, dilation or groups for Winograd's and the
/// Fourier transform's; Kernel<3> or Kernel<5> in two dimensions for Winograd's, up to Kernel<13> for the latter.
template <std::size_t Dimensions, class... Options>
concept algorithm_runs_window = can_use<Dimensions, Options...>;

/// What a convolution of `Width` (0: as many channels as the input, times the multiplier) makes of an input.
template <std::size_t Dimensions, std::size_t Width, class... Options>
struct ConvolutionRule {
  static constexpr bool depthwise = Width == 0;
  static constexpr std::size_t multiplier = find_option<option::multiplier, ChannelMultiplier<1>, Options...>::count;

  static constexpr std::size_t groups(const Extent& in) {
    return depthwise ? in.channels : find_option<option::groups, Groups<1>, Options...>::count;
  }
  static constexpr std::size_t outputs(const Extent& in) { return depthwise ? in.channels * multiplier : Width; }

  template <class In>
  static constexpr bool right_rank = AnyShape<In>&& In::rank == Dimensions + 1;
  static constexpr bool groups_divide(const Extent& in) {
    return groups(in) != 0 && in.channels % groups(in) == 0 && outputs(in) % groups(in) == 0;
  }
  static constexpr kernels::Convolution2d geometry(const Extent& in) {
    const auto w = window_of<Dimensions, Stride<1>, Options...>(in);
    return {.in = in,
            .out = {windows_along(in.height, w.span_height(), w.stride_height, w.pad_top + w.pad_bottom),
                    windows_along(in.width, w.span_width(), w.stride_width, w.pad_left + w.pad_right), outputs(in)},
            .window = w,
            .groups = groups(in)};
  }
  static constexpr bool window_fits(const Extent& in) {
    const auto g = geometry(in);
    return g.out.height * g.out.width != 0;
  }
  template <class In>
  static constexpr bool fits = [] {
    if constexpr (right_rank<In>) {
      return groups_divide(extent_of<In>) && window_fits(extent_of<In>);
    } else {
      return false;
    }
  }();
};

/// A convolution bound to an input.
template <AnyShape In, std::size_t Dimensions, kernels::Convolution2d g, bool has_bias, class Choice = AnyAlgorithm>
struct ConvolutionOn {
  using Input = In;
  using Output = ShapeOf<Dimensions + 1, g.out>;
  static constexpr kernels::Convolution2d geometry = g;
  static constexpr std::optional<Algorithm> use = Choice::choice;
  static constexpr Traits traits{.operation = Operation::linear, .rescales = true};

  using Weight = std::conditional_t<Dimensions == 1, Shape<g.out.channels, g.group_inputs(), g.window.width>,
                                    Shape<g.out.channels, g.group_inputs(), g.window.height, g.window.width>>;
  using Bias = Shape<g.out.channels>;
  using Parameters =
      std::conditional_t<has_bias, ParameterList<Parameter<"weight", Weight>, Parameter<"bias", Bias, Role::bias>>,
                         ParameterList<Parameter<"weight", Weight>>>;
  static constexpr Cost cost{.macs = g.out.size() * g.taps(),
                             .elementwise_ops = has_bias ? g.out.size() : 0,
                             .params = Parameters::count,
                             .memory_access = g.in.size() + g.out.size() + Weight::size};

  template <NumberFormat N, class Isa, kernels::Algorithm algorithm, kernels::Layout in, kernels::Layout out>
  using Kernel = kernels::Convolution<N, Isa, algorithm, g, in, out>;
};

using ConvolutionOptions = OptionKinds<option::kernel, option::stride, option::padding, option::dilation,
                                       option::groups, option::bias, option::algorithm>;
using DepthwiseOptions =
    OptionKinds<option::kernel, option::stride, option::padding, option::dilation, option::multiplier, option::bias>;

}  // namespace detail

/// Satisfied by the options of a convolution: Kernel (1 by default), Stride, Padding or SamePadding, Dilation, Groups,
/// NoBias, Use; each at most once, no size 0.
template <class... Options>
concept ConvOptions = options_for<detail::ConvolutionOptions, Options...> && detail::positive_window<Options...>;

/// Satisfied by the options of a depthwise convolution: those of a convolution, ChannelMultiplier instead of Groups.
template <class... Options>
concept DepthwiseConvOptions = options_for<detail::DepthwiseOptions, Options...> && detail::positive_window<Options...>;

/// Two-dimensional convolution (cross-correlation, as in every framework).
/// Input Shape<H, W, C>; output Shape<OH, OW, Outputs> with OH = (H + pads - dilation * (KH - 1) - 1) / stride + 1,
/// likewise OW; parameters weight (Outputs, C / groups, KH, KW), bias (Outputs). Cost: OH * OW * Outputs * KH * KW * C
/// / groups multiply-accumulates.
template <std::size_t Outputs, class... Options>
  requires(Outputs > 0)
&&ConvOptions<Options...>&& detail::algorithm_runs_window<2, Options...> struct Conv2d {
 private:
  using Rule = detail::ConvolutionRule<2, Outputs, Options...>;

 public:
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(Rule::template right_rank<In>, "Conv2d: the input must be an image, Shape<height, width, channels>");
    if constexpr (Rule::template right_rank<In>) {
      static_assert(Rule::groups_divide(extent_of<In>),
                    "Conv2d: Groups must divide both the input channels and the output channels");
      if constexpr (Rule::groups_divide(extent_of<In>)) {
        static_assert(Rule::window_fits(extent_of<In>), "Conv2d: the dilated kernel is larger than the padded input");
      }
    }
  }
  template <AnyShape In>
    requires(Rule::template fits<In>)
  struct On : detail::ConvolutionOn<In, 2, Rule::geometry(extent_of<In>), !has_option<option::bias, Options...>,
                                    find_option<option::algorithm, detail::AnyAlgorithm, Options...>> {};
};

/// One-dimensional convolution. Input Shape<L, C>; output Shape<OL, Outputs>; parameters weight (Outputs, C / groups,
/// K), bias (Outputs). Options take one number: Kernel<3>, Stride<2>, Padding<1> (or Padding<left, right>).
template <std::size_t Outputs, class... Options>
  requires(Outputs > 0)
&&ConvOptions<Options...> &&
    (detail::flat_option<Options> && ...) && detail::algorithm_runs_window<1, Options...> struct Conv1d {
 private:
  using Rule = detail::ConvolutionRule<1, Outputs, Options...>;

 public:
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(Rule::template right_rank<In>, "Conv1d: the input must be a sequence, Shape<length, channels>");
    if constexpr (Rule::template right_rank<In>) {
      static_assert(Rule::groups_divide(extent_of<In>),
                    "Conv1d: Groups must divide both the input channels and the output channels");
      if constexpr (Rule::groups_divide(extent_of<In>)) {
        static_assert(Rule::window_fits(extent_of<In>), "Conv1d: the dilated kernel is larger than the padded input");
      }
    }
  }
  template <AnyShape In>
    requires(Rule::template fits<In>)
  struct On : detail::ConvolutionOn<In, 1, Rule::geometry(extent_of<In>), !has_option<option::bias, Options...>,
                                    find_option<option::algorithm, detail::AnyAlgorithm, Options...>> {};
};

/// Depthwise convolution: every input channel by itself, ChannelMultiplier outputs each. Parameters weight
/// (C * multiplier, 1, KH, KW), bias (C * multiplier). arXiv 1704.04861.
template <class... Options>
  requires DepthwiseConvOptions<Options...>
struct DepthwiseConv2d {
 private:
  using Rule = detail::ConvolutionRule<2, 0, Options...>;

 public:
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(Rule::template right_rank<In>,
                  "DepthwiseConv2d: the input must be an image, Shape<height, width, channels>");
    if constexpr (Rule::template right_rank<In>) {
      static_assert(Rule::window_fits(extent_of<In>),
                    "DepthwiseConv2d: the dilated kernel is larger than the padded input");
    }
  }
  template <AnyShape In>
    requires(Rule::template fits<In>)
  struct On : detail::ConvolutionOn<In, 2, Rule::geometry(extent_of<In>), !has_option<option::bias, Options...>> {};
};

/// A 1 x 1 convolution: mixes channels, pixel by pixel.
template <std::size_t Outputs, class... Options>
using PointwiseConv2d = Conv2d<Outputs, Kernel<1>, Options...>;

namespace detail {
template <std::size_t Outputs, bool has_bias>
struct PointwiseOf {
  using type = PointwiseConv2d<Outputs>;
};
template <std::size_t Outputs>
struct PointwiseOf<Outputs, false> {
  using type = PointwiseConv2d<Outputs, NoBias>;
};
}  // namespace detail

/// Depthwise, then pointwise: what a standard convolution does at 1 / Outputs + 1 / (KH * KW) of its cost. The options
/// are the depthwise part's, NoBias both's. arXiv 1704.04861.
template <std::size_t Outputs, class... Options>
using DepthwiseSeparableConv2d =
    Sequential<DepthwiseConv2d<Options...>,
               typename detail::PointwiseOf<Outputs, !has_option<option::bias, Options...>>::type>;

}  // namespace ctnn
