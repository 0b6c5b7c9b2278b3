/// Integer weights of few bits: words that hold several of a channel's, in blocks as kernels read them.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <ctnn/numeric/float16.hpp>

namespace ctnn::numeric {

/// As many weights of one output channel as 32 bits hold, the first in the lowest, two's complement.
template <unsigned Bits>
struct IntegerWord {
  std::uint32_t bits = 0;
};

/// Eight weights of one output channel that are multiplied as bytes, four at a time: byte i holds weight i in its low
/// half and weight i + 4 in its high half, each as 8 more than its integer.
struct NibbleWord {
  std::uint32_t bits = 0;
};

/// The numbers that integers stand for: scale * integer + offset.
struct IntegerGrid {
  float scale = 1.0F, offset = 0.0F;
};

/// A block of `Channels` output channels: (groups, words of a group, Channels), and with each group, where they have
/// them, its grids (Channels), each a word of two bfloat16: the scale above the offset. Weights are read top-aligned in
/// 32 bits, times `unit`: scales are for those.
template <unsigned Bits, std::size_t Channels>
struct IntegerBlock {
  using Word = IntegerWord<Bits>;
  static constexpr float unit = static_cast<float>(1U << (32 - Bits));
  static constexpr std::size_t taps_per_word = 32 / Bits, depth = 1;  // depth: taps that lie side by side
  /// Eight bits have one scale per channel, elsewhere, and no offset; four bits a grid for every 32 weights here: 5
  /// bits a weight.
  static constexpr bool has_grids = Bits < 8;
  static constexpr int highest = (1 << (Bits - 1)) - 1, lowest = has_grids ? -highest - 1 : -highest;
  static constexpr std::size_t group = has_grids ? 32 : taps_per_word, words = group / taps_per_word;
  static constexpr std::size_t group_words = (words + (has_grids ? 1 : 0)) * Channels;

  static constexpr std::size_t groups(std::size_t taps) { return (taps + group - 1) / group; }
  /// Words that hold a block of so many taps.
  static constexpr std::size_t size(std::size_t taps) { return groups(taps) * group_words; }

  /// The scale that makes the largest of those magnitudes the largest integer. Weights below 1e-27 become zeros: their
  /// scale could not be told from zero.
  static constexpr float scale_of(float largest_magnitude) {
    return std::max(largest_magnitude, least_weight) / static_cast<float>(highest);
  }
  /// The integer whose number is nearest.
  static constexpr int nearest(float weight, const IntegerGrid& grid) {
    const float q = (weight - grid.offset) / grid.scale;
    // compared in float first: the conversion of not-a-number to an integer is undefined
    return !(q > static_cast<float>(lowest))  ? lowest
           : q >= static_cast<float>(highest) ? highest
                                              : static_cast<int>(q + (q < 0 ? -0.5F : 0.5F));
  }
  /// A grid for weights by alternating least squares: integers for the grid, then the grid for the integers, from the
  /// one that spans the weights on. Errors that sum to nothing matter as much as small ones: inputs after a ReLU have a
  /// mean, by which a sum of errors is multiplied.
  static constexpr IntegerGrid grid_of(std::span<const float> weights) {
    constexpr int rounds = 2;  // a third changes no network's accuracy by more than its scatter
    const auto [least, most] = std::minmax_element(weights.begin(), weights.end());
    const float step = std::max(*most - *least, least_weight) / static_cast<float>(highest - lowest);
    IntegerGrid grid = stored(step, *least - static_cast<float>(lowest) * step);
    const auto count = static_cast<double>(weights.size());
    for (int round = 0; round < rounds; ++round) {
      // in double, where products are exact: the compiler's constants are then what it computes at run time
      double sum = 0.0, products = 0.0;
      int integers = 0, squares = 0;
      for (const float weight : weights) {
        const int q = nearest(weight, grid);
        sum += static_cast<double>(weight);
        products += static_cast<double>(weight) * q;
        integers += q;
        squares += q * q;
      }
      const double spread = count * squares - static_cast<double>(integers) * integers;
      if (!(spread > 0)) break;  // all are one number
      const double scale = (count * products - sum * integers) / spread;
      grid = stored(static_cast<float>(scale), static_cast<float>((sum - scale * integers) / count));
    }
    return grid;
  }

