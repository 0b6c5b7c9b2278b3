/// Pools: windows reduced channel by channel.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <ctnn/core/option.hpp>
#include <ctnn/kernels/pool.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/conv.hpp>
#include <ctnn/layers/shape_ops.hpp>

namespace ctnn {

namespace detail {

/// Windows along an axis in ceil mode: the last may hang over the right padding, but must begin inside input or left
/// padding.
constexpr std::size_t pools_along(std::size_t in, std::size_t span, std::size_t stride, std::size_t before,
                                  std::size_t after, bool ceil_mode) {
  std::size_t n = windows_along(in, span, stride, before + after);
  if (ceil_mode && n != 0 && (in + before + after - span) % stride != 0 && n * stride < in + before) ++n;
  return n;
}

/// What a pool's options make of an image. The stride defaults to the kernel.
template <class... Options>
struct PoolRule {
  using DefaultStride = decltype([] {
    using K = find_option<option::kernel, Kernel<1>, Options...>;
    return Stride<K::height, K::width>{};
  }());
  template <ImageShape In>
  static constexpr kernels::Pool2d geometry = [] {
    constexpr Extent in = extent_of<In>;
    const auto w = window_of<2, DefaultStride, Options...>(in);
    constexpr bool ceil_mode = has_option<option::rounding, Options...>;
    return kernels::Pool2d{
        .in = in,
        .out = {pools_along(in.height, w.span_height(), w.stride_height, w.pad_top, w.pad_bottom, ceil_mode),
                pools_along(in.width, w.span_width(), w.stride_width, w.pad_left, w.pad_right, ceil_mode), in.channels},
        .window = w,
        .count_padding = !has_option<option::counting, Options...>,
        .divisor = find_option<option::divisor, Divisor<0>, Options...>::value};
  }();
  /// Padding of at most half the window, so that no window is all padding (PyTorch's rule).
  template <ImageShape In>
  static constexpr bool padding_fits = [] {
    const auto w = geometry<In>.window;
    return 2 * std::max(w.pad_top, w.pad_bottom) <= w.span_height() &&
           2 * std::max(w.pad_left, w.pad_right) <= w.span_width();
  }();
  template <AnyShape In>
  static constexpr bool fits = [] {
    if constexpr (ImageShape<In>) {
      return geometry<In>.out.size() != 0 && padding_fits<In>;
    } else {
      return false;
    }
  }();
};

/// A pool bound to an image. In integer formats the maximum and the mean keep the scale; the mean of a whole image has
/// one of its own, as it varies much less than the image.
template <AnyShape In, kernels::Pool2d p, class Reduction, std::size_t ops>
struct PoolOn {
  using Input = In;
  using Output = ShapeOf<In::rank, p.out>;
  using Parameters = NoParameters;
  static constexpr bool averages = std::is_same_v<Reduction, kernels::Mean>;
  static constexpr bool rescales = averages && p.adaptive && p.out.pixels() == 1;
  static constexpr Traits traits{.operation = kernels::pools_planes(p) ? Operation::pool : Operation::other,
                                 .rescales = rescales};
  static constexpr Cost cost{.elementwise_ops = ops, .memory_access = In::size + Output::size};
  /// How the window slides; nothing where it does not.
  static constexpr kernels::Convolution2d geometry =
      p.adaptive ? kernels::Convolution2d{}
                 : kernels::Convolution2d{.in = p.in, .out = p.out, .window = p.window, .groups = p.in.channels};

  template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout in, kernels::Layout out>
  struct Kernel {
    struct None {};
    using Packed = typename decltype([] {
      if constexpr (Floating<N>) {
        return std::type_identity<None>{};
      } else if constexpr (rescales) {
        return std::type_identity<kernels::RescaledMean<N>>{};
      } else if constexpr (averages) {
        return std::type_identity<kernels::RoundedMean<N>>{};
      } else {
        return std::type_identity<kernels::MaximumItself>{};
      }
    }())::type;

