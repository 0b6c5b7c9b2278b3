/// A thin adapter over xsimd: the vector operations kernels use, with the few instructions xsimd lacks. For isa::Scalar
/// a vector is one element and every function is constexpr, so that a formula or a loop is written once for all.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <type_traits>
#include <utility>

// GCC 12's AVX-512 intrinsics start from a variable they leave undefined on purpose, and warn of it wherever they are
// inlined (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

#include <xsimd/xsimd.hpp>

#if XSIMD_WITH_AVX2 || XSIMD_WITH_AVX512F
#include <immintrin.h>
#endif
#if XSIMD_WITH_NEON64
#include <arm_neon.h>
#endif

#include <ctnn/core/config.hpp>
#include <ctnn/numeric/float16.hpp>
#include <ctnn/numeric/math.hpp>
#include <ctnn/simd/half.hpp>
#include <ctnn/simd/isa.hpp>

namespace ctnn::simd {

namespace detail {
template <class T, class Isa>
struct RegisterOf {
  using type = xsimd::batch<numeric::Arithmetic<T>, typename Isa::Arch>;
};
template <class T>
struct RegisterOf<T, isa::Scalar> {
  using type = numeric::Arithmetic<T>;
};
#ifdef __AVX512FP16__
template <class T, std::derived_from<isa::Avx512Half> Isa>
struct RegisterOf<T, Isa> {
  using type = HalfVector;
};
#endif
}  // namespace detail

/// Isa::lanes elements in a register. Floats of 16 bits are floats there, on isa::Avx512Half floats are halves: loads
/// and stores convert.
template <class T, class Isa>
using Vector = typename detail::RegisterOf<T, Isa>::type;

/// Calls `body` with std::integral_constant 0 to N - 1. The lambda must be CTNN_INLINE_LAMBDA.
template <std::size_t N, class Body>
CTNN_ALWAYS_INLINE constexpr void unroll(Body&& body) {
  [&]<std::size_t... I>(std::index_sequence<I...>) CTNN_INLINE_LAMBDA {
    (body(std::integral_constant<std::size_t, I>{}), ...);
  }
  (std::make_index_sequence<N>{});
}

// ---- floats of 16 bits

namespace detail {

template <class Isa, class T>
CTNN_ALWAYS_INLINE Vector<float, Isa> widen(const T* p) {
  using V = Vector<float, Isa>;
  [[maybe_unused]] constexpr bool half = std::is_same_v<T, Half>;
  static_assert(half || std::is_same_v<T, BFloat16>);
#ifdef __AVX512FP16__
  if constexpr (std::derived_from<Isa, isa::Avx512Half>) {
    return _mm512_loadu_ph(p);
  } else
#endif
#if XSIMD_WITH_AVX512BW
      if constexpr (std::derived_from<Isa, isa::Avx512>) {
    const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(p));  // NOLINT: the intrinsic's interface
    if constexpr (half) return V{_mm512_cvtph_ps(bits)};
    return V{_mm512_castsi512_ps(_mm512_slli_epi32(_mm512_cvtepu16_epi32(bits), 16))};
  } else
#endif
#if XSIMD_WITH_AVX2 && defined(__F16C__)
      if constexpr (std::derived_from<Isa, isa::Avx2>) {
    const __m128i bits = _mm_loadu_si128(reinterpret_cast<const __m128i*>(p));  // NOLINT: the intrinsic's interface
    if constexpr (half) return V{_mm256_cvtph_ps(bits)};
    return V{_mm256_castsi256_ps(_mm256_slli_epi32(_mm256_cvtepu16_epi32(bits), 16))};
  } else
#endif
#if XSIMD_WITH_NEON64
      if constexpr (std::derived_from<Isa, isa::Neon>) {
    const uint16x4_t bits = vld1_u16(reinterpret_cast<const std::uint16_t*>(p));  // NOLINT: the intrinsic's interface
    if constexpr (half) return V{vcvt_f32_f16(vreinterpret_f16_u16(bits))};
    return V{vreinterpretq_f32_u32(vshll_n_u16(bits, 16))};
  } else
#endif
  {
    alignas(64) std::array<float, Isa::lanes> lanes;
    for (std::size_t i = 0; i < Isa::lanes; ++i) lanes[i] = p[i];
    return V::load_aligned(lanes.data());
  }
}

template <class Isa, class T>
CTNN_ALWAYS_INLINE void narrow(T* p, const Vector<float, Isa>& v) {
  [[maybe_unused]] constexpr bool half = std::is_same_v<T, Half>;
#ifdef __AVX512FP16__
  if constexpr (std::derived_from<Isa, isa::Avx512Half>) {
    _mm512_storeu_ph(p, v.lanes);
  } else
#endif
#if XSIMD_WITH_AVX512BW
      if constexpr (std::derived_from<Isa, isa::Avx512> && half) {
    // NOLINTNEXTLINE: the intrinsic's interface
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
  } else
#endif
#ifdef __AVX512BF16__
      if constexpr (std::derived_from<Isa, isa::Avx512Bf16> && !half) {
    const __m256bh bits = _mm512_cvtneps_pbh(v);
    __builtin_memcpy(static_cast<void*>(p), &bits, sizeof bits);
  } else
#endif
#if XSIMD_WITH_AVX2 && defined(__F16C__)
      if constexpr (std::derived_from<Isa, isa::Avx2> && half) {
    // NOLINTNEXTLINE: the intrinsic's interface
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), _mm256_cvtps_ph(v, _MM_FROUND_TO_NEAREST_INT));
  } else
