/// Depthwise convolution of bytes, a vector of channels at a time: what dot products take is interleaved for a band of
/// rows first, once for all outputs, and kept in memory.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <ctnn/core/config.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/depthwise_dot_plan.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/row_cases.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// How the outputs of a band of rows are made, by tiles of four columns, of what is interleaved first.
template <class Isa, Convolution2d g>
struct DepthwiseStage {
  static constexpr Window w = g.window;
  static constexpr bool upright = depthwise_dot_upright<Isa>(g);
  static constexpr std::size_t dots = depthwise_dots<Isa>(g), upright_dots = depthwise_upright_dots<Isa>(g);
  static constexpr std::size_t shared = depthwise_dot_shared<Isa>(g);
  static constexpr std::size_t weights = depthwise_dot_taps<Isa>(g) / 4;
  static constexpr std::size_t rows = blocks(g.out.height, blocks(g.out.height, 4)), columns = 4;
  static constexpr std::size_t input_rows = (rows - 1) * w.stride_height + w.height;
  static constexpr std::size_t upright_rows = upright ? blocks(input_rows, 4) : 0;
  /// Columns of a segment of the band, whole tiles: of some 32 pixels, whose lines of all rows the first cache holds
  /// while the next vectors of channels read them.
  static constexpr std::size_t segment = [] {
    const std::size_t tiles = blocks(g.out.width, columns);
    return columns * blocks(tiles, blocks(tiles, std::max<std::size_t>(8 / w.stride_width, 1)));
  }();
  static constexpr std::size_t row_quads = segment * w.stride_width / 4 + blocks(w.width, 4) + 1;
  static constexpr std::size_t quad_size = 4 * Isa::lanes;
  std::int8_t* quads;     ///< (input rows, quads of a row, lanes, 4)
  std::int8_t* uprights;  ///< (upright rows, columns of a segment, lanes, 4)

  [[nodiscard]] CTNN_ALWAYS_INLINE std::int8_t* quad(std::size_t row, std::size_t i) const {
    return quads + (row * row_quads + i) * quad_size;
  }
  [[nodiscard]] CTNN_ALWAYS_INLINE std::int8_t* upright_quad(std::size_t row, std::size_t column) const {
    return uprights + (row * segment + column) * quad_size;
  }
};

