/// Position-wise functions of one or two tensors. One body for vectors and, with isa::Scalar, for constant expressions.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/numeric/rounding.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// y = f(x). y may be x where the layouts are the same.
template <class Isa, Layout in, Layout out, class T, class F>
constexpr void map(const T* x, T* y, F f) {
  for_each_run<in, out>([&](std::size_t from, std::size_t to, std::size_t length) {
    std::size_t i = 0;
    for (; i + Isa::lanes <= length; i += Isa::lanes) simd::store<Isa>(y + to + i, f(simd::load<Isa>(x + from + i)));
    if (i < length) {
      simd::store_up_to<Isa>(y + to + i, f(simd::load_up_to<Isa>(x + from + i, length - i)), length - i);
    }
  });
}

/// y = f(x, channel-wise numbers): f(vector of x, first channel, count). Channels-last. y may be x where the layouts
/// are the same.
template <class Isa, Layout in, Layout out, class T, class F>
constexpr void map_channels(const T* x, T* y, F f) {
  static_assert(!in.planar && !out.planar);
  for (std::size_t row = 0; row < in.height; ++row) {
    for (std::size_t column = 0; column < in.width; ++column) {
      const T* pixel = x + in.at(row, column, 0);
      T* result = y + out.at(row, column, 0);
      for (std::size_t c = 0; c < in.channels; c += Isa::lanes) {
        const std::size_t n = std::min(Isa::lanes, in.channels - c);
        simd::store_up_to<Isa>(result + c, f(simd::load_up_to<Isa>(pixel + c, n), c, n), n);
      }
    }
  }
}

/// y = f(a, b). y may be a or b where the layouts are the same. A second operand of one pixel applies to every pixel
/// (channels-last).
template <class Isa, Layout first, Layout second, Layout out, class T, class F>
constexpr void combine(const T* a, const T* b, T* y, F f) {
  if constexpr (first.extent() == second.extent()) {
    constexpr bool like_first = second == first;  // or as the output: a sum that grows in place
    static_assert(like_first || second == out);
    for_each_run<first, out>([&](std::size_t from, std::size_t to, std::size_t length) {
      for (std::size_t i = 0; i < length; i += Isa::lanes) {
        const std::size_t n = std::min(Isa::lanes, length - i);
        const auto left = simd::load_up_to<Isa>(a + from + i, n);
        const auto right = simd::load_up_to<Isa>(b + (like_first ? from : to) + i, n);
        simd::store_up_to<Isa>(y + to + i, f(left, right), n);
      }
    });
  } else {
    static_assert(second.height == 1 && second.width == 1 && second.channels == first.channels);
    map_channels<Isa, first, out>(
        a, y, [&](auto x, std::size_t c, std::size_t n) { return f(x, simd::load_up_to<Isa>(b + c, n)); });
  }
}

/// Whether sum_bytes does what a rounding policy's Sum does: single rounding, where products of 60 bits are scaled
/// exactly.
template <class Isa, class Rounding, std::size_t K>
inline constexpr bool sums_on_vectors = [] {
  if constexpr (Isa::lanes == 1) {
    return false;
  } else {
    return simd::scales_exactly<Isa> && std::is_same_v<Rounding, numeric::SingleRounding> && K <= 8;
  }
}();

/// The sum of K runs of bytes of different scales, as numeric::FixedPointSum. y may be one of them.
template <class Isa, class T, std::size_t K, class Sum>
void sum_bytes(const std::array<const T*, K>& x, const std::array<std::int32_t, K>& zero_points, T* y,
               std::size_t length, const Sum& sum, std::int32_t zero_point) {
  using Limits = std::numeric_limits<T>;
  using V = simd::Vector<float, Isa>;
  std::array<double, K> reals{};
  const double total = sum.total.real();
  std::array<float, K> factors{};  // the same at once, and in float
  double all_factors = 0.0, offset = zero_point;
  for (std::size_t k = 0; k < K; ++k) {
    reals[k] = Sum::unit * sum.terms[k].real();
    factors[k] = static_cast<float>(reals[k] * total);
    all_factors += reals[k] * total;
    offset -= reals[k] * total * zero_points[k];
  }
  // what is more would saturate, whatever it is
  const auto limit = static_cast<std::int32_t>(std::min(2147483647.0, static_cast<double>(1 << 30) / total));
  const auto exact = [&](std::size_t i, std::size_t n) __attribute__((noinline)) {
    simd::IntSum<Isa> all{};
    simd::unroll<K>([&](auto k) CTNN_INLINE_LAMBDA {
      all += simd::scale_floor<Isa>(simd::load_bytes<Isa>(x[k] + i, n) - zero_points[k], reals[k], 0.5);
    });
    return simd::scale_floor<Isa>(simd::clamp<Isa>(all, -limit, limit), total, 0.5 + zero_point);
  };
  // Of the factors, the offset and K sums, none of which is more than all bytes come to; and halves of the terms'
  // units.
  const double most = 255.0 * (2.0 * all_factors + 1.0);
  const auto error = static_cast<float>((K + 2) * most * 0x1p-24 + K * total);
  constexpr std::size_t vectors = 4, block = vectors * Isa::lanes;  // are packed together
  std::size_t i = 0;
  for (; error < 0.01F && i + block <= length; i += block) {
    V near[vectors];
    simd::IntSum<Isa> all[vectors];
    simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      near[v] = V(static_cast<float>(offset));
      simd::unroll<K>([&](auto k) CTNN_INLINE_LAMBDA {
        const auto term = simd::to_floats<Isa>(simd::load_bytes<Isa>(x[k] + i + v * Isa::lanes, Isa::lanes));
        near[v] = simd::fma(term, V(factors[k]), near[v]);
      });
    });
    if (!simd::nearest_if_sure<Isa>(near, error, all)) [[unlikely]] {
      simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA { all[v] = exact(i + v * Isa::lanes, Isa::lanes); });
    }
    simd::store_clamped_bytes<Isa>(y + i, all, Limits::min(), Limits::max(), block);
  }
  for (; i < length; i += Isa::lanes) {
    const auto all = exact(i, length - i);
    simd::store_bytes<Isa>(y + i, simd::clamp<Isa>(all, Limits::min(), Limits::max()), length - i);
  }
}

/// The product of K runs of bytes, requantised (epilogue.hpp).
template <class Isa, class T, std::size_t K, class Epilogue>
void multiply_bytes(const std::array<const T*, K>& x, const std::array<std::int32_t, K>& zero_points, T* y,
                    std::size_t length, const Epilogue& epilogue) {
  const auto step = [&]<std::size_t Vectors>(std::integral_constant<std::size_t, Vectors>, std::size_t i, std::size_t n)
                        CTNN_INLINE_LAMBDA {
                          simd::IntSum<Isa> product[Vectors];
                          simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
                            simd::unroll<K>([&](auto k) CTNN_INLINE_LAMBDA {
                              const auto factor = simd::load_bytes<Isa>(x[k] + i + v * Isa::lanes, n) - zero_points[k];
                              product[v] = k == 0 ? factor : product[v] * factor;
                            });
                          });
                          epilogue.template store<Isa>(y, i, product, 0, n);
                        };
  constexpr std::size_t vectors = 4, block = vectors * Isa::lanes;  // are packed together
  std::size_t i = 0;
  for (; i + block <= length; i += block) step(std::integral_constant<std::size_t, vectors>{}, i, block);
  for (; i < length; i += Isa::lanes) step(std::integral_constant<std::size_t, 1>{}, i, length - i);
}

}  // namespace ctnn::kernels