#endif
#if XSIMD_WITH_NEON64
      if constexpr (std::derived_from<Isa, isa::Neon> && half) {
    // NOLINTNEXTLINE: the intrinsic's interface
    vst1_u16(reinterpret_cast<std::uint16_t*>(p), vreinterpret_u16_f16(vcvt_f16_f32(v)));
  } else
#endif
  {
    alignas(64) std::array<float, Isa::lanes> lanes;
    v.store_aligned(lanes.data());
    for (std::size_t i = 0; i < Isa::lanes; ++i) p[i] = T{lanes[i]};
  }
}

}  // namespace detail

/// A float of 16 bits in every lane.
template <class Isa, unsigned MantissaBits>
CTNN_ALWAYS_INLINE constexpr Vector<float, Isa> broadcast(const Float16<MantissaBits>* p) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    if constexpr (MantissaBits == 10) {
      return Vector<float, Isa>{_mm512_cvtph_ps(_mm256_set1_epi16(static_cast<short>(p->bits())))};
    } else {
      const __m512i twice = _mm512_set1_epi16(static_cast<short>(p->bits()));
      return Vector<float, Isa>{_mm512_castsi512_ps(_mm512_slli_epi32(twice, 16))};
    }
  } else
#endif
  {
    return Vector<float, Isa>(static_cast<float>(*p));
  }
}

// ---- memory

template <class Isa, class T>
CTNN_ALWAYS_INLINE constexpr Vector<T, Isa> load(const T* p) {
  if constexpr (std::is_same_v<Isa, isa::Scalar>) {
    return *p;
  } else if constexpr (numeric::is_float16<T>) {
    return detail::widen<Isa>(p);
#ifdef __AVX512FP16__
  } else if constexpr (std::derived_from<Isa, isa::Avx512Half>) {
    return HalvesAsFloats{p}.rounded();
#endif
  } else {
    return Vector<T, Isa>::load_unaligned(p);
  }
}
template <class Isa, class T>
CTNN_ALWAYS_INLINE constexpr void store(T* p, const Vector<T, Isa>& v) {
  if constexpr (std::is_same_v<Isa, isa::Scalar>) {
    *p = static_cast<T>(v);
  } else if constexpr (numeric::is_float16<T>) {
    detail::narrow<Isa>(p, v);
  } else {
    v.store_unaligned(p);
  }
}

namespace detail {
#if XSIMD_WITH_AVX2
/// The first n of eight lanes, as AVX's masked moves want them.
CTNN_ALWAYS_INLINE __m256i first_lanes_avx2(std::size_t n) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32(static_cast<int>(n)), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
#endif
}  // namespace detail