/// A vector of channels in the columns [column, end) of a segment that begins at column `first`, `width` at a time.
/// `starts`: what the sums of each row begin with.
template <class Isa, Convolution2d g, Layout out, std::size_t width, class T, class Epilogue>
CTNN_ALWAYS_INLINE void depthwise_staged_tiles(const DepthwiseStage<Isa, g>& stage, const std::int8_t* weight,
                                               const std::int32_t* const* starts, T* y, const Epilogue& epilogue,
                                               std::ptrdiff_t top, std::size_t row, std::size_t first,
                                               std::size_t column, std::size_t end, std::size_t channel) {
  using Sum = simd::IntSum<Isa>;
  using S = DepthwiseStage<Isa, g>;
  constexpr Window w = g.window;
  constexpr std::size_t rows = S::rows, dots = S::dots, shared = S::shared, quad_size = S::quad_size;
  Sum weights[S::weights];
  simd::unroll<S::weights>([&](auto i)
                               CTNN_INLINE_LAMBDA { weights[i] = simd::load_ints<Isa>(weight + i * quad_size); });
  for (; column < end; column += width) {
    Sum sum[rows * width][1];
    simd::unroll<rows>([&](auto r) CTNN_INLINE_LAMBDA {
      const Sum start = simd::load_ints<Isa>(starts[r] + channel);
      simd::unroll<width>([&](auto c) CTNN_INLINE_LAMBDA { sum[r * width + c][0] = start; });
    });
    const std::size_t first_quad = column * w.stride_width / 4;
    const auto add = [&](auto at, const Sum& inputs, const Sum& own_weights) CTNN_INLINE_LAMBDA {
      sum[at][0] = simd::dot<Isa, simd::DotInput<Isa, T>>(inputs, own_weights, sum[at][0]);
    };
    simd::unroll<S::input_rows>([&]<std::size_t r>(std::integral_constant<std::size_t, r>) CTNN_INLINE_LAMBDA {
      const auto at = top + static_cast<std::ptrdiff_t>(r);
      if (at < 0 || at >= static_cast<std::ptrdiff_t>(g.in.height)) return;
      const std::int8_t* own = stage.quad(r, first_quad);
      simd::unroll<width * dots>([&](auto i) CTNN_INLINE_LAMBDA {
        constexpr std::size_t c = i / dots, d = i % dots;
        constexpr std::size_t pixel = c / shared * shared * w.stride_width + 4 * d, quad = pixel / 4;
        const Sum low = simd::load_ints<Isa>(own + quad * quad_size);
        const Sum high = simd::load_ints<Isa>(own + (pixel % 4 == 0 ? quad : quad + 1) * quad_size);
        const Sum inputs = simd::bytes_from<Isa, pixel % 4>(low, high);
        simd::unroll<rows>([&]<std::size_t o>(std::integral_constant<std::size_t, o>) CTNN_INLINE_LAMBDA {
          constexpr std::size_t top_tap = o * w.stride_height;
          if constexpr (r >= top_tap && r - top_tap < w.height) {
            add(std::integral_constant<std::size_t, o * width + c>{}, inputs,
                weights[((r - top_tap) * shared + c % shared) * dots + d]);
          }
        });
      });
    });
    simd::unroll<S::upright_rows * width>([&](auto i) CTNN_INLINE_LAMBDA {
      constexpr std::size_t q = i / width, c = i % width;
      const Sum inputs = simd::load_ints<Isa>(stage.upright_quad(q, column + c));
      simd::unroll<rows>([&]<std::size_t o>(std::integral_constant<std::size_t, o>) CTNN_INLINE_LAMBDA {
        if constexpr (q >= o / 4 && q * 4 < o + w.height) {
          add(std::integral_constant<std::size_t, o * width + c>{}, inputs,
              weights[w.height * dots + o % 4 * S::upright_dots + q - o / 4]);
        }
      });
    });
    epilogue.template store_tile<Isa, width>(y, out.at(row, first + column, channel), out.row_stride(),
                                             out.pixel_stride(), sum, channel,
                                             g.out.channels % Isa::lanes == 0 ? Isa::lanes : g.out.channels - channel);
  }
}

/// What adds nothing to a dot product, a vector's pixel of it.
template <class Isa, class T>
inline constexpr auto depthwise_nothing = [] {
  std::array<T, Isa::lanes> bytes{};
  for (T& b : bytes) b = static_cast<T>(-simd::dot_offset<Isa, T>);
  return bytes;
}();

