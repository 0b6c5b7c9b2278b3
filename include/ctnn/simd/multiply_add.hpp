/// Multiply-add atoms: what a matrix-like kernel adds to a register of sums in one step. There is one per pair of
/// element types, and a kernel is one body over them.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include <ctnn/core/config.hpp>
#include <ctnn/numeric/integer_words.hpp>
#include <ctnn/numeric/weight_only.hpp>
#include <ctnn/simd/half.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/stored.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::simd {

/// Multiplies `depth` neighbouring inputs, the same for all lanes, with as many weights of every lane, which lie as
/// (lanes, depth), and adds the products to the lanes' sums. An atom has
///   Sum                          a register of Isa::lanes sums
///   depth                        inputs per step
///   zero(), start(bias)          registers of sums
///   weights(p), input(p)         registers of (lanes, depth) weights, and of `depth` inputs for every lane
///   inputs(p, n)                 a register of the n inputs at p, `depth` in every lane
///   add(input, weights, sum)     the step
/// and where its sums are too short for all steps of a kernel
///   run                          steps after which they are added to others (Totals)
template <class Isa, class Input, class Weight>
struct MultiplyAdd;

template <class Isa, std::size_t Vectors, class Word>
struct WordPosition;

/// Arithmetic in single precision, whatever inputs and weights are stored as: one multiply-add, rounded once where the
/// instruction set can.
template <class Isa, class Input, class Weight>
  requires(std::convertible_to<Input, float> && !std::integral<Input>)
struct MultiplyAdd<Isa, Input, Weight> {
  using Sum = Vector<float, Isa>;
  static constexpr std::size_t depth = 1;

  CTNN_ALWAYS_INLINE static Sum zero() { return Sum(0.0F); }
  CTNN_ALWAYS_INLINE static Sum start(const auto* bias) { return load<Isa>(bias); }
  CTNN_ALWAYS_INLINE static Sum weights(const Weight* p) { return load_floats<Isa>(p); }
  template <std::size_t Vectors, class Word>
  CTNN_ALWAYS_INLINE static Sum weights(const WordPosition<Isa, Vectors, Word>& p) {
    return p.load();
  }
  CTNN_ALWAYS_INLINE static Sum input(const Input* p) {
    if constexpr (numeric::is_float16<Input>) {
      return broadcast<Isa>(p);
    } else {
      return Sum(numeric::as_input<Weight>(*p));
    }
  }
  CTNN_ALWAYS_INLINE static Sum inputs(const Input* p, std::size_t n) { return load_up_to<Isa>(p, n); }
  CTNN_ALWAYS_INLINE static Sum add(const Sum& input, const Sum& weights, const Sum& sum) {
    return fma(input, weights, sum);
  }
};

#ifdef __AVX512BF16__
/// bfloat16: a dot product of two, in float. Denormals count as zeros, whatever the processor's mode.
template <std::derived_from<isa::Avx512Bf16> Isa>
struct MultiplyAdd<Isa, BFloat16, BFloat16> {
  using Sum = Vector<float, Isa>;
  static constexpr std::size_t depth = 2;

  CTNN_ALWAYS_INLINE static Sum zero() { return Sum(0.0F); }
  CTNN_ALWAYS_INLINE static Sum start(const float* bias) { return load<Isa>(bias); }
  CTNN_ALWAYS_INLINE static BFloat16Pairs weights(const BFloat16* p) { return load_pairs(p); }
  CTNN_ALWAYS_INLINE static BFloat16Pairs input(const BFloat16* p) { return broadcast_pair(p); }
  CTNN_ALWAYS_INLINE static Sum add(BFloat16Pairs input, BFloat16Pairs weights, const Sum& sum) {
    return dot(input, weights, sum);
  }
};
#endif

/// How many products are added in half precision, before the sum is added to one in single precision. Errors grow with
/// the root of it.
inline constexpr std::size_t half_run = 64;

#ifdef __AVX512FP16__
/// Half precision. Sums are rounded at every step.
template <>
struct MultiplyAdd<isa::Avx512Half, Half, Half> {
  using Isa = isa::Avx512Half;
  using Sum = HalfVector;
  static constexpr std::size_t depth = 1;
  static constexpr std::size_t run = half_run;