/// The first n < lanes floats at p, zeros above; reads nothing beyond them.
template <class Isa>
CTNN_ALWAYS_INLINE Vector<float, Isa> load_first(const float* p, std::size_t n) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    return Vector<float, Isa>{_mm512_maskz_loadu_ps(static_cast<__mmask16>((1U << n) - 1U), p)};
  } else
#endif
#if XSIMD_WITH_AVX2
      if constexpr (std::derived_from<Isa, isa::Avx2>) {
    return Vector<float, Isa>{_mm256_maskload_ps(p, detail::first_lanes_avx2(n))};
  } else
#endif
#if XSIMD_WITH_NEON64
      if constexpr (std::derived_from<Isa, isa::Neon>) {
    const float32x4_t pair = n < 2 ? vdupq_n_f32(0.0F) : vcombine_f32(vld1_f32(p), vdup_n_f32(0.0F));
    return Vector<float, Isa>{n == 1 ? vld1q_lane_f32(p, pair, 0) : n == 3 ? vld1q_lane_f32(p + 2, pair, 2) : pair};
  } else
#endif
  {
    alignas(64) std::array<float, Isa::lanes> lanes{};
    for (std::size_t i = 0; i < Isa::lanes; ++i) {
      if (i < n) lanes[i] = p[i];
    }
    return Vector<float, Isa>::load_aligned(lanes.data());
  }
}

/// Writes the first n < lanes floats of v to p, nothing beyond them.
template <class Isa>
CTNN_ALWAYS_INLINE void store_first(float* p, const Vector<float, Isa>& v, std::size_t n) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    _mm512_mask_storeu_ps(p, static_cast<__mmask16>((1U << n) - 1U), v);
  } else
#endif
#if XSIMD_WITH_AVX2
      if constexpr (std::derived_from<Isa, isa::Avx2>) {
    _mm256_maskstore_ps(p, detail::first_lanes_avx2(n), v);
  } else
#endif
#if XSIMD_WITH_NEON64
      if constexpr (std::derived_from<Isa, isa::Neon>) {
    if (n >= 2) vst1_f32(p, vget_low_f32(v));
    if (n == 1) vst1q_lane_f32(p, v, 0);
    if (n == 3) vst1q_lane_f32(p + 2, v, 2);
  } else
#endif
  {
    alignas(64) std::array<float, Isa::lanes> lanes;
    v.store_aligned(lanes.data());
    for (std::size_t i = 0; i < Isa::lanes; ++i) {  // a bound that GCC 12 sees
      if (i < n) p[i] = lanes[i];
    }
  }
}

/// The same of floats of 16 bits.
template <class Isa, unsigned MantissaBits>
CTNN_ALWAYS_INLINE Vector<float, Isa> load_first(const Float16<MantissaBits>* p, std::size_t n) {
#ifdef __AVX512FP16__
  if constexpr (std::derived_from<Isa, isa::Avx512Half>) {
    return _mm512_castsi512_ph(_mm512_maskz_loadu_epi16(first_halves(n), p));
  }
#endif
  std::array<Float16<MantissaBits>, Isa::lanes> all{};
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    const __m512i bits = _mm512_maskz_loadu_epi16(static_cast<__mmask32>((1U << n) - 1U), p);
    __builtin_memcpy(static_cast<void*>(all.data()), &bits, sizeof all);
  } else
#endif
  {
    for (std::size_t i = 0; i < n; ++i) all[i] = p[i];
  }
  return load<Isa>(all.data());
}
template <class Isa, unsigned MantissaBits>
CTNN_ALWAYS_INLINE void store_first(Float16<MantissaBits>* p, const Vector<float, Isa>& v, std::size_t n) {
#ifdef __AVX512FP16__
  if constexpr (std::derived_from<Isa, isa::Avx512Half>) {
    return _mm512_mask_storeu_epi16(p, first_halves(n), _mm512_castph_si512(v.lanes));
  }
#endif
  std::array<Float16<MantissaBits>, 32> all{};  // a whole register's
  store<Isa>(all.data(), v);
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    _mm512_mask_storeu_epi16(p, static_cast<__mmask32>((1U << n) - 1U), _mm512_loadu_si512(all.data()));
  } else
#endif
  {
    for (std::size_t i = 0; i < n; ++i) p[i] = all[i];
  }
}

