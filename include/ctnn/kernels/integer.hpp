/// Element-wise functions of integer tensors, as loops that compilers make vectors of.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/activation.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/numeric/format.hpp>
#include <ctnn/simd/byte_table.hpp>
#include <ctnn/simd/integer.hpp>

namespace ctnn::kernels {

/// y[i] = f(i) for i < n. f may read what is at y + i: results go through a buffer, which is also what lets a compiler
/// make vectors of the loop without asking whether the tensors overlap.
template <class T, class F>
CTNN_ALWAYS_INLINE constexpr void generate(T* y, std::size_t n, F f) {
  constexpr std::size_t block = 64;  // bytes of a cache line
  std::size_t first = 0;
  for (; first + block <= n; first += block) {
    std::array<T, block> results{};
    for (std::size_t i = 0; i < block; ++i) results[i] = f(first + i);
    std::copy(results.begin(), results.end(), y + first);
  }
  for (; first < n; ++first) y[first] = f(first);
}

/// A function of 8-bit integers by its 256 values.
template <std::integral T>
  requires(sizeof(T) == 1)
struct Table {
  std::array<T, 256> values{};  // of 0 to 127, then of the negative ones (or 128 to 255)

  /// f of every integer.
  template <class F>
  constexpr void fill(F f) {
    for (std::int32_t q = std::numeric_limits<T>::min(); q <= std::numeric_limits<T>::max(); ++q) {
      values[static_cast<std::uint8_t>(q)] = f(q);
    }
  }
  constexpr T operator()(T q) const { return values[static_cast<std::uint8_t>(q)]; }
};

/// y = table(x), channels-last or of one layout. y may be x where the layouts are the same.
template <class Isa, Layout in, Layout out, class T>
constexpr void look_up(const Table<T>& table, const T* x, T* y) {
  if constexpr (simd::looks_up_bytes<Isa>) {
    const simd::ByteTable<Isa> values{reinterpret_cast<const std::uint8_t*>(table.values.data())};
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(x);
    auto* results = reinterpret_cast<std::uint8_t*>(y);
    for_each_run<in, out>([&](std::size_t from, std::size_t to, std::size_t length) {
      const auto step = [&](std::size_t i, std::size_t n) CTNN_INLINE_LAMBDA {
        simd::store_full<Isa, std::uint8_t>(results + to + i, values(simd::load_full<Isa>(bytes + from + i, n)), n);
      };
      constexpr std::size_t width = 4 * Isa::lanes;
      std::size_t i = 0;
      for (; i + width <= length; i += width) step(i, width);
      if (i < length) step(i, length - i);
    });
  } else {
    for_each_run<in, out>([&](std::size_t from, std::size_t to, std::size_t length) {
      generate(y + to, length, [&](std::size_t i) { return table(x[from + i]); });
    });
  }
}

/// The table of an activation function between two quantizations. A function that multiplies negative arguments is
/// scaled as accumulators are, as TensorFlow Lite's; any other is evaluated and its result rounded.
template <class F, Quantized N>
constexpr void tabulate(Table<typename N::Activation>& table, const typename N::Quantization& input,
                        const typename N::Quantization& output) {
  using Scale = typename N::Rounding::Scale;
  if constexpr (LeakyFunction<F>) {
    const Scale positive{static_cast<double>(input.scale / output.scale)};
    const Scale negative{static_cast<double>(input.scale * (F::slope < 0 ? -F::slope : F::slope) / output.scale)};
    table.fill([&](std::int32_t q) {
      const std::int32_t x = q - input.zero_point;
      const std::int64_t y = x >= 0 ? positive.scale(x) : negative.scale(F::slope < 0 ? -x : x);
      return N::Quantization::saturate(y + output.zero_point);
    });
  } else {
    // in double, which rounds to the same float with every mathematical library
    table.fill([&](std::int32_t q) {
      const float x = input.dequantize(static_cast<typename N::Activation>(q));
      return output.quantize(static_cast<float>(F{}(static_cast<double>(x))));
    });
  }
}

}  // namespace ctnn::kernels