  CTNN_ALWAYS_INLINE static Sum zero() { return Sum(0.0F); }
  CTNN_ALWAYS_INLINE static Sum start(const auto* bias) { return load<Isa>(bias); }
  CTNN_ALWAYS_INLINE static Sum weights(const Half* p) { return load<Isa>(p); }
  CTNN_ALWAYS_INLINE static const Half* input(const Half* p) { return p; }
  CTNN_ALWAYS_INLINE static Sum inputs(const Half* p, std::size_t n) { return load_up_to<Isa>(p, n); }
  template <class Input>
  CTNN_ALWAYS_INLINE static Sum add(const Input& input, const Sum& weights, const Sum& sum) {
    return fma(input, weights, sum);
  }
};

/// The same by two terms, each to a sum of its own.
template <>
struct MultiplyAdd<isa::Avx512HalfPairs, Half, Half> {
  using Isa = isa::Avx512HalfPairs;
  using Sum = HalfPairs;
  static constexpr std::size_t depth = 2;
  static constexpr std::size_t run = half_run;

  CTNN_ALWAYS_INLINE static Sum zero() { return {HalfVector(0.0F), HalfVector(0.0F)}; }
  CTNN_ALWAYS_INLINE static Sum start(const auto* bias) { return even_of_pairs(load<Isa>(bias)); }
  CTNN_ALWAYS_INLINE static HalfPairs weights(const Half* p) { return {load<Isa>(p), load<Isa>(p + Isa::lanes)}; }
  CTNN_ALWAYS_INLINE static HalfVector input(const Half* p) { return broadcast_pair(p); }
  CTNN_ALWAYS_INLINE static Sum add(const HalfVector& input, const HalfPairs& weights, const Sum& sum) {
    return {fma(input, weights.low, sum.low), fma(input, weights.high, sum.high)};
  }
};
#endif

/// A lane's sum.
template <class Sum>
CTNN_ALWAYS_INLINE const Sum& joined(const Sum& sum) {
  return sum;
}

/// What Rows x Columns running sums have been added up to: nothing, where an atom's sums hold all steps.
template <class Atom, std::size_t Rows, std::size_t Columns>
struct Totals {
  /// How many of so many steps come next, each for one of `rows` rows of sums in turn, before these are added to the
  /// totals.
  static constexpr std::size_t next(std::size_t steps, const auto& /*sums*/, std::size_t /*rows*/ = 1) { return steps; }
  /// The sums of all steps.
  CTNN_ALWAYS_INLINE static void finish(const auto& /*sums*/) {}
};
#ifdef __AVX512FP16__
template <class Atom, std::size_t Rows, std::size_t Columns>
  requires requires { Atom::run; }
struct Totals<Atom, Rows, Columns> {
  using Isa = typename Atom::Isa;
  using Sums = typename Atom::Sum[Rows][Columns];

  CTNN_ALWAYS_INLINE std::size_t next(std::size_t steps, Sums& sums, std::size_t rows = 1) {
    if (left_ == 0) {
      put(sums);
      add(halves_, floats_, begun_);
      for_each([&](std::size_t, auto row, auto column) CTNN_INLINE_LAMBDA { sums[row][column] = Atom::zero(); });
      begun_ = true;
      left_ = Atom::run;
    }
    const std::size_t n = std::min(steps, left_ * rows);
    left_ -= n / rows;
    return n;
  }
  CTNN_ALWAYS_INLINE void finish(Sums& sums) {
    if (!begun_) return;
    put(sums);
    round(halves_, floats_);
    for_each([&](std::size_t at, auto row, auto column)
                 CTNN_INLINE_LAMBDA { sums[row][column] = Atom::start(halves_ + at); });
  }

 private:
  static constexpr std::size_t size = Rows * Columns * Isa::lanes;
  alignas(64) Half halves_[size];
  alignas(64) float floats_[size];
  bool begun_ = false;
  std::size_t left_ = Atom::run;

