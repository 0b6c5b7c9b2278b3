/// Depthwise convolution of bytes: the taps of a kernel row, four at a time, are one dot product per channel. The
/// pixels that four taps read are interleaved once, for all outputs of a tile. Input and output are channels-last.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include <ctnn/core/config.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/row_cases.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Output columns that share what is interleaved: neighbours, where the taps of both fit the same dot products.
constexpr std::size_t depthwise_dot_shared(const Convolution2d& g) {
  const Window& w = g.window;
  return w.stride_width == 1 && w.dilation_width == 1 && w.width % 4 != 0 && g.out.width >= 2 ? 2 : 1;
}

/// Whether vectors of channels by themselves are interleaved for a band of rows, four neighbouring pixels once for all
/// outputs, and kept in memory. Larger windows would be much code; at stride 2 there is more to interleave (112 x 112 x
/// 96: 0.97 times as fast), and pixels of one vector are interleaved by one permutation.
template <class Isa>
constexpr bool depthwise_dot_staged(const Convolution2d& g) {
  const Window& w = g.window;
  return simd::interleaves_registers<Isa> && w.stride_width == 1 && w.dilation_width == 1 && w.dilation_height == 1 &&
         w.width <= 8 && w.height <= 8 && g.in.channels > Isa::lanes;
}
/// Whether the last taps of four kernel rows are a dot product of their own, interleaved down the image: 5 x 5 takes 7
/// dot products instead of 10, so that all channels are worth staging.
template <class Isa>
constexpr bool depthwise_dot_upright(const Convolution2d& g) {
  const Window& w = g.window;
  return depthwise_dot_staged<Isa>(g) && w.width == 5 && w.height > 2 && w.stride_height == 1;
}

/// Dot products per kernel row, those of upright taps apart; and those.
template <class Isa>
constexpr std::size_t depthwise_dots(const Convolution2d& g) {
  return depthwise_dot_upright<Isa>(g) ? 1 : blocks(g.window.width, 4);
}
template <class Isa>
constexpr std::size_t depthwise_upright_dots(const Convolution2d& g) {
  return depthwise_dot_upright<Isa>(g) ? blocks(g.window.height + 3, 4) : 0;
}

/// Columns of a tile: at stride 2 neighbours share pairs of pixels (20 x 20 x 128: 1.3 times as fast), where that does
/// not make a small image a column larger.
template <class Isa>
constexpr std::size_t depthwise_dot_columns(const Convolution2d& g, std::size_t vectors) {
  const Window& w = g.window;
  const bool in_pairs = g.out.width % 2 == 0 || g.out.width > 16;
  if (vectors == 4 && w.stride_width == 2 && w.dilation_width == 1 && w.width <= 4 && in_pairs) return 2;
  return depthwise_dot_upright<Isa>(g) ? 1 : depthwise_dot_shared(g);
}
/// Rows of a tile: as many as leave registers for what else is there, in equal parts. `vectors`: of channels.
template <class Isa>
constexpr std::size_t depthwise_dot_rows(const Convolution2d& g, std::size_t vectors) {
  const std::size_t columns = depthwise_dot_columns<Isa>(g, vectors);
  const std::size_t most = vectors == 4 ? 16 / (4 * columns) : Isa::registers == 32 ? 4 : 4 / columns;
  return blocks(g.out.height, blocks(g.out.height, most));
}

/// Weights of a channel as they are packed, and where a natural row has them: (KH, shared, dots, 4), those of the
/// second column that shares moved by one tap; then upright taps, (4, upright dots, 4), moved by 0 to 3 rows.
template <class Isa>
constexpr std::size_t depthwise_dot_taps(const Convolution2d& g) {
  const std::size_t shared = depthwise_dot_upright<Isa>(g) ? 1 : depthwise_dot_shared(g);
  return (g.window.height * shared * depthwise_dots<Isa>(g) + 4 * depthwise_upright_dots<Isa>(g)) * 4;
}
template <class Isa, Convolution2d g>
constexpr std::size_t depthwise_dot_tap(std::size_t t) {
  constexpr bool upright = depthwise_dot_upright<Isa>(g);
  constexpr std::size_t row = depthwise_dots<Isa>(g) * 4, shared = upright ? 1 : depthwise_dot_shared(g);
  constexpr std::size_t height = g.window.height, width = g.window.width, flat = height * shared * row;
  if (t < flat) {
    const std::size_t moved = t / row % shared, tap = t % row;
    return tap < moved || tap >= moved + width ? npos : t / row / shared * width + tap - moved;
  }
  constexpr std::size_t column = std::max<std::size_t>(depthwise_upright_dots<Isa>(g), 1) * 4;
  const std::size_t moved = (t - flat) / column, tap = (t - flat) % column;
  return tap < moved || tap >= moved + height ? npos : (tap - moved) * width + width - 1;
}

