/// Softmax over the channels of every pixel.
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>

#include <ctnn/kernels/geometry.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// y = e^(x - max) / sum of the same, channels-last. y may be x.
template <class Isa, Layout in, Layout out>
constexpr void softmax(const float* x, float* y) {
  static_assert(!in.planar && !out.planar);
  using V = simd::Vector<float, Isa>;
  constexpr std::size_t whole = in.channels / Isa::lanes * Isa::lanes;
  constexpr std::size_t tail = in.channels - whole;
  for (std::size_t row = 0; row < in.height; ++row) {
    for (std::size_t column = 0; column < in.width; ++column) {
      const float* pixel = x + in.at(row, column, 0);
      float* result = y + out.at(row, column, 0);
      const float largest = *std::max_element(pixel, pixel + in.channels);
      V sum(0.0F);
      for (std::size_t c = 0; c < whole; c += Isa::lanes) {
        const V e = simd::exp(simd::load<Isa>(pixel + c) - V(largest));
        simd::store<Isa>(result + c, e);
        sum = sum + e;
      }
      float total = simd::reduce<Isa, float>(sum, [](float a, float b) { return a + b; });
      if constexpr (tail != 0) {
        simd::store_up_to<Isa>(result + whole, simd::exp(simd::load_up_to<Isa>(pixel + whole, tail) - V(largest)),
                               tail);
        for (std::size_t c = whole; c < in.channels; ++c) total += result[c];
      }
      const V scale(1.0F / total);
      for (std::size_t c = 0; c < in.channels; c += Isa::lanes) {
        const std::size_t n = std::min(Isa::lanes, in.channels - c);
        simd::store_up_to<Isa>(result + c, simd::load_up_to<Isa>(result + c, n) * scale, n);
      }
    }
  }
}

}  // namespace ctnn::kernels