  CTNN_ALWAYS_INLINE void put(const Sums& sums) {
    for_each([&](std::size_t at, auto row, auto column)
                 CTNN_INLINE_LAMBDA { store<Isa>(halves_ + at, joined(sums[row][column])); });
  }
  CTNN_ALWAYS_INLINE static void for_each(auto body) {
    unroll<Rows * Columns>([&]<std::size_t i>(std::integral_constant<std::size_t, i>) CTNN_INLINE_LAMBDA {
      body(i * Isa::lanes, std::integral_constant<std::size_t, i / Columns>{},
           std::integral_constant<std::size_t, i % Columns>{});
    });
  }
  // Loops over memory, out of the way of the registers.
  [[gnu::noinline]] static void add(const Half* halves, float* floats, bool begun) {
    for (std::size_t i = 0; i < size; i += Isa::lanes) {
      const HalvesAsFloats own{load<Isa>(halves + i)};
      (begun ? own + HalvesAsFloats{floats + i} : own).store(floats + i);
    }
  }
  [[gnu::noinline]] static void round(Half* halves, const float* floats) {
    for (std::size_t i = 0; i < size; i += Isa::lanes) {
      store<Isa>(halves + i, (HalvesAsFloats{load<Isa>(halves + i)} + HalvesAsFloats{floats + i}).rounded());
    }
  }
};
#endif

/// Bytes: a dot product of four. `offset` is added to every input on the way; sums begin without it, times the weights.
template <class Isa, std::integral T, class Weight>
struct MultiplyAdd<Isa, T, Weight> {
  using Sum = IntSum<Isa>;
  static constexpr std::size_t depth = 4;
  static constexpr std::int32_t offset = dot_offset<Isa, T>;

  CTNN_ALWAYS_INLINE static Sum zero() { return Sum{}; }
  CTNN_ALWAYS_INLINE static Sum start(const std::int32_t* bias) { return load_ints<Isa>(bias); }
  CTNN_ALWAYS_INLINE static Sum weights(const std::int8_t* p) { return load_ints<Isa>(p); }
  template <std::size_t Vectors>
  CTNN_ALWAYS_INLINE static Sum weights(const WordPosition<Isa, Vectors, Weight>& p) {
    return p.load();
  }
  CTNN_ALWAYS_INLINE static Sum input(const T* p) { return to_dot_input<Isa, T>(broadcast_bytes<Isa>(p)); }
  CTNN_ALWAYS_INLINE static Sum inputs(const T* p, std::size_t n) {
    return to_dot_input<Isa, T>(load_quads<Isa>(p, n));
  }
  CTNN_ALWAYS_INLINE static Sum add(const Sum& input, const Sum& weights, const Sum& sum) {
    return dot<Isa, DotInput<Isa, T>>(input, weights, sum);
  }
};

/// A position among a block's integer weights in words, as a pointer among other weights: (taps / depth, Vectors *
/// lanes, depth).
template <class Isa, std::size_t Vectors, class Word>
struct WordPosition {
  static constexpr std::size_t channels = Vectors * Isa::lanes;
  using Block = numeric::block_of<Word, channels>;
  const Word* block = nullptr;
  std::size_t tap = 0, channel = 0;

  /// Steps of elements, forward or, as sizes wrap, at most a step of taps backward.
  CTNN_ALWAYS_INLINE WordPosition& operator+=(std::size_t n) {
    constexpr std::size_t step = channels * Block::depth;
    const std::size_t moved = channel * Block::depth + n + step;
    tap += (moved / step - 1) * Block::depth;
    channel = moved % step / Block::depth;
    return *this;
  }
  CTNN_ALWAYS_INLINE friend WordPosition operator+(WordPosition p, std::size_t n) { return p += n; }

  /// Isa::lanes of them, `depth` taps each.
  [[nodiscard]] CTNN_ALWAYS_INLINE auto load() const {
    if constexpr (std::same_as<Word, numeric::NibbleWord>) {
      const auto words = load_ints<Isa>(group() + tap % Block::group / Block::taps_per_word * channels);
      return scale_nibbles<Isa>(words, tap / Block::depth % 2 != 0, load_ints<Isa>(group() + Block::words * channels));
    } else if constexpr (Block::has_grids) {
      const Grids grids = load_grids();
      return fma(load_integers(), grids.scale, grids.offset);
    } else {
      return load_integers();
    }
  }
  /// The integers that stand for them, top-aligned.
  [[nodiscard]] CTNN_ALWAYS_INLINE Vector<float, Isa> load_integers() const {
    const auto words = load_words<Isa>(group() + tap % Block::group / Block::taps_per_word * channels);
    return weight_of<Isa, 32 / Block::taps_per_word>(words, Block::above(tap));
  }
  /// What integers of their group are multiplied by, and what is added then.
  struct Grids {
    Vector<float, Isa> scale, offset;
  };
  [[nodiscard]] CTNN_ALWAYS_INLINE Grids load_grids() const {
    using Floats = Vector<float, Isa>;
    const auto grids = load_words<Isa>(group() + Block::words * channels);
    const auto scale = grids & Vector<std::int32_t, Isa>(static_cast<std::int32_t>(Block::scale_mask));
    return {xsimd::bitwise_cast<Floats>(scale), xsimd::bitwise_cast<Floats>(grids << 16)};
  }

