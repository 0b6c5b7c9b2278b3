/// Vectors of halves, with arithmetic in half precision: what simd::Vector is on isa::Avx512Half.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

#include <ctnn/core/config.hpp>
#include <ctnn/numeric/float16.hpp>
#include <ctnn/simd/isa.hpp>

#ifdef __AVX512FP16__
#include <immintrin.h>

// As in vector.hpp.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace ctnn::simd {

/// 32 halves. Every operation rounds to half precision; denormals are exact, whatever the processor's mode.
struct HalfVector {
  __m512h lanes;

  HalfVector() = default;
  CTNN_ALWAYS_INLINE HalfVector(__m512h own) : lanes{own} {}  // NOLINT(google-explicit-constructor): the same
  CTNN_ALWAYS_INLINE explicit HalfVector(float x) : lanes{_mm512_set1_ph(static_cast<_Float16>(x))} {}

  CTNN_ALWAYS_INLINE friend HalfVector operator+(const HalfVector& a, const HalfVector& b) {
    return _mm512_add_ph(a.lanes, b.lanes);
  }
  CTNN_ALWAYS_INLINE friend HalfVector operator-(const HalfVector& a, const HalfVector& b) {
    return _mm512_sub_ph(a.lanes, b.lanes);
  }
  CTNN_ALWAYS_INLINE friend HalfVector operator*(const HalfVector& a, const HalfVector& b) {
    return _mm512_mul_ph(a.lanes, b.lanes);
  }
};

/// The first n of 32 lanes.
constexpr __mmask32 first_halves(std::size_t n) { return (1U << n) - 1U; }

CTNN_ALWAYS_INLINE HalfVector max(const HalfVector& a, const HalfVector& b) { return _mm512_max_ph(a.lanes, b.lanes); }
CTNN_ALWAYS_INLINE HalfVector min(const HalfVector& a, const HalfVector& b) { return _mm512_min_ph(a.lanes, b.lanes); }
CTNN_ALWAYS_INLINE HalfVector fma(const HalfVector& a, const HalfVector& b, const HalfVector& c) {
  return _mm512_fmadd_ph(a.lanes, b.lanes, c.lanes);
}
/// fma(*x in every lane, b, c), x an operand in memory: a broadcast of 16 bits to a register takes one of the two
/// ports that multiply, and compilers do one where x is used twice.
CTNN_ALWAYS_INLINE HalfVector fma(const Half* x, const HalfVector& b, HalfVector c) {
  asm("vfmadd231ph %1%{1to32%}, %2, %0" : "+v"(c.lanes) : "m"(*x), "v"(b.lanes));
  return c;
}
CTNN_ALWAYS_INLINE HalfVector in_register(HalfVector v) {
  asm("" : "+v"(v.lanes));
  return v;
}

/// Sums of 32 lanes, of even and of odd terms side by side.
struct HalfPairs {
  HalfVector low, high;
};
/// Even terms' sums, zeros for those of odd ones.
CTNN_ALWAYS_INLINE HalfPairs even_of_pairs(const HalfVector& v) {
  const __m512i bits = _mm512_castph_si512(v.lanes);
  return {_mm512_castsi512_ph(_mm512_cvtepu16_epi32(_mm512_castsi512_si256(bits))),
          _mm512_castsi512_ph(_mm512_cvtepu16_epi32(_mm512_extracti64x4_epi64(bits, 1)))};
}
CTNN_ALWAYS_INLINE HalfVector joined(const HalfPairs& pairs) {
  alignas(64) static constexpr auto even = [] {
    std::array<std::int16_t, 32> index{};
    for (std::int16_t i = 0; i < 32; ++i) index[static_cast<std::size_t>(i)] = static_cast<std::int16_t>(2 * i);
    return index;
  }();
  const __m512i from = _mm512_load_si512(even.data());
  const __m512i low = _mm512_castph_si512(pairs.low.lanes), high = _mm512_castph_si512(pairs.high.lanes);
  const __m512i odd = _mm512_permutex2var_epi16(low, _mm512_add_epi16(from, _mm512_set1_epi16(1)), high);
  return HalfVector{_mm512_castsi512_ph(_mm512_permutex2var_epi16(low, from, high))} +
         HalfVector{_mm512_castsi512_ph(odd)};
}
/// Two neighbours in every lane.
CTNN_ALWAYS_INLINE HalfVector broadcast_pair(const Half* p) {
  std::int32_t pair = 0;
  __builtin_memcpy(&pair, p, sizeof pair);
  return _mm512_castsi512_ph(_mm512_set1_epi32(pair));
}

/// 32 halves as floats, and floats as halves.
struct HalvesAsFloats {
  using V = xsimd::batch<float, isa::Avx512::Arch>;
  V low, high;

  CTNN_ALWAYS_INLINE HalvesAsFloats(const V& first, const V& second) : low{first}, high{second} {}
  CTNN_ALWAYS_INLINE explicit HalvesAsFloats(const HalfVector& v)
      : low{_mm512_cvtph_ps(_mm512_castsi512_si256(_mm512_castph_si512(v.lanes)))},
        high{_mm512_cvtph_ps(_mm512_extracti64x4_epi64(_mm512_castph_si512(v.lanes), 1))} {}
  CTNN_ALWAYS_INLINE explicit HalvesAsFloats(const float* p)
      : low{V::load_unaligned(p)}, high{V::load_unaligned(p + 16)} {}
  [[nodiscard]] CTNN_ALWAYS_INLINE HalfVector rounded() const {
    const __m512i first = _mm512_castsi256_si512(_mm512_cvtps_ph(low, _MM_FROUND_TO_NEAREST_INT));
    return _mm512_castsi512_ph(_mm512_inserti64x4(first, _mm512_cvtps_ph(high, _MM_FROUND_TO_NEAREST_INT), 1));
  }
  CTNN_ALWAYS_INLINE void store(float* p) const {
    low.store_aligned(p);
    high.store_aligned(p + 16);
  }
  CTNN_ALWAYS_INLINE friend HalvesAsFloats operator+(const HalvesAsFloats& a, const HalvesAsFloats& b) {
    return {a.low + b.low, a.high + b.high};
  }
};

}  // namespace ctnn::simd

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

#endif