    static constexpr void pack(Packed& packed, const auto& /*fields*/, const kernels::Surroundings<N>& around) {
      if constexpr (Quantized<N> && averages) packed.zero_point = around.inputs[0].zero_point;
      if constexpr (Quantized<N> && rescales) {
        packed.keeps_scale = around.output == around.inputs[0];
        packed.sum.zero_point = around.output.zero_point;
        packed.sum.set(static_cast<double>(around.inputs[0].scale) /
                       (static_cast<double>(p.in.pixels()) * static_cast<double>(around.output.scale)));
      }
    }
    template <class T>
    static constexpr void run(const T* x, T* y, const Packed& packed, const auto&) {
      if constexpr (Floating<N>) {
        kernels::pool<Isa, Reduction, p, in, out>(x, y);
      } else {
        kernels::pool_integers<Isa, Reduction, p, in, out>(x, y, packed);
      }
    }
    template <class T>
    static void run_rows(const T* x, T* y, const Packed&, const auto&, const kernels::Rows& rows) {
      kernels::pool_rows<Isa, Reduction, p, in, out>(x, y, rows);
    }
  };
};

/// Elements that a pool's windows visit in all, padding included.
constexpr std::size_t visits(const kernels::Pool2d& p) { return p.out.size() * p.window.height * p.window.width; }
constexpr std::size_t adaptive_visits(const Extent& in, const Extent& out) {
  std::size_t rows = 0, columns = 0;
  for (std::size_t i = 0; i < out.height; ++i) rows += kernels::adaptive_span(i, out.height, in.height).count;
  for (std::size_t i = 0; i < out.width; ++i) columns += kernels::adaptive_span(i, out.width, in.width).count;
  return rows * columns * in.channels;
}

/// Windows that divide an extent evenly.
constexpr kernels::Pool2d adaptive_pool(const Extent& in, std::size_t height, std::size_t width) {
  return {.in = in, .out = {height, width, in.channels}, .window = {}, .adaptive = true};
}

}  // namespace detail

/// Satisfied by the options of MaxPool2d: Kernel, Stride (the kernel by default), Padding or SamePadding, Dilation,
/// CeilMode.
template <class... Options>
concept MaxPoolOptions =
    options_for<OptionKinds<option::kernel, option::stride, option::padding, option::dilation, option::rounding>,
                Options...> && detail::positive_window<Options...> && has_option<option::kernel, Options...>;

/// Satisfied by the options of AvgPool2d: Kernel, Stride (the kernel by default), Padding or SamePadding, CeilMode,
/// ExcludePadding, Divisor.
template <class... Options>
concept AvgPoolOptions = options_for<
    OptionKinds<option::kernel, option::stride, option::padding, option::rounding, option::counting, option::divisor>,
    Options...> && detail::positive_window<Options...> && has_option<option::kernel, Options...>;

/// The largest element of every window; padding never wins. Input Shape<H, W, C>; output Shape<OH, OW, C>.
template <class... Options>
  requires MaxPoolOptions<Options...>
struct MaxPool2d {
 private:
  using Rule = detail::PoolRule<Options...>;

 public:
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(ImageShape<In>, "MaxPool2d: the input must be an image, Shape<height, width, channels>");
    if constexpr (ImageShape<In>) {
      static_assert(Rule::template geometry<In>.out.size() != 0,
                    "MaxPool2d: the kernel is larger than the padded input");
      static_assert(Rule::template geometry<In>.out.size() == 0 || Rule::template padding_fits<In>,
                    "MaxPool2d: padding must be at most half the kernel");
    }
  }
  template <AnyShape In>
    requires(Rule::template fits<In>)
  struct On
      : detail::PoolOn<In, Rule::template geometry<In>, kernels::Maximum, detail::visits(Rule::template geometry<In>)> {
  };
};

/// The mean of every window. Input Shape<H, W, C>; output Shape<OH, OW, C>.
template <class... Options>
  requires AvgPoolOptions<Options...>
struct AvgPool2d {
 private:
  using Rule = detail::PoolRule<Options...>;

 public:
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(ImageShape<In>, "AvgPool2d: the input must be an image, Shape<height, width, channels>");
    if constexpr (ImageShape<In>) {
      static_assert(Rule::template geometry<In>.out.size() != 0,
                    "AvgPool2d: the kernel is larger than the padded input");
      static_assert(Rule::template geometry<In>.out.size() == 0 || Rule::template padding_fits<In>,
                    "AvgPool2d: padding must be at most half the kernel");
    }
  }
  template <AnyShape In>
    requires(Rule::template fits<In>)
  struct On
      : detail::PoolOn<In, Rule::template geometry<In>, kernels::Mean, detail::visits(Rule::template geometry<In>)> {};
};

namespace detail {

/// An adaptive pool bound to an image; to the size it has already, it hands the image on.
template <ImageShape In, std::size_t Height, std::size_t Width, class Reduction>
using AdaptivePoolOn =
    std::conditional_t<extent_of<In>.height == Height && extent_of<In>.width == Width, Identity::On<In>,
                       PoolOn<In, adaptive_pool(extent_of<In>, Height, Width), Reduction,
                              adaptive_visits(extent_of<In>, {Height, Width, 1})>>;

}  // namespace detail

/// The mean of windows that divide the image evenly into Height x Width. Output Shape<Height, Width, C>.
template <std::size_t Height, std::size_t Width = Height>
  requires(Height* Width > 0)
struct AdaptiveAvgPool2d {
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(ImageShape<In>, "AdaptiveAvgPool2d: the input must be an image, Shape<height, width, channels>");
  }
  template <ImageShape In>
  struct On : detail::AdaptivePoolOn<In, Height, Width, kernels::Mean> {};
};

/// The largest element of windows that divide the image evenly. Output Shape<Height, Width, C>.
template <std::size_t Height, std::size_t Width = Height>
  requires(Height* Width > 0)
struct AdaptiveMaxPool2d {
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(ImageShape<In>, "AdaptiveMaxPool2d: the input must be an image, Shape<height, width, channels>");
  }
  template <ImageShape In>
  struct On : detail::AdaptivePoolOn<In, Height, Width, kernels::Maximum> {};
};

/// Mean and maximum over the whole image: one pixel, Shape<1, 1, C>.
using GlobalAvgPool2d = AdaptiveAvgPool2d<1>;
using GlobalMaxPool2d = AdaptiveMaxPool2d<1>;

}  // namespace ctnn
