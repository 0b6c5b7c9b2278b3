/// Softmax over the channels of every pixel.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/numeric/format.hpp>
#include <ctnn/numeric/math.hpp>
#include <ctnn/simd/math.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

namespace detail {

/// The largest of n numbers, or not-a-number where one is none. Four vectors at a time, for the latency of a
/// comparison.
template <class Isa, class T>
constexpr float largest_of(const T* x, std::size_t n) {
  using V = simd::Vector<float, Isa>;
  constexpr float lowest = -std::numeric_limits<float>::infinity();
  std::array<V, 4> largest{V(lowest), V(lowest), V(lowest), V(lowest)};
  std::size_t i = 0;
  for (; i + 4 * Isa::lanes <= n; i += 4 * Isa::lanes) {
    simd::unroll<4>([&](auto k) CTNN_INLINE_LAMBDA {
      largest[k] = simd::max_or_nan(largest[k], simd::load<Isa>(x + i + k * Isa::lanes));
    });
  }
  for (; i < n; i += Isa::lanes) {
    largest[0] = simd::max_or_nan(largest[0], simd::load_up_to_or<Isa>(x + i, n - i, lowest));
  }
  const V joined = simd::max_or_nan(simd::max_or_nan(largest[0], largest[1]), simd::max_or_nan(largest[2], largest[3]));
  return simd::reduce<Isa, float>(joined, [](float a, float b) { return simd::max_or_nan(a, b); });
}

}  // namespace detail

/// y = e^(x - max) / sum of the same, channels-last, within 3 + |x - max| ulp for up to thousands of channels. y may be
/// x. Infinite or not-a-number inputs make their pixel not-a-number, but for -infinity, of which there may be some.
template <class Isa, Layout in, Layout out, class T>
constexpr void softmax(const T* x, T* y) {
  static_assert(!in.planar && !out.planar);
  using V = simd::Vector<float, Isa>;
  constexpr std::size_t whole = in.channels / Isa::lanes * Isa::lanes;
  constexpr std::size_t tail = in.channels - whole;
  for (std::size_t row = 0; row < in.height; ++row) {
    for (std::size_t column = 0; column < in.width; ++column) {
      const T* pixel = x + in.at(row, column, 0);
      T* result = y + out.at(row, column, 0);
      const V largest(detail::largest_of<Isa>(pixel, in.channels));
      // Summed by blocks: one long sum would round small terms away.
      constexpr std::size_t block = 128 * Isa::lanes;
      V sum(0.0F);
      for (std::size_t first = 0; first < whole; first += block) {
        V part(0.0F);
        for (std::size_t c = first; c < std::min(first + block, whole); c += Isa::lanes) {
          const V e = simd::exp(simd::load<Isa>(pixel + c) - largest);
          simd::store<Isa>(result + c, e);
          part = part + e;
        }
        sum = sum + part;
      }
      V last(0.0F);  // stays in a register
      if constexpr (tail != 0) {
        constexpr float nothing = -std::numeric_limits<float>::infinity();  // e^ of it is 0
        last = simd::exp(simd::load_up_to_or<Isa>(pixel + whole, tail, nothing) - largest);
      }
      const float total = simd::reduce<Isa, float>(sum + last, [](float a, float b) { return a + b; });
      const V scale(1.0F / total);
      for (std::size_t c = 0; c < whole; c += Isa::lanes) {
        simd::store<Isa>(result + c, simd::load<Isa>(result + c) * scale);
      }
      if constexpr (tail != 0) simd::store_up_to<Isa>(result + whole, last * scale, tail);
    }
  }
}

/// Softmax of integers: exponentials from a table, summed in float in the channels' order, then rounded. The arithmetic
/// of TensorFlow Lite's kernels for x86, ARM and WebAssembly.
struct IntegerSoftmax {
  std::array<float, 256> exponentials{};  // e^(-scale i): of how far an integer is below the largest
  float steps = 0.0F;                     // of the output in 1

  constexpr IntegerSoftmax() = default;
  constexpr IntegerSoftmax(float input_scale, float output_scale) : steps{1.0F / output_scale} {
    for (std::size_t i = 0; i < exponentials.size(); ++i) {
      // in double, which rounds to the same float with every mathematical library
      exponentials[i] = static_cast<float>(numeric::exp(static_cast<double>(-input_scale * static_cast<float>(i))));
    }
  }

  template <Quantized N, Layout in, Layout out, class T>
  constexpr void run(const T* x, T* y) const {
    static_assert(!in.planar && !out.planar);
    for (std::size_t row = 0; row < in.height; ++row) {
      for (std::size_t column = 0; column < in.width; ++column) {
        const T* pixel = x + in.at(row, column, 0);
        T* result = y + out.at(row, column, 0);
        const std::int32_t largest = *std::max_element(pixel, pixel + in.channels);
        const auto exponential = [&](T q) { return exponentials[static_cast<std::size_t>(largest - q)]; };
        float sum = 0.0F;
        for (std::size_t c = 0; c < in.channels; ++c) sum += exponential(pixel[c]);
        const float scale = steps / sum;
        for (std::size_t c = 0; c < in.channels; ++c) {
          // bounded before it is rounded, so that no compiler fuses the product with the rounding's sums; what is no
          // number, from a damaged scale, becomes the bound
          const float probability = std::min(steps, exponential(pixel[c]) * scale);
          result[c] = N::Quantization::saturate(N::Rounding::round(probability) + N::Quantization::lowest);
        }
      }
    }
  }
};

}  // namespace ctnn::kernels
