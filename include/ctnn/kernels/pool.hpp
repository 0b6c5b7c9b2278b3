/// Windows reduced channel by channel: maximum and mean, sliding and adaptive. One body for vectors of channels and,
/// with isa::Scalar, for constant expressions; of planar images for vectors of pixels.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/epilogue.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/numeric/float16.hpp>
#include <ctnn/numeric/format.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// A pool of an input extent.
struct Pool2d {
  Extent in, out;
  Window window;
  bool adaptive = false;      ///< windows divide the input evenly; `window` is ignored
  bool count_padding = true;  ///< the mean's divisor counts padded zeros
  std::size_t divisor = 0;    ///< the mean's divisor where not 0
};

/// One axis of one window: taps at first, first + step, ... `count` of them inside the input, `padded` with the
/// padding.
struct PoolSpan {
  std::size_t first, step, count, padded;
};

/// Window number `out` of an axis.
constexpr PoolSpan pool_span(std::size_t out, std::size_t taps, std::size_t stride, std::size_t dilation,
                             std::size_t pad, std::size_t pad_after, std::size_t size) {
  const TapRange inside = taps_inside(out, stride, dilation, taps, pad, size);
  // a window that hangs over the padded input (ceil mode) counts only what is padded
  const std::size_t padded = taps_inside(out, stride, dilation, taps, 0, size + pad + pad_after).last;
  return {out * stride + inside.first * dilation - std::min(pad, out * stride + inside.first * dilation), dilation,
          inside.last - inside.first, padded};
}
/// Window number `out` of `windows` that divide an axis: [floor(i * size / n), ceil((i + 1) * size / n)).
constexpr PoolSpan adaptive_span(std::size_t out, std::size_t windows, std::size_t size) {
  const std::size_t first = out * size / windows, last = ((out + 1) * size + windows - 1) / windows;
  return {first, 1, last - first, last - first};
}

/// The largest element; not a number where there is one.
struct Maximum {
  template <class T>
  using Accumulator = numeric::Arithmetic<T>;
  template <class T>
  static constexpr T start() {
    return std::numeric_limits<T>::has_infinity ? -std::numeric_limits<T>::infinity()
                                                : std::numeric_limits<T>::lowest();
  }
  template <class V, class X>
  static constexpr V add(V sum, X x) {
    return simd::max_or_nan(x, sum);  // not-a-number is looked for in x, off the chain of sums
  }
  template <class V>
  static constexpr V finish(V sum, std::size_t /*count*/) {
    return sum;
  }
};

/// The mean. Of integers the sum: how they are rounded is their format's affair.
struct Mean {
  template <class T>
  using Accumulator = std::conditional_t<std::is_integral_v<T>, std::int32_t, numeric::Arithmetic<T>>;
  template <class T>
  static constexpr T start() {
    return T{0};
  }
  template <class V, class X>
  static constexpr V add(V sum, X x) {
    return sum + x;
  }
  template <class V>
  static constexpr V finish(V sum, std::size_t count) {
    return simd::divide(sum, V(static_cast<float>(count)));
  }
};

/// Whether a pool's planar loop can: windows along a row begin one or two pixels apart.
constexpr bool pools_planes(const Pool2d& p) { return !p.adaptive && p.window.stride_width <= 2; }

/// The windows of row or column number `out`.
constexpr PoolSpan rows_of(const Pool2d& p, std::size_t out) {
  const Window& w = p.window;
  return p.adaptive
             ? adaptive_span(out, p.out.height, p.in.height)
             : pool_span(out, w.height, w.stride_height, w.dilation_height, w.pad_top, w.pad_bottom, p.in.height);
}
constexpr PoolSpan columns_of(const Pool2d& p, std::size_t out) {
  const Window& w = p.window;
  return p.adaptive ? adaptive_span(out, p.out.width, p.in.width)
                    : pool_span(out, w.width, w.stride_width, w.dilation_width, w.pad_left, w.pad_right, p.in.width);
}

