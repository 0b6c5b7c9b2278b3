/// How depthwise convolutions of bytes are divided, and where their weights lie. The taps of a kernel row, four at a
/// time, are one dot product per channel of pixels that are interleaved.
#pragma once

#include <algorithm>
#include <cstddef>

#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/simd/integer.hpp>

namespace ctnn::kernels {

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

/// Output columns that share what is interleaved: neighbours, where the taps of both fit the same dot products.
template <class Isa>
constexpr std::size_t depthwise_dot_shared(const Convolution2d& g) {
  const Window& w = g.window;
  const bool fit = w.stride_width == 1 && w.dilation_width == 1 && w.width % 4 != 0 && !depthwise_dot_upright<Isa>(g);
  return fit && g.out.width >= 2 ? 2 : 1;
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
  return depthwise_dot_shared<Isa>(g);
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
  const std::size_t shared = depthwise_dot_shared<Isa>(g);
  return (g.window.height * shared * depthwise_dots<Isa>(g) + 4 * depthwise_upright_dots<Isa>(g)) * 4;
}
template <class Isa, Convolution2d g>
constexpr std::size_t depthwise_dot_tap(std::size_t t) {
  constexpr std::size_t row = depthwise_dots<Isa>(g) * 4, shared = depthwise_dot_shared<Isa>(g);
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

/// Whether bytes beyond an input's end are read, up to 64.
template <class Isa>
constexpr bool depthwise_dot_reads_beyond(const Convolution2d& g) {
  const std::size_t taps = depthwise_dots<Isa>(g) * 4;
  return g.in.channels % Isa::lanes != 0 || taps * g.window.dilation_width * g.in.channels <= alignment;
}

}  // namespace ctnn::kernels
