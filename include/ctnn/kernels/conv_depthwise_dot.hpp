/// Depthwise convolution of bytes: the taps of a kernel row, four at a time, are one dot product per channel. The
/// pixels that four taps read are interleaved once, for all output rows of a tile. Input and output are channels-last.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/row_cases.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Dot products per kernel row.
constexpr std::size_t depthwise_dots(const Window& w) { return blocks(w.width, 4); }

/// Output columns that share what is interleaved: neighbours, where the taps of both fit the same dot products.
constexpr std::size_t depthwise_dot_columns(const Convolution2d& g) {
  const Window& w = g.window;
  return w.stride_width == 1 && w.dilation_width == 1 && w.width % 4 != 0 && g.out.width >= 2 ? 2 : 1;
}
/// Output rows that do: four, whose results are packed together, or as many as leave registers for weights, in equal
/// parts.
template <class Isa>
constexpr std::size_t depthwise_dot_rows(const Convolution2d& g) {
  const std::size_t most = Isa::registers == 32 ? 4 : 4 / depthwise_dot_columns(g);
  return blocks(g.out.height, blocks(g.out.height, most));
}

/// The whole convolution; weights are (C / lanes, KH, KW / 4, lanes, 4), biases by row case. Left and right padding
/// must be borders of the input's layout; rows outside are skipped. Reads up to a vector of channels beyond the input's
/// end.
template <class Isa, Convolution2d g, Layout in, Layout out, class T, class Epilogue>
void convolve_depthwise_dot(const T* x, const std::int8_t* weight, const std::int32_t* bias, T* y,
                            const Epilogue& epilogue) {
  static_assert(g.is_depthwise() && in.border_left >= g.window.pad_left && !out.planar && !in.planar);
  using Sum = simd::IntSum<Isa>;
  constexpr Window w = g.window;
  constexpr std::size_t rows = depthwise_dot_rows<Isa>(g), columns = depthwise_dot_columns(g);
  constexpr std::size_t dots = depthwise_dots(w), reach = w.width + columns - 1;  // columns that are read
  constexpr std::size_t input_rows = (rows - 1) * w.stride_height + w.span_height();
  // Of a kernel row; those beyond read the first tap and meet weights of zero. (A table, because GCC 12
  // crashes where it is computed below.)
  constexpr auto tap_offsets = [] {
    std::array<std::size_t, dots * 4> offsets{};
    for (std::size_t tap = 0; tap < reach; ++tap) offsets[tap] = tap * g.window.dilation_width * in.pixel_stride();
    return offsets;
  }();
  constexpr std::size_t biases = blocks(g.out.channels, Isa::lanes) * Isa::lanes;  // of a row case
  x += in.at(0, 0, 0) - w.pad_left * in.pixel_stride();
  for (std::size_t begin = 0; begin < g.out.height; begin += rows) {
    const std::size_t row = std::min(begin, g.out.height - rows);
    const auto top = static_cast<std::ptrdiff_t>(row * w.stride_height) - static_cast<std::ptrdiff_t>(w.pad_top);
    for (std::size_t left = 0; left < g.out.width; left += columns) {
      const std::size_t column = std::min(left, g.out.width - columns);
      const T* column_x = x + column * w.stride_width * in.pixel_stride();
      for (std::size_t channel = 0; channel < g.out.channels; channel += Isa::lanes) {
        const std::int8_t* own_weight = weight + channel * w.height * dots * 4;
        Sum weights[columns][w.height][dots];
        simd::unroll<w.height>([&](auto tap) CTNN_INLINE_LAMBDA {
          simd::unroll<dots>([&](auto d) CTNN_INLINE_LAMBDA {
            weights[0][tap][d] = simd::load_ints<Isa>(own_weight + (tap * dots + d) * Isa::lanes * 4);
          });
          if constexpr (columns == 2) simd::shift_bytes<Isa>(weights[0][tap], weights[1][tap]);
        });
        Sum sum[columns][rows];
        simd::unroll<rows>([&](auto r) CTNN_INLINE_LAMBDA {
          const Sum start = simd::load_ints<Isa>(bias + row_case<g>(row + r) * biases + channel);
          simd::unroll<columns>([&](auto c) CTNN_INLINE_LAMBDA { sum[c][r] = start; });
        });
        simd::unroll<input_rows>([&]<std::size_t r>(std::integral_constant<std::size_t, r>) CTNN_INLINE_LAMBDA {
          const std::ptrdiff_t at = top + static_cast<std::ptrdiff_t>(r);
          if (at < 0 || at >= static_cast<std::ptrdiff_t>(g.in.height)) return;
          const T* pixel = column_x + static_cast<std::size_t>(at) * in.row_stride() + channel;
          simd::unroll<dots>([&]<std::size_t d>(std::integral_constant<std::size_t, d>) CTNN_INLINE_LAMBDA {
            const std::array<const void*, 4> taps{pixel + tap_offsets[d * 4], pixel + tap_offsets[d * 4 + 1],
                                                  pixel + tap_offsets[d * 4 + 2], pixel + tap_offsets[d * 4 + 3]};
            const Sum input = simd::to_dot_input<Isa, T>(simd::interleave_bytes<Isa>(taps));
            simd::unroll<rows>([&]<std::size_t o>(std::integral_constant<std::size_t, o>) CTNN_INLINE_LAMBDA {
              constexpr std::size_t first = o * w.stride_height;  // input row of the output's first tap
              if constexpr (r >= first && (r - first) % w.dilation_height == 0 &&
                            (r - first) / w.dilation_height < w.height) {
                constexpr std::size_t tap = (r - first) / w.dilation_height;
                simd::unroll<columns>([&](auto c) CTNN_INLINE_LAMBDA {
                  sum[c][o] = simd::dot<Isa, simd::DotInput<Isa, T>>(input, weights[c][tap][d], sum[c][o]);
                });
              }
            });
          });
        });
        simd::unroll<columns>([&](auto c) CTNN_INLINE_LAMBDA {
          epilogue.template store_apart<Isa>(y, out.at(row, column + c, channel), out.row_stride(), sum[c], channel,
                                             g.out.channels - channel);
        });
      }
    }
  }
}

}  // namespace ctnn::kernels