/// What the mean divides by.
constexpr std::size_t divisor_of(const Pool2d& p, const PoolSpan& rows, const PoolSpan& columns) {
  if (p.divisor != 0) return p.divisor;
  return p.count_padding ? rows.padded * columns.padded : rows.count * columns.count;
}

/// n neighbouring outputs from (oh, ow, c) on, in Vectors: of a planar input pixels whose windows are all inside, of
/// any other channels. `rows` and `columns` are the first output's window.
template <class Isa, class Reduction, Pool2d p, Layout in, Layout out, std::size_t Vectors, class T>
CTNN_ALWAYS_INLINE constexpr void pool_lanes(const T* x, T* y, const PoolSpan& rows, const PoolSpan& columns,
                                             std::size_t oh, std::size_t ow, std::size_t c, std::size_t n) {
  using Sum = typename Reduction::template Accumulator<T>;
  constexpr std::size_t step = in.is_planar() && pools_planes(p) ? p.window.stride_width : 1;
  const T* corner = x + in.at(rows.first, columns.first, c);
  simd::Vector<Sum, Isa> sum[Vectors];
  simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA { sum[v] = Reduction::template start<Sum>(); });
  for (std::size_t row = 0; row < rows.count; ++row) {
    for (std::size_t column = 0; column < columns.count; ++column) {
      const T* tap = corner + row * rows.step * in.row_stride() + column * columns.step * in.pixel_stride();
      simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
        const auto x_v = simd::load_steps<Isa, step>(tap + v * Isa::lanes, n - v * Isa::lanes);
        sum[v] = Reduction::add(sum[v], static_cast<simd::Vector<Sum, Isa>>(x_v));
      });
    }
  }
  simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
    const auto mean_or_maximum =
        static_cast<simd::Vector<T, Isa>>(Reduction::finish(sum[v], divisor_of(p, rows, columns)));
    T* result = y + out.at(oh, ow, c + v * Isa::lanes);
    if constexpr (in.is_planar() == out.is_planar() || Isa::lanes == 1) {
      simd::store_up_to<Isa>(result, mean_or_maximum, n - v * Isa::lanes);
    } else {
      static_assert(Vectors == 1);
      alignas(64) std::array<T, Isa::lanes> pixels;
      simd::store<Isa>(pixels.data(), mean_or_maximum);
      for (std::size_t i = 0; i < n; ++i) result[i * out.pixel_stride()] = pixels[i];
    }
  });
}

/// Output rows of y = reduction over each window of x. Of a planar input vectors of pixels, of any other vectors of
/// channels; the output lies as the input does, or channels-last.
template <class Isa, class Reduction, Pool2d p, Layout in, Layout out, class T>
constexpr void pool_rows(const T* x, T* y, const Rows& range) {
  static_assert(in.planar ? pools_planes(p) : !out.planar);
  constexpr Window w = p.window;
  for (std::size_t oh = range.first; oh < range.last; ++oh) {
    const PoolSpan rows = rows_of(p, oh);
    if constexpr (in.is_planar() && pools_planes(p)) {
      // windows [first, last) lie inside the input: vectors, the last of which overlaps its neighbour; others one by
      // one
      constexpr std::size_t ends = p.in.width + w.pad_left, span = w.span_width();
      constexpr std::size_t last = ends < span ? 0 : std::min(p.out.width, (ends - span) / w.stride_width + 1);
      constexpr std::size_t first = std::min(last, (w.pad_left + w.stride_width - 1) / w.stride_width);
      constexpr std::size_t n = std::min(Isa::lanes, last - first);
      for (std::size_t c = 0; c < p.in.channels; ++c) {
        const auto run = [&](std::size_t ow, std::size_t length) CTNN_INLINE_LAMBDA {
          pool_lanes<Isa, Reduction, p, in, out, 1>(x, y, rows, columns_of(p, ow), oh, ow, c, length);
        };
        for (std::size_t ow = 0; ow < first; ++ow) run(ow, 1);
        for (std::size_t ow = first; ow < last; ow += Isa::lanes) run(std::min(ow, last - n), n);
        for (std::size_t ow = last; ow < p.out.width; ++ow) run(ow, 1);
      }
    } else {
      for (std::size_t ow = 0; ow < p.out.width; ++ow) {
        const PoolSpan columns = columns_of(p, ow);
        // Eight vectors: no sum waits for the one before, and lines are read in order (the mean of 112 x 112 x 32 twice
        // as fast, of 56 x 56 x 144 1.5 times).
        constexpr std::size_t most = in.is_planar() == out.is_planar() ? 8 : 1;
        constexpr std::size_t block = most * Isa::lanes, whole = p.in.channels / block * block;
        for (std::size_t c = 0; c < whole; c += block) {
          pool_lanes<Isa, Reduction, p, in, out, most>(x, y, rows, columns, oh, ow, c, block);
        }
        if constexpr (constexpr std::size_t rest = p.in.channels - whole; rest != 0) {
          pool_lanes<Isa, Reduction, p, in, out, blocks(rest, Isa::lanes)>(x, y, rows, columns, oh, ow, whole, rest);
        }
      }
    }
  }
}

