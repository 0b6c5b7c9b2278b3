/// Formats that store numbers in fewer bits than they are computed in: arithmetic is float's, and weights come as
/// F32's, rounded when a network packs them.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include <ctnn/numeric/f32.hpp>
#include <ctnn/numeric/float16.hpp>
#include <ctnn/numeric/format.hpp>
#include <ctnn/numeric/integer_words.hpp>

namespace ctnn {

namespace numeric {

/// A format whose files are F32's.
struct StoredAsF32 {
  using Stored = F32;  ///< the format that weights come in
  using Bias = float;
  using Accumulator = float;
  using Quantization = F32::Quantization;
  template <class Layer>
  using Fields = F32::Fields<Layer>;
  template <class P>
  using FieldsOf = F32::FieldsOf<P>;
  using InputFields = F32::InputFields;
};

/// A float that is rounded to 10 bits of mantissa where it is multiplied.
struct Tf32 {
  float value = 0.0F;
  constexpr Tf32() = default;
  constexpr explicit Tf32(float x) : value{rounded(x)} {}
  constexpr operator float() const { return value; }  // NOLINT(google-explicit-constructor): nothing is lost

  /// The nearest number of 10 bits of mantissa, ties to even; float's range.
  static constexpr float rounded(float x) {
    constexpr std::uint32_t dropped = 13, infinity = 0xFFU << 23U;
    const auto bits = std::bit_cast<std::uint32_t>(x);
    if ((bits & infinity) == infinity) return x;
    return std::bit_cast<float>((bits + (1U << (dropped - 1)) - 1U + (bits >> dropped & 1U)) >> dropped << dropped);
  }
};

/// An input as it is multiplied with such weights.
template <class Weight, class T>
constexpr float as_input(T x) {
  if constexpr (std::same_as<Weight, Tf32>) {
    return Tf32::rounded(x);
  } else {
    return static_cast<Arithmetic<T>>(x);
  }
}

template <class Weight>
inline constexpr bool is_integer_word = false;
template <unsigned Bits>
inline constexpr bool is_integer_word<IntegerWord<Bits>> = true;
template <>
inline constexpr bool is_integer_word<NibbleWord> = true;

/// Blocks of such words.
template <class Word, std::size_t Channels>
struct BlockOf;
template <unsigned Bits, std::size_t Channels>
struct BlockOf<IntegerWord<Bits>, Channels> {
  using type = IntegerBlock<Bits, Channels>;
};
template <std::size_t Channels>
struct BlockOf<NibbleWord, Channels> {
  using type = NibbleBlock<Channels>;
};
template <class Word, std::size_t Channels>
using block_of = typename BlockOf<Word, Channels>::type;
/// Taps that lie side by side in such words; of weights that are none, 0.
template <class Weight>
inline constexpr std::size_t word_depth = 0;
template <class Weight>
  requires is_integer_word<Weight>
inline constexpr std::size_t word_depth<Weight> = block_of<Weight, 1>::depth;

/// Tap number `tap` of a channel, of weights that lie as (channels, taps); integers as their blocks give them.
template <class A, class Weight>
constexpr A weight_at(const Weight* weights, std::size_t channel, std::size_t tap, std::size_t taps) {
  if constexpr (is_integer_word<Weight>) {
    using Block = block_of<Weight, 1>;
    return static_cast<A>(Block::at(weights + channel * Block::size(taps), tap, 0));
  } else {
    return static_cast<A>(weights[channel * taps + tap]);
  }
}

}  // namespace numeric

/// Weights in half precision. Weights beyond 65504 become infinite.
struct F16Storage : numeric::StoredAsF32 {
  static constexpr auto name = FixedString{"F16Storage"};
  using Activation = float;
  using Weight = Half;
  /// Bytes of `channels` output channels' weights, `taps` each.
  static constexpr std::size_t bytes(std::size_t channels, std::size_t taps) { return 2 * channels * taps; }
};

/// Weights and activations in half precision. Beyond 65504 both become infinite.
struct F16 : F16Storage {
  static constexpr auto name = FixedString{"F16"};
  using Activation = Half;
  using Outer = F32;
};

/// Weights and activations in bfloat16: float's range, 8 significant bits.
struct BF16 : numeric::StoredAsF32 {
  static constexpr auto name = FixedString{"BF16"};
  using Activation = BFloat16;
  using Outer = F32;  ///< inputs and outputs of networks
  using Weight = BFloat16;
  static constexpr std::size_t bytes(std::size_t channels, std::size_t taps) { return 2 * channels * taps; }
};

/// Weights of eight bits, symmetric, a scale per output channel.
struct Int8Weights : numeric::StoredAsF32 {
  static constexpr auto name = FixedString{"Int8Weights"};
  using Activation = float;
  using Weight = numeric::IntegerWord<8>;
  static constexpr std::size_t bytes(std::size_t channels, std::size_t taps) {
    return channels * (numeric::IntegerBlock<8, 1>::size(taps) * sizeof(Weight) + sizeof(float));
  }
};

/// Weights of four bits, a scale and an offset for every 32 inputs of an output channel (as ggml's Q4_1).
struct Int4Weights : numeric::StoredAsF32 {
  static constexpr auto name = FixedString{"Int4Weights"};
  using Activation = float;
  using Weight = numeric::IntegerWord<4>;
  static constexpr std::size_t bytes(std::size_t channels, std::size_t taps) {
    return channels * numeric::IntegerBlock<4, 1>::size(taps) * sizeof(Weight);
  }
};

/// What NVIDIA's TF32 computes, emulated for numerical study, not for speed: weights and inputs of convolutions and
/// fully connected layers are rounded to 10 bits of mantissa, to even; sums are float's.
struct TF32 : numeric::StoredAsF32 {
  static constexpr auto name = FixedString{"TF32"};
  using Activation = float;
  using Weight = numeric::Tf32;
  static constexpr std::size_t bytes(std::size_t channels, std::size_t taps) { return sizeof(float) * channels * taps; }
};

}  // namespace ctnn