/// Channels that are taken four vectors at a time, as their bytes are interleaved; the last vectors may be one by one.
template <class Isa>
constexpr std::size_t depthwise_dot_wide(const Convolution2d& g) {
  constexpr std::size_t block = 4 * Isa::lanes;
  const std::size_t channels = g.out.channels;
  if (!simd::interleaves_registers<Isa> || depthwise_dot_upright<Isa>(g)) return 0;
  return channels % block > 3 * Isa::lanes ? blocks(channels, block) * block : channels / block * block;
}
/// The channel at a place among those that are packed, and the place of a channel.
template <class Isa>
constexpr std::size_t depthwise_dot_channel(std::size_t i, const Convolution2d& g) {
  constexpr std::size_t block = 4 * Isa::lanes;
  return i < depthwise_dot_wide<Isa>(g) ? i / block * block + simd::interleaved_byte(i % block) : i;
}

/// Where the taps of a row of dot products lie, of an input whose pixels are `pixel_stride` apart. Those beyond the
/// last meet weights of zero, and are read, too, where all of them are near; else they are the first.
template <class Isa, Convolution2d g, std::size_t columns>
constexpr auto depthwise_dot_offsets(std::size_t pixel_stride) {
  constexpr std::size_t apart = (columns - 1) * g.window.stride_width, reach = apart + g.window.width;
  constexpr std::size_t taps = depthwise_dots<Isa>(g) * 4 + apart / 2 * 2;
  const std::size_t step = g.window.dilation_width * pixel_stride;
  std::array<std::size_t, taps> offsets{};
  for (std::size_t tap = 0; tap < taps; ++tap) {
    if (tap < reach || taps * step <= alignment) offsets[tap] = tap * step;
  }
  return offsets;
}
/// Whether bytes beyond an input's end are read, up to 64.
template <class Isa>
constexpr bool depthwise_dot_reads_beyond(const Convolution2d& g) {
  const std::size_t taps = depthwise_dots<Isa>(g) * 4;
  return g.in.channels % Isa::lanes != 0 || taps * g.window.dilation_width * g.in.channels <= alignment;
}

/// Channels [first_channel, last_channel), `vectors` vectors of them at a time.
template <class Isa, std::size_t vectors, std::size_t first_channel, std::size_t last_channel, Convolution2d g,
          Layout in, Layout out, class T, class Epilogue>