/// All output rows.
template <class Isa, class Reduction, Pool2d p, Layout in, Layout out, class T>
constexpr void pool(const T* x, T* y) {
  pool_rows<Isa, Reduction, p, in, out>(x, y, {0, p.out.height});
}

/// What makes an integer pool's results of its reductions: the maximum itself.
struct MaximumItself {
  template <class T>
  constexpr T operator()(T maximum, std::size_t /*divisor*/, std::size_t /*inside*/) const {
    return maximum;
  }
};

/// The rounded mean of windows; zeros in the padding are zero points.
template <Quantized N>
struct RoundedMean {
  std::int32_t zero_point = 0;

  template <class Int, class... Divide>
  [[nodiscard]] constexpr Int mean(const Int& sum, std::size_t divisor, std::size_t inside,
                                   const Divide&... divide) const {
    const auto n = static_cast<std::int32_t>(divisor), outside = n - static_cast<std::int32_t>(inside);
    return N::Rounding::mean(sum + outside * zero_point, n, zero_point, divide...);
  }
  constexpr typename N::Activation operator()(std::int32_t sum, std::size_t divisor, std::size_t inside) const {
    return N::Quantization::saturate(mean(sum, divisor, inside));
  }
  /// Of n neighbouring vectors' lanes, which end in the last of them; Quotients divides (simd/integer.hpp).
  template <class Isa, class Quotients, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void store(typename N::Activation* y, const simd::IntSum<Isa> (&sums)[Vectors],
                                std::size_t divisor, std::size_t inside, std::size_t n) const {
    simd::IntSum<Isa> means[Vectors];
    simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA { means[v] = mean(sums[v], divisor, inside, Quotients{}); });
    simd::store_clamped_bytes<Isa>(y, means, N::Quantization::lowest, N::Quantization::highest, n);
  }
};

/// The mean of a whole image at a scale of its own.
template <Quantized N>
struct RescaledMean {
  bool keeps_scale = true;
  std::int32_t zero_point = 0;
  Requantization<N, 1> sum;  // scales sums

  constexpr typename N::Activation operator()(std::int32_t all, std::size_t divisor, std::size_t inside) const {
    if (keeps_scale) return RoundedMean<N>{zero_point}(all, divisor, inside);
    return sum(all - static_cast<std::int32_t>(divisor) * zero_point);
  }
  template <class Isa, class Quotients, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void store(typename N::Activation* y, const simd::IntSum<Isa> (&sums)[Vectors],
                                std::size_t divisor, std::size_t inside, std::size_t n) const {
    if (keeps_scale) return RoundedMean<N>{zero_point}.template store<Isa, Quotients>(y, sums, divisor, inside, n);
    simd::IntSum<Isa> real[Vectors];
    simd::unroll<Vectors>(
        [&](auto v) CTNN_INLINE_LAMBDA { real[v] = sums[v] - static_cast<std::int32_t>(divisor) * zero_point; });
    VectorRequantization<N, 1>{&sum}.template store<Isa>(y, 0, real, 0, n);
  }
};