/// load and store of the first n lanes, where n may be a whole vector or more.
template <class Isa, class T>
CTNN_ALWAYS_INLINE constexpr Vector<T, Isa> load_up_to(const T* p, std::size_t n) {
  if constexpr (std::is_same_v<Isa, isa::Scalar>) {
    return *p;
  } else {
    return n >= Isa::lanes ? load<Isa>(p) : load_first<Isa>(p, n);
  }
}
template <class Isa, class T>
CTNN_ALWAYS_INLINE constexpr void store_up_to(T* p, const Vector<T, Isa>& v, std::size_t n) {
  if constexpr (std::is_same_v<Isa, isa::Scalar>) {
    *p = static_cast<T>(v);
  } else if (n >= Isa::lanes) {
    store<Isa>(p, v);
  } else {
    store_first<Isa>(p, v, n);
  }
}

namespace detail {
/// 0, 1, ...
template <class Isa>
struct LaneNumbers {
  alignas(64) static constexpr auto values = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<float, Isa::lanes>{static_cast<float>(I)...};
  }
  (std::make_index_sequence<Isa::lanes>{});
};
}  // namespace detail

/// As many floats as half of the lanes, in both halves.
template <class Isa>
CTNN_ALWAYS_INLINE Vector<float, Isa> load_half_twice(const float* p) {
  static_assert(std::derived_from<Isa, isa::Avx512>);
#if XSIMD_WITH_AVX512BW
  return Vector<float, Isa>{_mm512_broadcast_f32x8(_mm256_loadu_ps(p))};
#else
  return load<Isa>(p);
#endif
}

/// As many floats as half of the lanes in the lower half, as many of another place in the upper; and back.
template <class Isa>
CTNN_ALWAYS_INLINE Vector<float, Isa> load_halves(const float* low, const float* high) {
  static_assert(std::derived_from<Isa, isa::Avx512>);
#if XSIMD_WITH_AVX512BW
  return Vector<float, Isa>{_mm512_insertf32x8(_mm512_castps256_ps512(_mm256_loadu_ps(low)), _mm256_loadu_ps(high), 1)};
#else
  return {load<Isa>(low), load<Isa>(high)};
#endif
}
template <class Isa>
CTNN_ALWAYS_INLINE void store_halves(float* low, float* high, const Vector<float, Isa>& v) {
  static_assert(std::derived_from<Isa, isa::Avx512>);
#if XSIMD_WITH_AVX512BW
  _mm256_storeu_ps(low, _mm512_castps512_ps256(v));
  _mm256_storeu_ps(high, _mm512_extractf32x8_ps(v, 1));
#else
  store<Isa>(low, v), store<Isa>(high, v);
#endif
}

/// load_up_to with `other` in the lanes that are not loaded.
template <class Isa, class T>
CTNN_ALWAYS_INLINE constexpr Vector<T, Isa> load_up_to_or(const T* p, std::size_t n, float other) {
  if constexpr (std::is_same_v<Isa, isa::Scalar>) {
    return *p;
  } else {
    using V = Vector<float, Isa>;
    if (n >= Isa::lanes) return load<Isa>(p);
    const auto loaded = V::load_aligned(detail::LaneNumbers<Isa>::values.data()) < V(static_cast<float>(n));
    return xsimd::select(loaded, load_first<Isa>(p, n), V(other));
  }
}

/// Begins to fetch the cache line at p, which may lie anywhere, also beyond an array's end.
template <class T>
CTNN_ALWAYS_INLINE void prefetch(const T* p) {
  __builtin_prefetch(p);
}
/// The same, no nearer than the second cache.
template <class T>
CTNN_ALWAYS_INLINE void prefetch_far(const T* p) {
  __builtin_prefetch(p, 0, 2);
}

/// v itself, but the compiler does not know that: it keeps v in a register, and does not read it again where it is
/// used.
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> in_register(const xsimd::batch<float, A>& v) {
  typename xsimd::batch<float, A>::register_type kept = v;
#if XSIMD_WITH_NEON64
  asm("" : "+w"(kept));
#else
  asm("" : "+v"(kept));
#endif
  return kept;
}

