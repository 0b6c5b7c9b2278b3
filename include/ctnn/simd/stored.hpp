/// Weights in the forms they are stored in, loaded as floats.
#pragma once

#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <ctnn/core/config.hpp>
#include <ctnn/numeric/float16.hpp>
#include <ctnn/numeric/integer_words.hpp>
#include <ctnn/numeric/weight_only.hpp>
#include <ctnn/simd/isa.hpp>
#include <ctnn/simd/vector.hpp>

// As in vector.hpp.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace ctnn::simd {

/// Isa::lanes weights.
template <class Isa, class T>
CTNN_ALWAYS_INLINE constexpr Vector<float, Isa> load_floats(const T* p) {
  if constexpr (std::is_same_v<T, float> || numeric::is_float16<T> || std::is_same_v<Isa, isa::Scalar>) {
    return load<Isa>(p);
  } else {
    static_assert(std::is_same_v<T, numeric::Tf32>);
    return load<Isa>(&p->value);
  }
}

/// Isa::lanes words of integer weights, or the bits of as many floats.
template <class Isa, unsigned Bits>
CTNN_ALWAYS_INLINE Vector<std::int32_t, Isa> load_words(const numeric::IntegerWord<Bits>* p) {
  // (Of memcpy to a batch GCC makes halves on the stack, which the load of the whole waits for: 20 times as slow.)
  return Vector<std::int32_t, Isa>::load_unaligned(reinterpret_cast<const std::int32_t*>(&p->bits));
}
/// One weight of each word, the one with that many bits above it, top-aligned.
template <class Isa, unsigned Bits>
CTNN_ALWAYS_INLINE Vector<float, Isa> weight_of(const Vector<std::int32_t, Isa>& words, unsigned above) {
  [[maybe_unused]] const int byte = static_cast<int>(24 - above) << 21;  // its number, in the highest byte
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512> && Bits == 8) {
    const __m512i from = _mm512_add_epi32(  // bytes 0x80 become zero
        _mm512_set_epi32(0x0C808080, 0x08808080, 0x04808080, 0x00808080, 0x0C808080, 0x08808080, 0x04808080, 0x00808080,
                         0x0C808080, 0x08808080, 0x04808080, 0x00808080, 0x0C808080, 0x08808080, 0x04808080,
                         0x00808080),
        _mm512_set1_epi32(byte));
    return Vector<float, Isa>{_mm512_cvtepi32_ps(_mm512_shuffle_epi8(words, from))};
  } else if constexpr (std::derived_from<Isa, isa::Avx512> && Bits == 4) {  // an instruction less than what follows
    constexpr float u = numeric::IntegerBlock<4, 1>::unit;
    const __m512i low = _mm512_srl_epi32(words, _mm_cvtsi32_si128(static_cast<int>(28 - above)));
    // the permutation reads the lowest four bits of each lane
    return Vector<float, Isa>{
        _mm512_permutexvar_ps(low, _mm512_setr_ps(0, u, 2 * u, 3 * u, 4 * u, 5 * u, 6 * u, 7 * u, -8 * u, -7 * u,
                                                  -6 * u, -5 * u, -4 * u, -3 * u, -2 * u, -u))};
  } else
#endif
#if XSIMD_WITH_AVX2
      if constexpr (std::derived_from<Isa, isa::Avx2> && Bits == 8) {
    const __m256i from = _mm256_add_epi32(_mm256_set_epi32(0x0C808080, 0x08808080, 0x04808080, 0x00808080, 0x0C808080,
                                                           0x08808080, 0x04808080, 0x00808080),
                                          _mm256_set1_epi32(byte));
    return Vector<float, Isa>{_mm256_cvtepi32_ps(_mm256_shuffle_epi8(words, from))};
  } else
#endif
  {
    using Int = Vector<std::int32_t, Isa>;
    const Int aligned = (words << static_cast<int>(above)) & Int(static_cast<std::int32_t>(~0U << (32 - Bits)));
    return xsimd::to_float(aligned);
  }
}

#ifdef __AVX512BF16__
/// Sixteen pairs of bfloat16. (Intrinsics' own type cannot be an element of GCC's arrays' initialisers.)
using BFloat16Pairs = __m512i;
CTNN_ALWAYS_INLINE BFloat16Pairs load_pairs(const BFloat16* p) { return _mm512_loadu_si512(p); }
/// Two neighbours in every lane.
CTNN_ALWAYS_INLINE BFloat16Pairs broadcast_pair(const BFloat16* p) {
  std::int32_t pair = 0;
  __builtin_memcpy(&pair, p, sizeof pair);
  return _mm512_set1_epi32(pair);
}
/// sum + the products of both elements of each pair.
CTNN_ALWAYS_INLINE Vector<float, isa::Avx512Bf16> dot(BFloat16Pairs a, BFloat16Pairs b,
                                                      const Vector<float, isa::Avx512Bf16>& sum) {
  return _mm512_dpbf16_ps(sum, std::bit_cast<__m512bh>(a), std::bit_cast<__m512bh>(b));
}
#endif

}  // namespace ctnn::simd

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