/// Vectors of neighbouring channels of an output pixel, n in all, which end in the last vector. x is the window's first
/// tap, y the result.
template <class Isa, class Reduction, Pool2d p, Layout in, std::size_t Vectors, class T, class Finish>
CTNN_ALWAYS_INLINE void pool_bytes(const T* x, T* y, const PoolSpan& rows, const PoolSpan& columns, std::size_t n,
                                   const Finish& finish) {
  constexpr bool sums = std::is_same_v<Reduction, Mean>;
  using V = std::conditional_t<sums, simd::IntSum<Isa>, simd::Bytes<T, Isa>>;
  constexpr std::size_t width = sizeof(V) / sizeof(typename Reduction::template Accumulator<T>);
  V all[Vectors];
  simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
    all[v] = V{} + Reduction::template start<typename Reduction::template Accumulator<T>>();
  });
  for (std::size_t row = 0; row < rows.count; ++row) {
    for (std::size_t column = 0; column < columns.count; ++column) {
      const T* tap = x + row * rows.step * in.row_stride() + column * columns.step * in.pixel_stride();
      simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
        if constexpr (sums) {
          all[v] += simd::load_bytes<Isa>(tap + v * width, n - v * width);
        } else {
          all[v] = simd::larger<Isa, T>(all[v], simd::load_full<Isa>(tap + v * width, n - v * width));
        }
      });
    }
  }
  if constexpr (sums) {
    // sums of so few bytes, and zero points, are below 2^22
    constexpr std::size_t most = std::max(p.divisor, p.adaptive ? p.in.pixels() : p.window.height * p.window.width);
    using Quotients = simd::FloorOfQuotients<Isa, std::conditional_t<(most <= 4096), float, double>>;
    finish.template store<Isa, Quotients>(y, all, divisor_of(p, rows, columns), rows.count * columns.count, n);
  } else {
    simd::unroll<Vectors>([&](auto v)
                              CTNN_INLINE_LAMBDA { simd::store_full<Isa, T>(y + v * width, all[v], n - v * width); });
  }
}

/// y = finish(reduction over each window, divisor, taps inside the input) of integers, channels-last.
template <class Isa, class Reduction, Pool2d p, Layout in, Layout out, class T, class Finish>
constexpr void pool_integers(const T* x, T* y, const Finish& finish) {
  static_assert(!in.planar && !out.planar);
  using Sum = typename Reduction::template Accumulator<T>;
  for (std::size_t oh = 0; oh < p.out.height; ++oh) {
    const PoolSpan rows = rows_of(p, oh);
    for (std::size_t ow = 0; ow < p.out.width; ++ow) {
      const PoolSpan columns = columns_of(p, ow);
      const T* corner = x + in.at(rows.first, columns.first, 0);
      T* result = y + out.at(oh, ow, 0);
      if constexpr (Isa::lanes > 1) {
        constexpr std::size_t width = std::is_same_v<Reduction, Mean> ? Isa::lanes : 4 * Isa::lanes;
        constexpr std::size_t block = 4 * width, whole = p.in.channels / block * block, rest = p.in.channels - whole;
        for (std::size_t c = 0; c < whole; c += block) {
          pool_bytes<Isa, Reduction, p, in, 4>(corner + c, result + c, rows, columns, block, finish);
        }
        if constexpr (rest != 0) {
          pool_bytes<Isa, Reduction, p, in, blocks(rest, width)>(corner + whole, result + whole, rows, columns, rest,
                                                                 finish);
        }
      } else {
        const std::size_t divisor = divisor_of(p, rows, columns), inside = rows.count * columns.count;
        for (std::size_t c = 0; c < p.in.channels; ++c) {
          Sum sum = Reduction::template start<Sum>();
          for (std::size_t row = 0; row < rows.count; ++row) {
            for (std::size_t column = 0; column < columns.count; ++column) {
              const T tap = corner[row * rows.step * in.row_stride() + column * columns.step * in.pixel_stride() + c];
              sum = Reduction::add(sum, static_cast<Sum>(tap));
            }
          }
          result[c] = finish(sum, divisor, inside);
        }
      }
    }
  }
}

}  // namespace ctnn::kernels