/// The compiler does not know any longer where p points: what it has read there it reads again where it is used, and
/// does not keep in registers, which it would have to store to have enough.
template <class T>
CTNN_ALWAYS_INLINE void hide(const T*& p) {
  asm("" : "+r"(p));
}

// ---- arithmetic: vectors, and scalars under the same names

/// a * b + c, of vectors rounded once where the instruction set can.
template <std::floating_point T>
constexpr T fma(T a, T b, T c) {
  return a * b + c;
}
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> fma(const xsimd::batch<float, A>& a, const xsimd::batch<float, A>& b,
                                              const xsimd::batch<float, A>& c) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::is_same_v<A, isa::Avx512::Arch>) {
    return _mm512_fmadd_ps(a, b, c);  // xsimd 8.1 has none for AVX-512, and Clang 14 does not contract a * b + c
  } else
#endif
  {
    return xsimd::fma(a, b, c);
  }
}

/// a / b, rounded once.
template <class T>
  requires std::is_arithmetic_v<T>
constexpr T divide(T a, T b) { return a / b; }
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> divide(const xsimd::batch<float, A>& a, const xsimd::batch<float, A>& b) {
#if XSIMD_WITH_NEON64
  if constexpr (std::is_same_v<A, isa::Neon::Arch>) {
    return vdivq_f32(a, b);  // xsimd (8.1 to 14) multiplies by a reciprocal, less exact and zero for large b
  } else
#endif
  {
    return a / b;
  }
}

/// The larger; b where that is not a number (where only a is none: b, or on NEON not a number).
template <class T>
  requires std::is_arithmetic_v<T>
constexpr T max(T a, T b) { return a > b ? a : b; }
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> max(const xsimd::batch<float, A>& a, const xsimd::batch<float, A>& b) {
#if XSIMD_WITH_SSE2  // xsimd 14 exchanges the operands
  if constexpr (std::is_same_v<A, isa::Sse2::Arch>) return _mm_max_ps(a, b);
#endif
#if XSIMD_WITH_AVX2
  if constexpr (std::is_same_v<A, isa::Avx2::Arch>) return _mm256_max_ps(a, b);
#endif
#if XSIMD_WITH_AVX512BW
  if constexpr (std::is_same_v<A, isa::Avx512::Arch>) return _mm512_max_ps(a, b);
#endif
  return xsimd::max(a, b);
}
/// The larger; not a number where either is none.
template <class T>
  requires std::is_arithmetic_v<T>
constexpr T max_or_nan(T a, T b) {
  return a != a ? a : max(a, b);  // NOLINT(misc-redundant-expression): std::isnan is not constexpr
}
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> max_or_nan(const xsimd::batch<float, A>& a, const xsimd::batch<float, A>& b) {
#if XSIMD_WITH_NEON64
  if constexpr (std::is_same_v<A, isa::Neon::Arch>) {
    return vmaxq_f32(a, b);
  } else
#endif
  {
    return xsimd::select(xsimd::isnan(a), a, max(a, b));  // not a != a: xsimd 8.1 compares ordered on AVX
  }
}
/// The smaller; not-a-number as in max.
template <class T>
  requires std::is_arithmetic_v<T>
constexpr T min(T a, T b) { return a < b ? a : b; }
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> min(const xsimd::batch<float, A>& a, const xsimd::batch<float, A>& b) {
#if XSIMD_WITH_SSE2  // xsimd 14 exchanges the operands
  if constexpr (std::is_same_v<A, isa::Sse2::Arch>) return _mm_min_ps(a, b);
#endif
#if XSIMD_WITH_AVX2
  if constexpr (std::is_same_v<A, isa::Avx2::Arch>) return _mm256_min_ps(a, b);
#endif
#if XSIMD_WITH_AVX512BW
  if constexpr (std::is_same_v<A, isa::Avx512::Arch>) return _mm512_min_ps(a, b);
#endif
  return xsimd::min(a, b);
}
/// x < 0 ? a : b
template <std::floating_point T>
constexpr T if_negative(T x, T a, T b) {
  return x < 0 ? a : b;
}
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> if_negative(const xsimd::batch<float, A>& x, const xsimd::batch<float, A>& a,
                                                      const xsimd::batch<float, A>& b) {
  return xsimd::select(x < xsimd::batch<float, A>(0.0F), a, b);
}