void depthwise_dot_channels(const T* x, const std::int8_t* weight, const std::int32_t* bias, T* y,
                            const Epilogue& caller_epilogue) {
  using Sum = simd::IntSum<Isa>;
  const Epilogue epilogue = caller_epilogue;  // its numbers do not change, whatever is written to bytes
  constexpr Window w = g.window;
  constexpr std::size_t rows = depthwise_dot_rows<Isa>(g, vectors), columns = depthwise_dot_columns<Isa>(g, vectors);
  constexpr std::size_t dots = depthwise_dots<Isa>(g), shared = depthwise_dot_shared(g), groups = columns / shared;
  constexpr std::size_t input_rows = (rows - 1) * w.stride_height + w.span_height();
  constexpr std::size_t row_weights = shared * dots;
  // Interleaved rows that stay for the next outputs: where they are half of what those read, and registers hold them
  // beside the sums.
  constexpr std::size_t overlap = input_rows - std::min(input_rows, rows * w.stride_height);
  constexpr std::size_t kept_rows = vectors == 4 && overlap >= rows && overlap * groups * dots <= 2 ? overlap : 0;
  constexpr std::size_t block = vectors * Isa::lanes;
  constexpr bool whole = g.out.channels % block == 0;
  constexpr auto tap_offsets = depthwise_dot_offsets<Isa, g, columns>(in.pixel_stride());
  constexpr std::size_t biases = blocks(g.out.channels, Isa::lanes) * Isa::lanes;  // of a row case
  x += in.at(0, 0, 0) - w.pad_left * in.pixel_stride();
  Sum last[kept_rows == 0 ? 1 : kept_rows][dots][groups][vectors];
  // The outputs of some rows and columns; `follows`: those above are the last that were made.
  const auto make_tile = [&](std::size_t row, std::size_t column, std::size_t channel,
                             [[maybe_unused]] bool follows) CTNN_INLINE_LAMBDA {
    const T* column_x = x + column * w.stride_width * in.pixel_stride();
    const std::int8_t* own_weight = weight + channel * w.height * row_weights * 4;
    const auto weights_at = [&](std::size_t v, std::size_t i) CTNN_INLINE_LAMBDA {
      return simd::load_ints<Isa>(own_weight + (v * w.height * row_weights + i) * Isa::lanes * 4);
    };
    // One vector's stay in registers; those of four are read where they are used, as operands from memory. Of one dot
    // product per row they are hidden: the next row's that are the same would be kept, and sums stored instead (1.15x;
    // 56 x 56 x 144, 5 x 5 strided: 0.94x).
    constexpr bool kept = vectors == 1;
    Sum weights[kept ? w.height * row_weights : 1];
    if constexpr (kept) {
      simd::unroll<w.height * row_weights>([&](auto i) CTNN_INLINE_LAMBDA { weights[i] = weights_at(0, i); });
    }
    const auto interleave = [&](const T* pixel, std::size_t d, Sum(&inputs)[groups][vectors]) CTNN_INLINE_LAMBDA {
      const auto tap = [&](std::size_t i) CTNN_INLINE_LAMBDA { return pixel + tap_offsets[d * 4 + i]; };
      if constexpr (vectors == 4) {
        Sum pair[groups + 1][2];
        simd::unroll<groups + 1>([&](auto p) CTNN_INLINE_LAMBDA {
          const auto own = [&](std::size_t i)
                               CTNN_INLINE_LAMBDA { return simd::to_dot_input<Isa, T>(simd::load_ints<Isa>(tap(i))); };
          simd::interleave_registers<Isa>(own(2 * p), own(2 * p + 1), pair[p]);
        });
        simd::unroll<groups>([&](auto q)
                                 CTNN_INLINE_LAMBDA { simd::interleave_pairs<Isa>(pair[q], pair[q + 1], inputs[q]); });
      } else {
        const std::array<const void*, 4> taps{tap(0), tap(1), tap(2), tap(3)};
        inputs[0][0] = simd::to_dot_input<Isa, T>(simd::interleave_bytes<Isa>(taps));
      }
    };
    const auto top = static_cast<std::ptrdiff_t>(row * w.stride_height) - static_cast<std::ptrdiff_t>(w.pad_top);
    const auto input_row = [&](std::ptrdiff_t at, auto use) CTNN_INLINE_LAMBDA {
      if (at < 0 || at >= static_cast<std::ptrdiff_t>(g.in.height)) return;
      use(column_x + static_cast<std::size_t>(at) * in.row_stride() + channel);
    };
    if (!follows) {
      simd::unroll<kept_rows>([&](auto r) CTNN_INLINE_LAMBDA {
        input_row(top + static_cast<std::ptrdiff_t>(r), [&](const T* pixel) CTNN_INLINE_LAMBDA {
          simd::unroll<dots>([&](auto d) CTNN_INLINE_LAMBDA { interleave(pixel, d, last[r][d]); });
        });
      });
    }
    Sum sum[rows * columns][vectors];
    simd::unroll<rows>([&](auto r) CTNN_INLINE_LAMBDA {
      const std::int32_t* start = bias + row_case<g>(row + r) * biases + channel;
      simd::unroll<columns * vectors>([&](auto i) CTNN_INLINE_LAMBDA {
        sum[r * columns + i / vectors][i % vectors] = simd::load_ints<Isa>(start + i % vectors * Isa::lanes);
      });
    });
    simd::unroll<input_rows>([&]<std::size_t r>(std::integral_constant<std::size_t, r>) CTNN_INLINE_LAMBDA {
      input_row(top + static_cast<std::ptrdiff_t>(r), [&](const T* pixel) CTNN_INLINE_LAMBDA {
        if constexpr (dots == 1) simd::hide(own_weight);
        simd::unroll<dots>([&]<std::size_t d>(std::integral_constant<std::size_t, d>) CTNN_INLINE_LAMBDA {
          Sum inputs[groups][vectors];
          const auto copy = [&](const auto& from, auto& to) CTNN_INLINE_LAMBDA {
            simd::unroll<groups * vectors>(
                [&](auto i) CTNN_INLINE_LAMBDA { to[i / vectors][i % vectors] = from[i / vectors][i % vectors]; });
          };
          if constexpr (r < kept_rows) {
            copy(last[r][d], inputs);
          } else {
            interleave(pixel, d, inputs);
          }
          if constexpr (r >= input_rows - kept_rows) copy(inputs, last[r - (input_rows - kept_rows)][d]);
          simd::unroll<rows>([&]<std::size_t o>(std::integral_constant<std::size_t, o>) CTNN_INLINE_LAMBDA {
            constexpr std::size_t first = o * w.stride_height;  // input row of the output's first tap
            if constexpr (r >= first && (r - first) % w.dilation_height == 0 &&
                          (r - first) / w.dilation_height < w.height) {
              constexpr std::size_t tap = (r - first) / w.dilation_height;
              simd::unroll<columns * vectors>([&](auto i) CTNN_INLINE_LAMBDA {
                constexpr std::size_t c = i / vectors, v = i % vectors;
                constexpr std::size_t own = (tap * shared + c % shared) * dots + d;
                Sum& own_sum = sum[o * columns + c][v];
                const Sum& input = inputs[c / shared][v];
                if constexpr (kept) {
                  own_sum = simd::dot<Isa, simd::DotInput<Isa, T>>(input, weights[own], own_sum);
                } else {
                  own_sum = simd::dot<Isa, simd::DotInput<Isa, T>>(input, weights_at(v, own), own_sum);
                }
              });
            }
          });
        });
      });
    });
    epilogue.template store_tile<Isa, columns>(y, out.at(row, column, channel), out.row_stride(), out.pixel_stride(),
                                               sum, channel, whole ? block : g.out.channels - channel);
  };
  const auto columns_and_channels = [&](auto body) CTNN_INLINE_LAMBDA {
    for (std::size_t left = 0; left < g.out.width; left += columns) {
      const std::size_t column = std::min(left, g.out.width - columns);
      for (std::size_t channel = first_channel; channel < last_channel; channel += block) body(column, channel);
    }
  };
  // Down the image where rows stay, so far that the first cache still has the lines when the next channels and columns
  // read them (56 x 56 x 128: all rows take 1.5 times as long); else along it.
  constexpr std::size_t band = rows * (kept_rows == 0 ? 1 : 8);
  for (std::size_t first = 0; first < g.out.height; first += band) {
    if constexpr (kept_rows == 0) {
      const std::size_t row = std::min(first, g.out.height - rows);
      columns_and_channels([&](std::size_t column, std::size_t channel)
                               CTNN_INLINE_LAMBDA { make_tile(row, column, channel, false); });
    } else {
      const std::size_t end = std::min(first + band, g.out.height);
      columns_and_channels([&](std::size_t column, std::size_t channel) CTNN_INLINE_LAMBDA {
        for (std::size_t begin = first; begin < end; begin += rows) {
          const std::size_t row = std::min(begin, g.out.height - rows);
          make_tile(row, column, channel, begin != first && row == begin);
        }
      });
    }
  }
}

