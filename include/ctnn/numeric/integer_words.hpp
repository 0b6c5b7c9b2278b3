/// Integer weights of few bits: words that hold several of a channel's, in blocks as kernels read them.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace ctnn::numeric {

/// As many weights of one output channel as 32 bits hold, the first in the lowest, two's complement.
template <unsigned Bits>
struct IntegerWord {
  std::uint32_t bits = 0;
};

/// A block of `Channels` output channels: (groups, words of a group, Channels), and with each group, where they have
/// them, its scales, floats (Channels). Weights are read top-aligned in 32 bits, times `unit`: scales are for those.
template <unsigned Bits, std::size_t Channels>
struct IntegerBlock {
  using Word = IntegerWord<Bits>;
  static constexpr int largest = (1 << (Bits - 1)) - 1;
  static constexpr float unit = static_cast<float>(1U << (32 - Bits));
  static constexpr std::size_t taps_per_word = 32 / Bits;
  /// Eight bits have one scale per channel, elsewhere; four bits one for every 32 weights here: 5 bits a weight.
  static constexpr bool scaled = Bits < 8;
  static constexpr std::size_t group = scaled ? 32 : taps_per_word, words = group / taps_per_word;
  static constexpr std::size_t group_words = (words + (scaled ? 1 : 0)) * Channels;

  static constexpr std::size_t groups(std::size_t taps) { return (taps + group - 1) / group; }
  /// Words that hold a block of so many taps.
  static constexpr std::size_t size(std::size_t taps) { return groups(taps) * group_words; }

  /// The scale that makes the largest of those magnitudes the largest integer. Weights below 1e-27 become zeros: their
  /// scale could not be told from zero.
  static constexpr float scale_of(float largest_magnitude) {
    return std::max(largest_magnitude, 1e-27F) / static_cast<float>(largest);
  }
  /// Packs one group of a channel, each weight as the nearest integer; missing ones are zeros. Their scale is
  /// `scale`, or where blocks have scales, such that none is clipped: an error of at most half of it.
  static constexpr void pack(Word* block, std::size_t number, std::size_t channel, const std::array<float, group>& taps,
                             float scale) {
    Word* own = block + number * group_words + channel;
    if constexpr (scaled) {
      float most = 0.0F;
      for (const float tap : taps) most = std::max(most, tap < 0 ? -tap : tap);
      scale = scale_of(most);
      own[words * Channels].bits = std::bit_cast<std::uint32_t>(scale / unit);
    }
    for (std::size_t t = 0; t < group; ++t) {
      const float q = taps[t] / scale;
      // compared in float first: the conversion of not-a-number to an integer is undefined
      const int nearest = !(q > static_cast<float>(-largest)) ? -largest
                          : q >= static_cast<float>(largest)  ? largest
                                                              : static_cast<int>(q + (q < 0 ? -0.5F : 0.5F));
      own[t / taps_per_word * Channels].bits |= static_cast<std::uint32_t>(nearest) << (32 - Bits) >> above(t);
    }
  }
  /// The tap, top-aligned, times its group's scale where it has one.
  static constexpr float at(const Word* block, std::size_t tap, std::size_t channel) {
    const Word* own = block + tap / group * group_words + channel;
    const std::uint32_t aligned = own[tap % group / taps_per_word * Channels].bits << above(tap);
    const auto q = static_cast<float>(static_cast<std::int32_t>(aligned & mask));
    if constexpr (scaled) return q * std::bit_cast<float>(own[words * Channels].bits);
    return q;
  }
  /// How many bits of its word lie above a tap's.
  static constexpr unsigned above(std::size_t tap) {
    return 32 - Bits - static_cast<unsigned>(tap % taps_per_word) * Bits;
  }
  /// The bits of a top-aligned weight.
  static constexpr std::uint32_t mask = ~0U << (32 - Bits);
};

}  // namespace ctnn::numeric