/// |x|
template <std::floating_point T>
constexpr T abs(T x) {
  return x < 0 ? -x : x;
}
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> abs(const xsimd::batch<float, A>& x) {
  return xsimd::abs(x);
}

// ---- between lanes

/// Lane i of the result is lane Pattern::index(i) of v.
template <class Isa, class Pattern>
CTNN_ALWAYS_INLINE Vector<float, Isa> permute(const Vector<float, Isa>& v) {
  using Index = std::conditional_t<std::derived_from<Isa, isa::Avx512Half>, std::int16_t, std::int32_t>;
  alignas(64) static constexpr auto index = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Index, Isa::lanes>{static_cast<Index>(Pattern::index(I))...};
  }
  (std::make_index_sequence<Isa::lanes>{});
#ifdef __AVX512FP16__
  if constexpr (std::derived_from<Isa, isa::Avx512Half>) {
    return _mm512_permutexvar_ph(_mm512_load_si512(index.data()), v.lanes);
  } else
#endif
#if XSIMD_WITH_AVX512BW
      if constexpr (std::derived_from<Isa, isa::Avx512>) {
    return Vector<float, Isa>{_mm512_permutexvar_ps(_mm512_load_si512(index.data()), v)};
  } else
#endif
#if XSIMD_WITH_AVX2
      if constexpr (std::derived_from<Isa, isa::Avx2>) {
    const auto* lanes = reinterpret_cast<const __m256i*>(index.data());  // NOLINT: the intrinsic's interface
    return Vector<float, Isa>{_mm256_permutevar8x32_ps(v, _mm256_load_si256(lanes))};
  } else
#endif
#if XSIMD_WITH_NEON64
      if constexpr (std::derived_from<Isa, isa::Neon>) {
    const float32x4_t in = v;  // the compiler finds the instruction: dup, zip1, trn1, ext, ... or tbl
    return Vector<float, Isa>{__builtin_shufflevector(in, in, index[0], index[1], index[2], index[3])};
  } else
#endif
  {
    alignas(64) std::array<float, Isa::lanes> in, out;
    v.store_aligned(in.data());
    for (std::size_t i = 0; i < Isa::lanes; ++i) out[i] = in[static_cast<std::size_t>(index[i])];
    return Vector<float, Isa>::load_aligned(out.data());
  }
}

/// The lower half of the lanes of one vector, the upper of another.
template <class Isa>
CTNN_ALWAYS_INLINE Vector<float, Isa> low_and_high(const Vector<float, Isa>& low, const Vector<float, Isa>& high) {
  static_assert(std::derived_from<Isa, isa::Avx512>);
#if XSIMD_WITH_AVX512BW
  return Vector<float, Isa>{_mm512_mask_blend_ps(0xFF00, low, high)};
#else
  return {low, high};
#endif
}
/// The upper half of the lanes, as the lower.
template <class Isa>
CTNN_ALWAYS_INLINE Vector<float, Isa> high_half(const Vector<float, Isa>& v) {
  const typename Vector<float, Isa>::register_type in = v;
  return [&]<std::size_t... I>(std::index_sequence<I...>) CTNN_INLINE_LAMBDA {
    return Vector<float, Isa>{__builtin_shufflevector(in, in, (I | (Isa::lanes / 2))...)};
  }
  (std::make_index_sequence<Isa::lanes>{});
}

/// Whether an instruction looks up a table of as many floats as a vector has lanes.
template <class A>
inline constexpr bool looks_up = std::is_same_v<A, isa::Avx2::Arch> || std::is_same_v<A, isa::Avx512::Arch>;

/// Lane i is table[indices[i] modulo the number of lanes].
template <class A, class Indices>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> look_up([[maybe_unused]] const xsimd::batch<float, A>& table,
                                                  [[maybe_unused]] const Indices& indices) {
  static_assert(looks_up<A>);
#if XSIMD_WITH_AVX512BW
  if constexpr (std::is_same_v<A, isa::Avx512::Arch>) {
    return _mm512_permutexvar_ps(std::bit_cast<__m512i>(indices), table);
  } else
#endif
  {
#if XSIMD_WITH_AVX2
    return _mm256_permutevar8x32_ps(table, std::bit_cast<__m256i>(indices));
#endif
  }
}

