/// Weights laid out for the kernels: [output channels / block][taps][block], the block a run of output channels that
/// one iteration of a kernel reads. A block of one is the reference's order.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <ctnn/kernels/geometry.hpp>
#include <ctnn/numeric/weight_only.hpp>

namespace ctnn::kernels {

/// No position.
inline constexpr std::size_t npos = static_cast<std::size_t>(-1);

/// Blocks of `block` channels that hold `channels`.
constexpr std::size_t blocks(std::size_t channels, std::size_t block) { return (channels + block - 1) / block; }

/// Copies `channels` natural rows of `natural_taps` weights each, row-major from `source`, into blocks of `taps` taps,
/// Depth taps of a channel side by side: (channels / Block, taps / Depth, Block, Depth); lanes beyond the last channel
/// become zero. `tap_source(t)` is the position of packed tap t in a natural row, or npos for a zero.
/// `convert(weight, channel)` makes the packed weight; `channel_at(i)` is the channel of a place among all blocks'.
template <std::size_t Block, std::size_t Depth, class T, class W, class TapSource, class Convert, class ChannelAt>
constexpr void pack_blocked(W* packed, const T* source, std::size_t channels, std::size_t natural_taps,
                            std::size_t taps, TapSource tap_source, Convert convert, ChannelAt channel_at) {
  for (std::size_t b = 0; b < blocks(channels, Block); ++b) {
    for (std::size_t t = 0; t < taps; t += Depth) {
      for (std::size_t lane = 0; lane < Block; ++lane) {
        for (std::size_t d = 0; d < Depth; ++d, ++packed) {
          const std::size_t channel = channel_at(b * Block + lane), from = tap_source(t + d);
          const bool zero = channel >= channels || from == npos;
          *packed = zero ? W{} : convert(source[channel * natural_taps + from], channel);
        }
      }
    }
  }
}

/// The same for words of integer weights: blocks as numeric::IntegerBlock's. `convert(weight, channel)` makes the
/// weight to round, scale_of(channel) its scale where blocks have none. Taps that are none of a channel's are zeros, or
/// nearly: what they multiply is zero.
template <std::size_t Block, class Word, class T, class TapSource, class Convert, class ScaleOf>
constexpr void pack_words(Word* packed, const T* source, std::size_t channels, std::size_t natural_taps,
                          std::size_t taps, TapSource tap_source, Convert convert, ScaleOf scale_of) {
  using Words = numeric::block_of<Word, Block>;
  for (std::size_t channel = 0; channel < channels; ++channel) {
    Word* block = packed + channel / Block * Words::size(taps);
    for (std::size_t group = 0; group < Words::groups(taps); ++group) {
      const std::size_t first = group * Words::group, count = std::min(Words::group, taps - first);
      std::array<float, Words::group> values{};  // taps that are none of the channel's are zeros
      for (std::size_t i = 0; i < count; ++i) {
        const std::size_t from = tap_source(first + i);
        if (from != npos) values[i] = convert(source[channel * natural_taps + from], channel);
      }
      Words::pack(block, group, channel % Block, {values.data(), count}, scale_of(channel));
    }
  }
}

/// Tap order of a convolution: packed (KH, KW, IC / groups) in runs that are filled up to `padded` taps, from natural
/// (IC / groups, KH, KW).
template <Convolution2d g>
constexpr std::size_t convolution_tap(std::size_t t, std::size_t run = 1, std::size_t padded = 1) {
  if (t % padded >= run) return npos;
  const std::size_t tap = t / padded * run + t % padded;
  const std::size_t ic = tap % g.group_inputs();
  const std::size_t position = tap / g.group_inputs();  // (KH, KW)
  return ic * g.window.height * g.window.width + position;
}

/// Tap order of a fully connected layer that reads an image where it lies: packed in the layout's memory order, borders
/// and what lies behind as zeros, from the natural order (channel, row, column) that flattening has in PyTorch.
template <Layout in>
constexpr std::size_t flattened_tap(std::size_t t) {
  if (t >= in.size()) return npos;
  const std::size_t channel = in.planar ? t / in.channel_stride() : t % in.channels;
  const std::size_t row = t % (in.planar ? in.channel_stride() : in.size()) / in.row_stride();
  const std::size_t column = t % in.row_stride() / in.pixel_stride();
  if (column < in.border_left || column >= in.border_left + in.width) return npos;
  return (channel * in.height + row) * in.width + column - in.border_left;
}

}  // namespace ctnn::kernels