/// How the outputs of a band of rows are made, by tiles of four columns, of what is interleaved first.
template <class Isa, Convolution2d g>
struct DepthwiseStage {
  static constexpr Window w = g.window;
  static constexpr bool upright = depthwise_dot_upright<Isa>(g);
  static constexpr std::size_t dots = depthwise_dots<Isa>(g), upright_dots = depthwise_upright_dots<Isa>(g);
  static constexpr std::size_t shared = upright ? 1 : depthwise_dot_shared(g);
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

/// The whole convolution; weights are (C / lanes, taps / 4, lanes, 4), biases by row case, channels of both in
/// the order of depthwise_dot_channel. Left and right padding must be borders of the input's layout; rows outside are
/// skipped. Reads up to 64 bytes beyond the input's end.
template <class Isa, Convolution2d g, Layout in, Layout out, class T, class Epilogue>
void convolve_depthwise_dot(const T* x, const std::int8_t* weight, const std::int32_t* bias, T* y,
                            const Epilogue& epilogue) {
  static_assert(g.is_depthwise() && in.border_left >= g.window.pad_left && !out.planar && !in.planar);
  constexpr std::size_t channels = g.out.channels, wide = depthwise_dot_wide<Isa>(g);
  if constexpr (wide != 0) depthwise_dot_channels<Isa, 4, 0, wide, g, in, out>(x, weight, bias, y, epilogue);
  if constexpr (wide == channels) return;
  if constexpr (depthwise_dot_staged<Isa>(g)) {
    convolve_depthwise_staged<Isa, wide, g, in, out>(x, weight, bias, y, epilogue);
  } else {
    depthwise_dot_channels<Isa, 1, wide, channels, g, in, out>(x, weight, bias, y, epilogue);
  }
}

}  // namespace ctnn::kernels