  /// Packs one group of a channel, each weight as the nearest integer; those that the group lacks are not read. Without
  /// grids of their own, they are multiples of `scale`.
  static constexpr void pack(Word* block, std::size_t number, std::size_t channel, std::span<const float> taps,
                             float scale) {
    Word* own = block + number * group_words + channel;
    IntegerGrid grid{scale, 0.0F};
    if constexpr (has_grids) {
      grid = grid_of(taps);
      own[words * Channels].bits = std::bit_cast<std::uint32_t>(grid.scale / unit) | BFloat16{grid.offset}.bits();
    }
    for (std::size_t t = 0; t < taps.size(); ++t) {
      own[t / taps_per_word * Channels].bits |=
          static_cast<std::uint32_t>(nearest(taps[t], grid)) << (32 - Bits) >> above(t);
    }
  }
  /// The tap, top-aligned where it has no grid.
  static constexpr float at(const Word* block, std::size_t tap, std::size_t channel) {
    const Word* own = block + tap / group * group_words + channel;
    const std::uint32_t aligned = own[tap % group / taps_per_word * Channels].bits << above(tap);
    const auto q = static_cast<float>(static_cast<std::int32_t>(aligned & mask));
    if constexpr (has_grids) {
      const std::uint32_t grid = own[words * Channels].bits;
      return q * std::bit_cast<float>(grid & scale_mask) + std::bit_cast<float>(grid << 16U);
    }
    return q;
  }
  /// How many bits of its word lie above a tap's.
  static constexpr unsigned above(std::size_t tap) {
    return 32 - Bits - static_cast<unsigned>(tap % taps_per_word) * Bits;
  }
  /// The bits of a top-aligned weight.
  static constexpr std::uint32_t mask = ~0U << (32 - Bits);
  /// The bits of a grid's scale.
  static constexpr std::uint32_t scale_mask = 0xFFFF0000U;

 private:
  static constexpr float least_weight = 1e-27F;
  /// A grid as its word holds it.
  static constexpr IntegerGrid stored(float scale, float offset) { return {BFloat16{scale}, BFloat16{offset}}; }
};

/// A block of `Channels` output channels whose weights are bytes of four bits: (groups, words of a group, Channels),
/// and with each group its factors (Channels), each a word that has it in both halves. A weight is an integer times its
/// group's factor. (Groups' scales as integers times one of the channel: arXiv 2405.04532.)
template <std::size_t Channels>
struct NibbleBlock {
  using Word = NibbleWord;
  static constexpr std::size_t depth = 4, taps_per_word = 8, group = 32, words = group / taps_per_word;
  static constexpr std::size_t group_words = (words + 1) * Channels;  // 5 bits a weight
  static constexpr int highest = 7;                                   ///< integers lie in [-highest, highest]
  /// Weights then lie in [-119, 119], and what words hold, times the factor, in [0, 255]: all bytes are multiplied at
  /// once.
  static constexpr int highest_factor = 17, highest_weight = highest * highest_factor;

  static constexpr std::size_t groups(std::size_t taps) { return (taps + group - 1) / group; }
  /// Words that hold a block of so many taps.
  static constexpr std::size_t size(std::size_t taps) { return groups(taps) * group_words; }

  /// The integer for a weight.
  static constexpr int nearest(float weight, int factor) {
    const float q = weight / static_cast<float>(factor);
    return std::clamp(static_cast<int>(q + (q < 0 ? -0.5F : 0.5F)), -highest, highest);
  }
  /// The factor by which the group's squared errors sum to the least. None, where all weights are of this form.
  static constexpr int factor_of(std::span<const float> weights) {
    int best = 1;
    float least = std::numeric_limits<float>::infinity();
    for (int factor = 1; factor <= highest_factor && least != 0.0F; ++factor) {
      float sum = 0.0F;
      for (const float weight : weights) {
        const float error = weight - static_cast<float>(factor * nearest(weight, factor));
        sum += error * error;
      }
      if (sum < least) best = factor, least = sum;
    }
    return best;
  }

  /// Packs one group of a channel, its weights in [-127, 127].
  static constexpr void pack(Word* block, std::size_t number, std::size_t channel, std::span<const float> taps,
                             float /*scale*/) {
    Word* own = block + number * group_words + channel;
    const int factor = factor_of(taps);
    own[words * Channels].bits = static_cast<std::uint32_t>(factor) * 0x00010001U;
    for (std::size_t t = 0; t < group; ++t) {
      const int q = t < taps.size() ? nearest(taps[t], factor) : 0;
      own[t / taps_per_word * Channels].bits |= static_cast<std::uint32_t>(q + 8) << below(t);
    }
  }
  static constexpr int at(const Word* block, std::size_t tap, std::size_t channel) {
    const Word* own = block + tap / group * group_words + channel;
    const auto nibble = static_cast<int>(own[tap % group / taps_per_word * Channels].bits >> below(tap) & 15U);
    return (nibble - 8) * static_cast<int>(own[words * Channels].bits & 0xFFFFU);
  }

 private:
  /// How many bits of its word lie below a tap's.
  static constexpr std::size_t below(std::size_t tap) { return tap % 4 * 8 + tap / 4 % 2 * 4; }
};

}  // namespace ctnn::numeric
