/// Bilinear interpolation between pixels.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <ctnn/kernels/geometry.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// The two input positions an output position lies between, and the weight of the second.
struct Between {
  std::size_t first, second;
  float weight;
};

/// As PyTorch's interpolate: corners aligned, or pixel centres with clamping at the edge.
constexpr Between between(std::size_t out, std::size_t in_size, std::size_t out_size, bool align_corners) {
  const auto in = static_cast<float>(in_size), n = static_cast<float>(out_size), i = static_cast<float>(out);
  const float position = align_corners ? (out_size > 1 ? i * (in - 1.0F) / (n - 1.0F) : 0.0F)
                                       : std::max((i + 0.5F) * (in / n) - 0.5F, 0.0F);
  const std::size_t first = std::min(static_cast<std::size_t>(position), in_size - 1);
  return {first, std::min(first + 1, in_size - 1), position - static_cast<float>(first)};
}

/// y = x interpolated to the output's height and width, channels-last.
template <class Isa, Layout in, Layout out, class T>
constexpr void upsample_bilinear(const T* x, T* y, bool align_corners) {
  static_assert(!in.planar && !out.planar && in.channels == out.channels);
  using V = simd::Vector<float, Isa>;
  for (std::size_t oh = 0; oh < out.height; ++oh) {
    const Between rows = between(oh, in.height, out.height, align_corners);
    for (std::size_t ow = 0; ow < out.width; ++ow) {
      const Between columns = between(ow, in.width, out.width, align_corners);
      for (std::size_t c = 0; c < in.channels; c += Isa::lanes) {
        const std::size_t n = std::min(Isa::lanes, in.channels - c);
        const auto blend = [&](std::size_t row) {
          const V left = simd::load_up_to<Isa>(x + in.at(row, columns.first, c), n);
          const V right = simd::load_up_to<Isa>(x + in.at(row, columns.second, c), n);
          return left + (right - left) * V(columns.weight);
        };
        const V above = blend(rows.first), below = blend(rows.second);
        simd::store_up_to<Isa>(y + out.at(oh, ow, c), above + (below - above) * V(rows.weight), n);
      }
    }
  }
}

/// The same of integers: weights in 2048ths, which are exact for factors that are powers of two, one rounding.
template <class Rounding, Layout in, Layout out, class T>
constexpr void upsample_bilinear_integers(const T* x, T* y, std::int32_t zero_point, bool align_corners) {
  static_assert(!in.planar && !out.planar && in.channels == out.channels);
  constexpr std::int32_t one = 2048;  // products of two weights and 8 bits fit into 32
  const auto weight_of = [](const Between& b) { return Rounding::round(b.weight * one); };
  for (std::size_t oh = 0; oh < out.height; ++oh) {
    const Between rows = between(oh, in.height, out.height, align_corners);
    for (std::size_t ow = 0; ow < out.width; ++ow) {
      const Between columns = between(ow, in.width, out.width, align_corners);
      const std::int32_t below = weight_of(rows), right = weight_of(columns);
      const T* top_left = x + in.at(rows.first, columns.first, 0);
      const T* top_right = x + in.at(rows.first, columns.second, 0);
      const T* bottom_left = x + in.at(rows.second, columns.first, 0);
      const T* bottom_right = x + in.at(rows.second, columns.second, 0);
      T* result = y + out.at(oh, ow, 0);
      for (std::size_t c = 0; c < in.channels; ++c) {
        const std::int32_t top = top_left[c] * (one - right) + top_right[c] * right;
        const std::int32_t bottom = bottom_left[c] * (one - right) + bottom_right[c] * right;
        result[c] = static_cast<T>(Rounding::mean(top * (one - below) + bottom * below, one * one, zero_point));
      }
    }
  }
}

}  // namespace ctnn::kernels