/// Channels from `first_channel` on, a vector at a time.
template <class Isa, std::size_t first_channel, Convolution2d g, Layout in, Layout out, class T, class Epilogue>
void convolve_depthwise_staged(const T* x, const std::int8_t* weight, const std::int32_t* bias, T* y,
                               const Epilogue& caller_epilogue) {
  using S = DepthwiseStage<Isa, g>;
  const Epilogue epilogue = caller_epilogue;  // its numbers do not change, whatever is written to bytes
  constexpr Window w = g.window;
  constexpr std::size_t rows = S::rows, columns = S::columns, pixel_stride = in.pixel_stride();
  constexpr std::size_t biases = blocks(g.out.channels, Isa::lanes) * Isa::lanes;  // of a row case
  constexpr std::size_t reach = (g.out.width - 1) * w.stride_width + w.width;      // pixels of a row that are read
  alignas(alignment) std::int8_t quads[S::input_rows * S::row_quads * S::quad_size];
  alignas(alignment) std::int8_t uprights[std::max<std::size_t>(S::upright_rows, 1) * S::segment * S::quad_size];
  const S stage{quads, uprights};
  const auto interleave = [](std::int8_t* quad, const T* a, const T* b, const T* c, const T* d) CTNN_INLINE_LAMBDA {
    const std::array<const void*, 4> pixels{a, b, c, d};
    const auto inputs = simd::to_dot_input<Isa, T>(simd::interleave_bytes<Isa>(pixels));
    std::memcpy(quad, &inputs, sizeof inputs);
  };
  x += in.at(0, 0, 0) - w.pad_left * pixel_stride;
  for (std::size_t first_row = 0; first_row < g.out.height; first_row += rows) {
    const std::size_t row = std::min(first_row, g.out.height - rows);
    const auto top = static_cast<std::ptrdiff_t>(row * w.stride_height) - static_cast<std::ptrdiff_t>(w.pad_top);
    const std::int32_t* starts[rows];
    for (std::size_t r = 0; r < rows; ++r) starts[r] = bias + row_case<g>(row + r) * biases;
    for (std::size_t first = 0; first < g.out.width; first += S::segment) {
      const std::size_t outputs = std::min(S::segment, g.out.width - first), left = first * w.stride_width;
      const std::size_t count = blocks((outputs - 1) * w.stride_width + w.width - (S::upright ? 1 : 0), 4);
      const std::size_t whole = std::min(count, (reach - left) / 4);
      for (std::size_t channel = first_channel; channel < g.out.channels; channel += Isa::lanes) {
        // an input row's first pixel, or none
        const auto input_row = [&](std::size_t r) CTNN_INLINE_LAMBDA -> const T* {
          const auto at = top + static_cast<std::ptrdiff_t>(r);
          if (r >= S::input_rows || at < 0 || at >= static_cast<std::ptrdiff_t>(g.in.height)) return nullptr;
          return x + left * pixel_stride + channel + static_cast<std::size_t>(at) * in.row_stride();
        };
        for (std::size_t r = 0; r < S::input_rows; ++r) {
          const T* own = input_row(r);
          if (own == nullptr) continue;
          const auto pixel = [&](std::size_t i) CTNN_INLINE_LAMBDA { return own + i * pixel_stride; };
          for (std::size_t q = 0; q < whole; ++q) {
            interleave(stage.quad(r, q), pixel(4 * q), pixel(4 * q + 1), pixel(4 * q + 2), pixel(4 * q + 3));
          }
          if (whole < count) {  // nothing beyond the row is read; those bytes meet weights of zero
            const auto near = [&](std::size_t i)
                                  CTNN_INLINE_LAMBDA { return pixel(std::min(4 * whole + i, reach - left - 1)); };
            interleave(stage.quad(r, whole), near(0), near(1), near(2), near(3));
          }
        }
        for (std::size_t q = 0; q < S::upright_rows; ++q) {
          const T* last_taps[4];
          std::size_t step[4];
          for (std::size_t i = 0; i < 4; ++i) {
            const T* own = input_row(4 * q + i);
            last_taps[i] = own == nullptr ? depthwise_nothing<Isa, T>.data() : own + (w.width - 1) * pixel_stride;
            step[i] = own == nullptr ? 0 : pixel_stride;
          }
          for (std::size_t c = 0; c < outputs; ++c) {
            interleave(stage.upright_quad(q, c), last_taps[0] + c * step[0], last_taps[1] + c * step[1],
                       last_taps[2] + c * step[2], last_taps[3] + c * step[3]);
          }
        }
        const std::int8_t* own_weight = weight + channel * S::weights * 4;
        const std::size_t tiled = outputs / columns * columns;
        depthwise_staged_tiles<Isa, g, out, columns>(stage, own_weight, starts, y, epilogue, top, row, first, 0, tiled,
                                                     channel);
        if constexpr (constexpr std::size_t rest = g.out.width % columns; rest != 0) {
          if (tiled < outputs) {
            depthwise_staged_tiles<Isa, g, out, rest>(stage, own_weight, starts, y, epilogue, top, row, first, tiled,
                                                      outputs, channel);
          }
        }
      }
    }
  }
}

}  // namespace ctnn::kernels
