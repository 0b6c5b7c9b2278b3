/// Multiply-add atoms: what a matrix-like kernel adds to a register of sums in one step. There is one per pair of
/// element types, and a kernel is one body over them.
#pragma once

#include <cstddef>

#include <ctnn/core/config.hpp>
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

}  // namespace ctnn::simd