 private:
  [[nodiscard]] CTNN_ALWAYS_INLINE const Word* group() const {
    return block + tap / Block::group * Block::group_words + channel;
  }
};
/// The weights of so many taps as they are multiplied, (taps / depth, Vectors * lanes, depth).
template <class Isa, std::size_t Vectors, class Word, class T>
void unpack(WordPosition<Isa, Vectors, Word> weights, std::size_t taps, T* unpacked) {
  constexpr std::size_t depth = WordPosition<Isa, Vectors, Word>::Block::depth, vector = Isa::lanes * depth;
  for (; weights.tap < taps; weights.tap += depth) {
    unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      const auto own = (weights + v * vector).load();
      if constexpr (std::same_as<T, float>) {
        store<Isa>(unpacked, own);
      } else {
        __builtin_memcpy(unpacked, &own, sizeof own);
      }
      unpacked += vector;
    });
  }
}
template <class Isa, std::size_t Vectors, class Word>
CTNN_ALWAYS_INLINE void prefetch(const WordPosition<Isa, Vectors, Word>&) {}  // a word is one for many steps
/// So many elements on; of words, whole groups, so that the place within a group stays a constant.
template <std::size_t elements, class T>
CTNN_ALWAYS_INLINE const T* advanced(const T* weights) {
  return weights + elements;
}
template <std::size_t elements, class Isa, std::size_t Vectors, class Word>
CTNN_ALWAYS_INLINE WordPosition<Isa, Vectors, Word> advanced(WordPosition<Isa, Vectors, Word> p) {
  using Block = typename WordPosition<Isa, Vectors, Word>::Block;
  constexpr std::size_t group = Block::group * Vectors * Isa::lanes;
  static_assert(elements % group == 0);
  p.block += elements / group * Block::group_words;
  return p;
}

/// Taps of a group that has grids; 0 where weights have none.
template <class Weight>
inline constexpr std::size_t grid_group = 0;
template <>
inline constexpr std::size_t grid_group<numeric::IntegerWord<4>> = numeric::IntegerBlock<4, 1>::group;

/// From how many steps on a weight's place in its word is the same again.
template <class Weight>
inline constexpr std::size_t period_of = 1;
template <unsigned Bits>
inline constexpr std::size_t period_of<numeric::IntegerWord<Bits>> = 32 / Bits;
template <>
inline constexpr std::size_t period_of<numeric::NibbleWord> =
    numeric::NibbleBlock<1>::group / numeric::word_depth<numeric::NibbleWord>;

/// Elements of a block of so many taps.
template <class Isa, std::size_t Vectors, class Weight>
constexpr std::size_t block_size(std::size_t taps) {
  if constexpr (numeric::is_integer_word<Weight>) {
    return numeric::block_of<Weight, Vectors * Isa::lanes>::size(taps);
  } else {
    return taps * Vectors * Isa::lanes;
  }
}
/// Where a block's weights begin.
template <class Isa, std::size_t Vectors, class Weight>
CTNN_ALWAYS_INLINE const Weight* block_of_weights(const Weight* weights, std::size_t number, std::size_t taps) {
  return weights + number * block_size<Isa, Vectors, Weight>(taps);
}
template <class Isa, std::size_t Vectors, class Word>
  requires numeric::is_integer_word<Word> CTNN_ALWAYS_INLINE WordPosition<Isa, Vectors, Word> block_of_weights(
      const Word* weights, std::size_t number, std::size_t taps) {
    return {weights + number * block_size<Isa, Vectors, Word>(taps)};
  }

}  // namespace ctnn::simd