/// Whether an instruction multiplies by powers of two.
template <class A>
inline constexpr bool multiplies_by_powers = std::is_same_v<A, isa::Avx512::Arch>;

/// v * 2^floor(n)
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> times_power_of_two(const xsimd::batch<float, A>& v,
                                                             [[maybe_unused]] const xsimd::batch<float, A>& n) {
  static_assert(multiplies_by_powers<A>);
#if XSIMD_WITH_AVX512BW
  return _mm512_scalef_ps(v, n);
#else
  return v;
#endif
}

/// Lane i is p[i * Step], Step 1 or 2, of the first n lanes at least; reads nothing beyond them.
template <class Isa, std::size_t Step, class T>
CTNN_ALWAYS_INLINE constexpr Vector<T, Isa> load_steps(const T* p, std::size_t n) {
  static_assert(Step == 1 || Step == 2);
  if constexpr (Step == 1 || std::is_same_v<Isa, isa::Scalar>) {
    return load_up_to<Isa>(p, n);
  } else {
    constexpr std::size_t lanes = Isa::lanes;
    const std::size_t reach = 2 * n - 1;
    // the second vector begins in the last element of the first, so that it ends in the last that is needed
    const typename Vector<T, Isa>::register_type low = load_up_to<Isa>(p, reach);
    const typename Vector<T, Isa>::register_type high =
        reach < lanes ? Vector<T, Isa>(0.0F) : load_up_to<Isa>(p + lanes - 1, reach - lanes + 1);
    return [&]<std::size_t... I>(std::index_sequence<I...>) CTNN_INLINE_LAMBDA {
      return Vector<T, Isa>{__builtin_shufflevector(low, high, (I < lanes / 2 ? 2 * I : 2 * I + 1)...)};
    }
    (std::make_index_sequence<lanes>{});
  }
}

/// The channels of Isa::lanes pixels at p, each stored by itself: y[k * plane + i] = p[i * Channels + k].
template <class Isa, std::size_t Channels>
CTNN_ALWAYS_INLINE void store_channels(const float* p, float* y, std::size_t plane) {
  using V = Vector<float, Isa>;
  typename V::register_type part[Channels];
  unroll<Channels>([&](auto j) CTNN_INLINE_LAMBDA { part[j] = load<Isa>(p + j * Isa::lanes); });
  unroll<Channels>([&]<std::size_t k>(std::integral_constant<std::size_t, k>) CTNN_INLINE_LAMBDA {
    // part by part, into a vector that begins as the first
    typename V::register_type all = part[0];
    [&]<std::size_t... I>(std::index_sequence<I...>) CTNN_INLINE_LAMBDA {
      all = __builtin_shufflevector(all, all, (I * Channels + k < Isa::lanes ? I * Channels + k : I)...);
      unroll<Channels - 1>([&]<std::size_t j>(std::integral_constant<std::size_t, j>) CTNN_INLINE_LAMBDA {
        constexpr std::size_t first = (j + 1) * Isa::lanes;
        all = __builtin_shufflevector(
            all, part[j + 1], (I * Channels + k - first < Isa::lanes ? I * Channels + k - first + Isa::lanes : I)...);
      });
    }
    (std::make_index_sequence<Isa::lanes>{});
    store<Isa>(y + k * plane, V{all});
  });
}

/// All lanes joined by an associative function, pairwise.
template <class Isa, class T, class Join>
CTNN_ALWAYS_INLINE constexpr T reduce(const Vector<T, Isa>& v, Join join) {
  if constexpr (std::is_same_v<Isa, isa::Scalar>) {
    return v;
  } else {
    alignas(64) std::array<T, Isa::lanes> lanes;
    v.store_aligned(lanes.data());
    for (std::size_t half = Isa::lanes / 2; half > 0; half /= 2) {
      for (std::size_t i = 0; i < half; ++i) lanes[i] = join(lanes[i], lanes[i + half]);
    }
    return lanes[0];
  }
}

}  // namespace ctnn::simd

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
