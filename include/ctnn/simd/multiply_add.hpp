/// Multiply-add atoms: what a matrix-like kernel adds to a register of sums in one step. There is one per pair of
/// element types, and a kernel is one body over them.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <ctnn/core/config.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::simd {

/// Multiplies `depth` neighbouring inputs, the same for all lanes, with as many weights of every lane, which lie as
/// (lanes, depth), and adds the products to the lanes' sums. An atom has
///   Sum                          a register of Isa::lanes sums
///   depth                        inputs per step
///   zero(), start(bias)          registers of sums
///   weights(p), input(p)         registers of (lanes, depth) weights, and of `depth` inputs for every lane
///   add(input, weights, sum)     the step
template <class Isa, class Input, class Weight>
struct MultiplyAdd;

/// Single precision: one multiply-add, rounded once where the instruction set can.
template <class Isa>
struct MultiplyAdd<Isa, float, float> {
  using Sum = Vector<float, Isa>;
  static constexpr std::size_t depth = 1;

  CTNN_ALWAYS_INLINE static Sum zero() { return Sum(0.0F); }
  CTNN_ALWAYS_INLINE static Sum start(const float* bias) { return load<Isa>(bias); }
  CTNN_ALWAYS_INLINE static Sum weights(const float* p) { return load<Isa>(p); }
  CTNN_ALWAYS_INLINE static Sum input(const float* p) { return Sum(*p); }
  CTNN_ALWAYS_INLINE static Sum add(const Sum& input, const Sum& weights, const Sum& sum) {
    return fma(input, weights, sum);
  }
};

/// Bytes: a dot product of four. `offset` is added to every input on the way; sums begin without it, times the weights.
template <class Isa, std::integral T>
struct MultiplyAdd<Isa, T, std::int8_t> {
  using Sum = IntSum<Isa>;
  static constexpr std::size_t depth = 4;
  static constexpr std::int32_t offset = dot_offset<Isa, T>;

  CTNN_ALWAYS_INLINE static Sum zero() { return Sum{}; }
  CTNN_ALWAYS_INLINE static Sum start(const std::int32_t* bias) { return load_ints<Isa>(bias); }
  CTNN_ALWAYS_INLINE static Sum weights(const std::int8_t* p) { return load_ints<Isa>(p); }
  CTNN_ALWAYS_INLINE static Sum input(const T* p) { return to_dot_input<Isa, T>(broadcast_bytes<Isa>(p)); }
  CTNN_ALWAYS_INLINE static Sum add(const Sum& input, const Sum& weights, const Sum& sum) {
    return dot<Isa, DotInput<Isa, T>>(input, weights, sum);
  }
};

}  // namespace ctnn::simd
