/// Vectors of 32-bit integers and the instructions on them that xsimd lacks: dot products of bytes, rescaling through
/// doubles, narrowing stores.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#include <ctnn/core/config.hpp>
#include <ctnn/simd/isa.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::simd {

namespace detail {
template <class T, std::size_t size>
struct VectorOf {
  typedef T type __attribute__((vector_size(size * sizeof(T))));  // NOLINT(modernize-use-using): GCC 12 takes no alias
};
}  // namespace detail

/// `size` numbers, as the compilers' own vector type.
template <class T, std::size_t size>
using CompilersVector = typename detail::VectorOf<T, size>::type;
/// Isa::lanes sums of 32 bits. (GCC 12 spills sums that are __m512i: twice as slow.)
template <class Isa>
using IntSum = CompilersVector<std::int32_t, Isa::lanes>;

namespace detail {
template <class T, class Isa>
using Sixteen = CompilersVector<T, 2 * Isa::lanes>;

/// Every lane's own four bytes as two pairs of 16 bits, the even and the odd ones.
template <class Isa, std::integral T>
struct BytePairs {
  using Wide = Sixteen<std::conditional_t<std::is_signed_v<T>, std::int16_t, std::uint16_t>, Isa>;
  Sixteen<std::int16_t, Isa> even, odd;

  CTNN_ALWAYS_INLINE explicit BytePairs(const IntSum<Isa>& bytes) {
    const auto wide = reinterpret_cast<Wide>(bytes);
    even = reinterpret_cast<Sixteen<std::int16_t, Isa>>((wide << 8) >> 8);
    odd = reinterpret_cast<Sixteen<std::int16_t, Isa>>(wide >> 8);
  }
};

/// a[2 i] * b[2 i] + a[2 i + 1] * b[2 i + 1], of 16 bits in 32: no overflow for what were bytes.
template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> multiply_pairs(const Sixteen<std::int16_t, Isa>& a,
                                              const Sixteen<std::int16_t, Isa>& b) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    return reinterpret_cast<IntSum<Isa>>(_mm512_madd_epi16(reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
  } else
#endif
#if XSIMD_WITH_AVX2
      if constexpr (std::derived_from<Isa, isa::Avx2>) {
    return reinterpret_cast<IntSum<Isa>>(_mm256_madd_epi16(reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
  } else
#endif
#if XSIMD_WITH_SSE2
      if constexpr (std::derived_from<Isa, isa::Sse2>) {
    return reinterpret_cast<IntSum<Isa>>(_mm_madd_epi16(reinterpret_cast<__m128i>(a), reinterpret_cast<__m128i>(b)));
  } else
#endif
#if XSIMD_WITH_NEON64
      if constexpr (std::derived_from<Isa, isa::Neon>) {
    const auto x = reinterpret_cast<int16x8_t>(a), y = reinterpret_cast<int16x8_t>(b);
    return reinterpret_cast<IntSum<Isa>>(vpaddq_s32(vmull_s16(vget_low_s16(x), vget_low_s16(y)), vmull_high_s16(x, y)));
  } else
#endif
  {
    static_assert(sizeof(Isa) == 0, "no vectors");
  }
}
}  // namespace detail

/// Whether the instruction set has dot products of unsigned with signed bytes, of signed bytes, or neither.
template <class Isa>
inline constexpr bool dots_unsigned = std::derived_from<Isa, isa::Avx512Vnni> || std::derived_from<Isa, isa::Avx2Vnni>;
template <class Isa>
inline constexpr bool dots_signed = std::derived_from<Isa, isa::NeonDot>;

/// Lane by lane, sum + the dot product of four bytes of a, of type T, with four signed bytes of b.
template <class Isa, std::integral T>
CTNN_ALWAYS_INLINE IntSum<Isa> dot(const IntSum<Isa>& a, const IntSum<Isa>& b, const IntSum<Isa>& sum) {
#ifdef __AVX512VNNI__
  if constexpr (std::derived_from<Isa, isa::Avx512Vnni> && std::is_unsigned_v<T>) {
    return reinterpret_cast<IntSum<Isa>>(_mm512_dpbusd_epi32(
        reinterpret_cast<__m512i>(sum), reinterpret_cast<__m512i>(a), reinterpret_cast<__m512i>(b)));
  }
#endif
#ifdef __AVXVNNI__
  if constexpr (std::derived_from<Isa, isa::Avx2Vnni> && std::is_unsigned_v<T>) {
    return reinterpret_cast<IntSum<Isa>>(_mm256_dpbusd_avx_epi32(
        reinterpret_cast<__m256i>(sum), reinterpret_cast<__m256i>(a), reinterpret_cast<__m256i>(b)));
  }
#endif
#ifdef __ARM_FEATURE_DOTPROD
  if constexpr (std::derived_from<Isa, isa::NeonDot> && std::is_signed_v<T>) {
    return reinterpret_cast<IntSum<Isa>>(
        vdotq_s32(reinterpret_cast<int32x4_t>(sum), reinterpret_cast<int8x16_t>(a), reinterpret_cast<int8x16_t>(b)));
  }
#endif
  const detail::BytePairs<Isa, T> x{a};
  const detail::BytePairs<Isa, std::int8_t> w{b};
  return sum + detail::multiply_pairs<Isa>(x.even, w.even) + detail::multiply_pairs<Isa>(x.odd, w.odd);
}

/// Every byte's low four bits, or its high ones, less 8, times the lane's factor: at most 17, in both halves of the
/// lane.
template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> scale_nibbles(const IntSum<Isa>& bytes, bool high, const IntSum<Isa>& factors) {
  using Pairs = CompilersVector<std::uint16_t, 2 * Isa::lanes>;
  using Bytes = CompilersVector<std::uint8_t, 4 * Isa::lanes>;
  const auto nibbles = reinterpret_cast<Pairs>(bytes >> (high ? 4 : 0) & 0x0F0F0F0F);
  const auto factor = reinterpret_cast<Pairs>(factors);
  // no product of two bytes carries from one to the other
  return reinterpret_cast<IntSum<Isa>>(reinterpret_cast<Bytes>(nibbles * factor) -
                                       reinterpret_cast<Bytes>(factor * 0x0808));
}

/// The type that the dot product takes its first operand in, and what is added to a T to become one: the highest bit
/// is flipped, where it must be.
template <class Isa, std::integral T>
using DotInput =
    std::conditional_t<dots_unsigned<Isa>, std::uint8_t, std::conditional_t<dots_signed<Isa>, std::int8_t, T>>;
template <class Isa, std::integral T>
inline constexpr std::int32_t dot_offset = std::is_same_v<DotInput<Isa, T>, T> ? 0
                                           : std::is_signed_v<T>               ? 128
                                                                               : -128;
template <class Isa, std::integral T>
CTNN_ALWAYS_INLINE IntSum<Isa> to_dot_input(const IntSum<Isa>& bytes) {
  if constexpr (dot_offset<Isa, T> == 0) {
    return bytes;
  } else {
    auto highest_bits = IntSum<Isa>{} + static_cast<std::int32_t>(0x80808080U);
#if XSIMD_WITH_SSE2
    // Kept from GCC, which else flips a number in a general register and moves it over, for every one that is
    // broadcast.
    asm("" : "+v"(highest_bits));
#endif
    return bytes ^ highest_bits;
  }
}

template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> load_ints(const void* p) {
  IntSum<Isa> result;
  std::memcpy(&result, p, sizeof result);
  return result;
}
/// The four bytes at p in every lane.
template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> broadcast_bytes(const void* p) {
  std::int32_t four = 0;
  std::memcpy(&four, p, 4);
  return IntSum<Isa>{} + four;
}

/// The first n bytes at p, a multiple of four, in lanes of four; reads nothing beyond them.
template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> load_quads(const void* p, std::size_t n) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    if (n < 64) {
      return reinterpret_cast<IntSum<Isa>>(_mm512_maskz_loadu_epi32(static_cast<__mmask16>((1U << n / 4) - 1U), p));
    }
  }
#endif
  IntSum<Isa> result{};
  std::memcpy(&result, p, n < sizeof result ? n : sizeof result);
  return result;
}
/// Lane i of the result is lane Pattern::index(i) of x.
template <class Isa, class Pattern>
CTNN_ALWAYS_INLINE IntSum<Isa> permute(const IntSum<Isa>& x) {
  return [&]<std::size_t... I>(std::index_sequence<I...>) CTNN_INLINE_LAMBDA {
    return __builtin_shufflevector(x, x, Pattern::index(I)...);
  }
  (std::make_index_sequence<Isa::lanes>{});
}

namespace detail {
template <class Pairs, std::size_t... I>
CTNN_ALWAYS_INLINE auto quads_of_pairs(const Pairs& a, const Pairs& b, std::index_sequence<I...>) {
  constexpr std::size_t length = sizeof...(I) / 2;
  return __builtin_shufflevector(a, b, (I % 4 / 2 * length + I / 4 * 2 + I % 2)...);
}
}  // namespace detail

/// Lane i has byte i of each of the four: columns of a matrix of four rows. Reads Isa::lanes bytes of each.
template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> interleave_bytes(const std::array<const void*, 4>& rows) {
#ifdef __AVX512VBMI__
  if constexpr (std::derived_from<Isa, isa::Avx512Vbmi>) {
    alignas(64) static constexpr auto index = [] {
      std::array<std::uint8_t, 64> table{};
      for (std::size_t i = 0; i < 64; ++i) table[i] = static_cast<std::uint8_t>(i % 4 * 16 + i / 4);
      return table;
    }();
    const auto row = [&](std::size_t i)
                         CTNN_INLINE_LAMBDA { return _mm_loadu_si128(static_cast<const __m128i*>(rows[i])); };
    const __m256i low = _mm256_inserti128_si256(_mm256_castsi128_si256(row(0)), row(1), 1);
    const __m256i high = _mm256_inserti128_si256(_mm256_castsi128_si256(row(2)), row(3), 1);
    __m512i all = _mm512_inserti64x4(_mm512_castsi256_si512(low), high, 1);
    // known to the compiler
    const auto* first = static_cast<const char*>(rows[0]);
    if (rows[1] == first + 16 && rows[2] == first + 32 && rows[3] == first + 48) all = _mm512_loadu_si512(first);
    return reinterpret_cast<IntSum<Isa>>(_mm512_permutexvar_epi8(_mm512_load_si512(index.data()), all));
  } else
#endif
  {
    using Row = CompilersVector<std::uint8_t, Isa::lanes>;
    std::array<Row, 4> row;
    for (std::size_t i = 0; i < 4; ++i) std::memcpy(&row[i], rows[i], Isa::lanes);
    const auto all = [&]<std::size_t... I>(std::index_sequence<I...>) CTNN_INLINE_LAMBDA {
      const auto pairs = [&](std::size_t i) CTNN_INLINE_LAMBDA {
        return __builtin_shufflevector(row[i], row[i + 1], (I % 2 * Isa::lanes + I / 2)...);
      };
      return detail::quads_of_pairs(pairs(0), pairs(2), std::make_index_sequence<4 * Isa::lanes>{});
    }
    (std::make_index_sequence<2 * Isa::lanes>{});
    return reinterpret_cast<IntSum<Isa>>(all);
  }
}

/// Lane by lane, four bytes of eight, those of `low` below those of `high`, from byte `first` on.
template <class Isa, std::size_t first>
CTNN_ALWAYS_INLINE IntSum<Isa> bytes_from(const IntSum<Isa>& low, const IntSum<Isa>& high) {
  static_assert(first < 4);
  if constexpr (first == 0) {
    return low;
  } else {
#ifdef __AVX512VBMI2__
    if constexpr (std::derived_from<Isa, isa::Avx512Vbmi>) {
      return reinterpret_cast<IntSum<Isa>>(
          _mm512_shrdi_epi32(reinterpret_cast<__m512i>(low), reinterpret_cast<__m512i>(high), 8 * first));
    }
#endif
    using Unsigned = CompilersVector<std::uint32_t, Isa::lanes>;
    return reinterpret_cast<IntSum<Isa>>(reinterpret_cast<Unsigned>(low) >> 8 * first | reinterpret_cast<Unsigned>(high)
                                                                                            << (32 - 8 * first));
  }
}

/// Registers full of bytes that are interleaved together where that takes fewest instructions: four, or none. Of
/// AVX-512, whose unpacking stays within 128 bits, lane i of the results' v-th has then byte interleaved_byte(16 v + i)
/// of each of the four.
template <class Isa>
inline constexpr bool interleaves_registers = std::derived_from<Isa, isa::Avx512>;
/// Its own inverse: two digits of base four change places.
constexpr std::size_t interleaved_byte(std::size_t i) { return i % 16 / 4 * 16 + i / 16 * 4 + i % 4; }

/// The two steps of that: registers to pairs of bytes, and pairs to four of each.
template <class Isa>
CTNN_ALWAYS_INLINE void interleave_registers([[maybe_unused]] const IntSum<Isa>& a,
                                             [[maybe_unused]] const IntSum<Isa>& b,
                                             [[maybe_unused]] IntSum<Isa> (&pairs)[2]) {
#if XSIMD_WITH_AVX512BW
  if constexpr (interleaves_registers<Isa>) {
    const auto x = reinterpret_cast<__m512i>(a), y = reinterpret_cast<__m512i>(b);
    pairs[0] = reinterpret_cast<IntSum<Isa>>(_mm512_unpacklo_epi8(x, y));
    pairs[1] = reinterpret_cast<IntSum<Isa>>(_mm512_unpackhi_epi8(x, y));
  }
#endif
}
template <class Isa>
CTNN_ALWAYS_INLINE void interleave_pairs([[maybe_unused]] const IntSum<Isa> (&a)[2],
                                         [[maybe_unused]] const IntSum<Isa> (&b)[2],
                                         [[maybe_unused]] IntSum<Isa> (&quads)[4]) {
#if XSIMD_WITH_AVX512BW
  if constexpr (interleaves_registers<Isa>) {
    unroll<2>([&](auto i) CTNN_INLINE_LAMBDA {
      const auto x = reinterpret_cast<__m512i>(a[i]), y = reinterpret_cast<__m512i>(b[i]);
      quads[2 * i] = reinterpret_cast<IntSum<Isa>>(_mm512_unpacklo_epi16(x, y));
      quads[2 * i + 1] = reinterpret_cast<IntSum<Isa>>(_mm512_unpackhi_epi16(x, y));
    });
  }
#endif
}

namespace detail {
template <class Isa>
using Doubles = xsimd::batch<double, typename Isa::Arch>;

/// Half as many integers as there are lanes. (GCC 12 makes four instructions of __builtin_convertvector.)
template <class Isa>
CTNN_ALWAYS_INLINE Doubles<Isa> to_doubles(const CompilersVector<std::int32_t, Isa::lanes / 2>& x) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) return _mm512_cvtepi32_pd(reinterpret_cast<__m256i>(x));
#endif
#if XSIMD_WITH_AVX2
  if constexpr (std::derived_from<Isa, isa::Avx2>) return _mm256_cvtepi32_pd(reinterpret_cast<__m128i>(x));
#endif
  using All = CompilersVector<double, Isa::lanes / 2>;
  return Doubles<Isa>{reinterpret_cast<typename Doubles<Isa>::register_type>(__builtin_convertvector(x, All))};
}

/// floor(x * scale + offset), half as many as there are lanes.
template <class Isa>
CTNN_ALWAYS_INLINE auto scale_floor_half(const Doubles<Isa>& x, const Doubles<Isa>& scale, const Doubles<Isa>& offset) {
  using Half = CompilersVector<std::int32_t, Isa::lanes / 2>;
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    constexpr int down =
        _MM_FROUND_TO_NEG_INF | _MM_FROUND_NO_EXC;  // rounding down to a double leaves the floor as it is
    constexpr __mmask8 all = 0xFF;  // spelled out: without optimization GCC 12's macro makes it of -1, and warns
    return reinterpret_cast<Half>(
        _mm512_cvt_roundpd_epi32(_mm512_maskz_fmadd_round_pd(all, x, scale, offset, down), down));
  } else
#endif
#if XSIMD_WITH_AVX2
      if constexpr (std::derived_from<Isa, isa::Avx2>) {
    return reinterpret_cast<Half>(_mm256_cvttpd_epi32(_mm256_floor_pd(x * scale + offset)));
  } else
#endif
  {
    const Doubles<Isa> lower = xsimd::floor(x * scale + offset);
    Half result;
    for (std::size_t i = 0; i < Isa::lanes / 2; ++i) result[i] = static_cast<std::int32_t>(lower.get(i));
    return result;
  }
}
}  // namespace detail

namespace detail {
template <class Isa, class Half>
CTNN_ALWAYS_INLINE IntSum<Isa> joined(const Half& low, const Half& high) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {  // GCC 12 copies both halves first
    return reinterpret_cast<IntSum<Isa>>(
        _mm512_inserti64x4(_mm512_castsi256_si512(reinterpret_cast<__m256i>(low)), reinterpret_cast<__m256i>(high), 1));
  }
#endif
  return [&]<std::size_t... I>(std::index_sequence<I...>) CTNN_INLINE_LAMBDA {
    return __builtin_shufflevector(low, high, I...);
  }
  (std::make_index_sequence<Isa::lanes>{});
}
}  // namespace detail

/// The nearest floats.
template <class Isa>
CTNN_ALWAYS_INLINE Vector<float, Isa> to_floats(const IntSum<Isa>& x) {
  using V = Vector<std::int32_t, Isa>;
  return xsimd::to_float(V{reinterpret_cast<typename V::register_type>(x)});
}
namespace detail {
/// The nearest integers, halves to even.
template <class A>
CTNN_ALWAYS_INLINE auto to_nearest(const xsimd::batch<float, A>& x) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::is_same_v<A, isa::Avx512::Arch>) return _mm512_cvtps_epi32(x);
#endif
#if XSIMD_WITH_AVX2
  if constexpr (std::is_same_v<A, isa::Avx2::Arch>) return _mm256_cvtps_epi32(x);
#endif
#if XSIMD_WITH_SSE2
  if constexpr (std::is_same_v<A, isa::Sse2::Arch>) return _mm_cvtps_epi32(x);
#endif
#if XSIMD_WITH_NEON64
  if constexpr (std::is_same_v<A, isa::Neon::Arch>) return vcvtnq_s32_f32(x);
#endif
}
}  // namespace detail

/// Whether scale_floor is right whatever the numbers, and not only where products fit a double.
template <class Isa>
inline constexpr bool scales_exactly = std::derived_from<Isa, isa::Avx512>;

/// floor(sum * scale + offset) lane by lane. The result must fit 32 bits, and unless scales_exactly, sum * scale +
/// offset a double (or its error be of no matter). `scale`: one for all, or a pointer to Isa::lanes.
template <class Isa, class Scale>
CTNN_ALWAYS_INLINE IntSum<Isa> scale_floor(const IntSum<Isa>& sum, Scale scale, double offset) {
  using D = detail::Doubles<Isa>;
  constexpr std::size_t half = Isa::lanes / 2;
  return [&]<std::size_t... I>(std::index_sequence<I...>) CTNN_INLINE_LAMBDA {
    const auto scaled = [&](const auto& ints, std::size_t first) CTNN_INLINE_LAMBDA {
      D own;
      if constexpr (std::is_pointer_v<Scale>) {
        own = D::load_unaligned(scale + first);
      } else {
        own = D(scale);
      }
      return detail::scale_floor_half<Isa>(detail::to_doubles<Isa>(ints), own, D(offset));
    };
    return detail::joined<Isa>(scaled(__builtin_shufflevector(sum, sum, I...), 0),
                               scaled(__builtin_shufflevector(sum, sum, (half + I)...), half));
  }
  (std::make_index_sequence<half>{});
}

/// numeric::FloorOfQuotient of vectors; where |x| and n are below 2^22, Real may be float.
template <class Isa, class Real>
struct FloorOfQuotients {
  CTNN_ALWAYS_INLINE IntSum<Isa> operator()(const IntSum<Isa>& x, std::int32_t n) const {
    // (x + 1/2) / n, half a step off the integers: no rounding reaches them
    const Real reciprocal = Real{1} / static_cast<Real>(n);
    if constexpr (std::is_same_v<Real, float>) {
      using V = Vector<float, Isa>;
      const V quotient = fma(to_floats<Isa>(x), V(reciprocal), V(reciprocal / 2));
      const typename Vector<std::int32_t, Isa>::register_type floors = xsimd::to_int(xsimd::floor(quotient));
      return reinterpret_cast<IntSum<Isa>>(floors);
    } else {
      return scale_floor<Isa>(x, reciprocal, reciprocal / 2);
    }
  }
};

/// sum * scale + offset to the nearest integer, in float, the product rounded by itself or not. What is above 2^31 is
/// anything. `scale` points to Isa::lanes floats.
template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> scale_to_nearest(const IntSum<Isa>& sum, const float* scale, float offset) {
  using V = Vector<float, Isa>;
  const V scaled = fma(to_floats<Isa>(sum), V::load_unaligned(scale), V(offset));
  return reinterpret_cast<IntSum<Isa>>(detail::to_nearest(scaled));
}

/// Whether scale_to_words is there.
template <class Isa>
inline constexpr bool scales_to_words = std::derived_from<Isa, isa::Avx512>;

/// sum * scale + offset to the nearest integer, rounded once, which must fit 16 bits: the lower half of a lane; what is
/// above is of no matter. One instruction less than scale_to_nearest, and packing drops two more of three.
template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> scale_to_words(const IntSum<Isa>& sum, const float* scale, float offset) {
  using V = Vector<float, Isa>;
  constexpr float unit_is_one = 12582912.0F;  // 1.5 * 2^23
  const typename V::register_type scaled = fma(to_floats<Isa>(sum), V::load_unaligned(scale), V(offset + unit_is_one));
  return reinterpret_cast<IntSum<Isa>>(scaled);
}

/// The same of (sum * first) * second, the first product rounded by itself.
template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> scale_to_words(const IntSum<Isa>& sum, const float* first, const float* second,
                                              float offset) {
  using V = Vector<float, Isa>;
  constexpr float unit_is_one = 12582912.0F;  // 1.5 * 2^23
  const V product = to_floats<Isa>(sum) * V::load_unaligned(first);
  const typename V::register_type scaled = fma(product, V::load_unaligned(second), V(offset + unit_is_one));
  return reinterpret_cast<IntSum<Isa>>(scaled);
}

/// Whether nearest_if_sure is there, and gains.
template <class Isa>
inline constexpr bool scales_in_float = std::derived_from<Isa, isa::Avx512>;

/// x to the nearest integers. The answer is whether none is so near a half that an error might have taken it there.
template <class Isa, std::size_t Vectors>
CTNN_ALWAYS_INLINE bool nearest_if_sure([[maybe_unused]] const Vector<float, Isa> (&x)[Vectors],
                                        [[maybe_unused]] float error, [[maybe_unused]] IntSum<Isa> (&result)[Vectors]) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    constexpr int larger_magnitude = 0b1011;
    __m512 farthest = _mm512_setzero_ps();  // from an integer
    unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      const __m512 rest = _mm512_reduce_ps(x[v], _MM_FROUND_TO_NEAREST_INT);
      farthest = _mm512_range_ps(farthest, rest, larger_magnitude);
      result[v] = reinterpret_cast<IntSum<Isa>>(_mm512_cvtps_epi32(x[v]));
    });
    return _mm512_cmp_ps_mask(farthest, _mm512_set1_ps(0.5F - error), _CMP_GE_OQ) == 0;
  } else
#endif
  {
    return false;
  }
}

/// sum * scale + offset to the nearest integer where floats are sure of it, those of each of Columns vectors
/// `scale_step` apart, then the same again. The
/// answer is whether they are for every number; results beyond +-512 are right to within a thousandth only. The exact
/// scales are at most 1/2, of which `scale` holds the nearest floats, and |offset| is at most 256.
///
/// The float is wrong by at most 768 * 2^-24 for the rounding of a sum, as much for that of its scale, and 512 * 2^-24
/// for its own, where it is no more than 512: 1.3e-4 in all. Farther than that from every half it rounds as the exact
/// number does.
template <class Isa, std::size_t Columns, std::size_t Vectors>
CTNN_ALWAYS_INLINE bool scale_in_float(const IntSum<Isa> (&sum)[Vectors], const float* scale, std::size_t scale_step,
                                       float offset, IntSum<Isa> (&result)[Vectors]) {
  using V = Vector<float, Isa>;
  V scaled[Vectors];
  unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
    scaled[v] = fma(to_floats<Isa>(sum[v]), V::load_unaligned(scale + v % Columns * scale_step), V(offset));
  });
  return nearest_if_sure<Isa>(scaled, 1.4e-4F, result);
}

/// float(sum) * scale to the nearest integer, halves to even, saturated at +-2^22 (numeric::FloatScale). `scale` points
/// to Isa::lanes floats.
template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> scale_to_even(const IntSum<Isa>& sum, const float* scale) {
  using V = Vector<float, Isa>;
  using Floats = CompilersVector<float, Isa::lanes>;
  V x{reinterpret_cast<typename V::register_type>(__builtin_convertvector(sum, Floats))};
  const V limit(4194304.0F), unit_is_one(12582912.0F);  // 2^22; 1.5 * 2^23: the last bit of what is near counts one
  x = xsimd::min(xsimd::max(x * V::load_unaligned(scale), V(-4194304.0F)), limit);
  x = (x + unit_is_one) - unit_is_one;
  const typename V::register_type rounded = x;
  return __builtin_convertvector(reinterpret_cast<Floats>(rounded), IntSum<Isa>);
}

/// Lane by lane, x within [lower, upper].
template <class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> clamp(const IntSum<Isa>& x, std::int32_t lower, std::int32_t upper) {
  using V = Vector<std::int32_t, Isa>;
  const V v{reinterpret_cast<typename V::register_type>(x)};
  const typename V::register_type clamped = xsimd::min(xsimd::max(v, V(lower)), V(upper));
  return reinterpret_cast<IntSum<Isa>>(clamped);
}

/// The first n bytes at p, or Isa::lanes where that is less, as integers.
template <class Isa, std::integral T>
CTNN_ALWAYS_INLINE IntSum<Isa> load_bytes(const T* p, std::size_t n) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {  // GCC 12 takes several instructions for a conversion
    const __m128i sixteen = n >= Isa::lanes ? _mm_loadu_si128(reinterpret_cast<const __m128i*>(p))
                                            : _mm_maskz_loadu_epi8(static_cast<__mmask16>((1U << n) - 1U), p);
    return reinterpret_cast<IntSum<Isa>>(std::is_signed_v<T> ? _mm512_cvtepi8_epi32(sixteen)
                                                             : _mm512_cvtepu8_epi32(sixteen));
  } else
#endif
  {
    using Bytes = CompilersVector<T, Isa::lanes>;
    Bytes bytes{};
    if (n >= Isa::lanes) {
      std::memcpy(&bytes, p, sizeof bytes);
    } else {
      for (std::size_t i = 0; i < n; ++i) bytes[i] = p[i];
    }
#if XSIMD_WITH_AVX2
    if constexpr (std::derived_from<Isa, isa::Avx2>) {
      const __m128i eight = _mm_cvtsi64_si128(std::bit_cast<long long>(bytes));
      return reinterpret_cast<IntSum<Isa>>(std::is_signed_v<T> ? _mm256_cvtepi8_epi32(eight)
                                                               : _mm256_cvtepu8_epi32(eight));
    }
#endif
    return __builtin_convertvector(bytes, IntSum<Isa>);
  }
}

/// The first n, or all where that is less, as bytes of type T, which hold them.
template <class Isa, std::integral T>
CTNN_ALWAYS_INLINE void store_bytes(T* p, const IntSum<Isa>& x, std::size_t n) {
  using Bytes = CompilersVector<T, Isa::lanes>;
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    const __m128i bytes = _mm512_cvtepi32_epi8(reinterpret_cast<__m512i>(x));
    if (n >= Isa::lanes) {
      std::memcpy(p, &bytes, sizeof bytes);
    } else {
      _mm_mask_storeu_epi8(p, static_cast<__mmask16>((1U << n) - 1U), bytes);
    }
    return;
  }
#endif
  auto bytes = [&]() CTNN_INLINE_LAMBDA {
#if XSIMD_WITH_AVX2
    if constexpr (std::derived_from<Isa, isa::Avx2>) {  // GCC 12 takes ten instructions for a conversion
      const auto all = reinterpret_cast<__m256i>(x);
      const __m128i sixteen = _mm_packs_epi32(_mm256_castsi256_si128(all), _mm256_extracti128_si256(all, 1));
      const __m128i eight =
          std::is_signed_v<T> ? _mm_packs_epi16(sixteen, sixteen) : _mm_packus_epi16(sixteen, sixteen);
      return std::bit_cast<Bytes>(_mm_cvtsi128_si64(eight));
    } else
#endif
    {
      return __builtin_convertvector(x, Bytes);
    }
  }();
  if (n >= Isa::lanes) {
    std::memcpy(p, &bytes, sizeof bytes);
  } else {
    for (std::size_t i = 0; i < n; ++i) p[i] = bytes[i];
  }
}

/// What a vector's lanes hold: integers of 32 bits, or what scale_to_words makes.
enum class Lanes { integers, words };

namespace detail {
#if XSIMD_WITH_AVX512BW
/// Two to four vectors, clamped, as bytes of type T: every lane of 128 bits has a part of each vector.
template <Lanes lanes, std::integral T, std::size_t Vectors, class Sum>
CTNN_ALWAYS_INLINE __m512i pack_in_lanes(const Sum (&x)[Vectors], std::int32_t lower, std::int32_t upper) {
  static_assert(Vectors >= 2 && Vectors <= 4);
  // Saturated to T, so that bounds within T can come after.
  const auto vector = [&](std::size_t i)
                          CTNN_INLINE_LAMBDA { return reinterpret_cast<__m512i>(x[i < Vectors ? i : Vectors - 1]); };
  const auto pair = [&](std::size_t i) CTNN_INLINE_LAMBDA {
    if constexpr (lanes == Lanes::words) {  // the second one's words above the first one's
      const __m512i word_up = _mm512_set4_epi32(0x0D0C0D0C, 0x09080908, 0x05040504, 0x01000100);
      return _mm512_mask_shuffle_epi8(vector(i), 0xCCCCCCCCCCCCCCCC, vector(i + 1), word_up);
    } else {
      return _mm512_packs_epi32(vector(i), vector(i + 1));
    }
  };
  const __m512i low = pair(0), high = Vectors == 2 ? low : pair(2);
  __m512i bytes = std::is_signed_v<T> ? _mm512_packs_epi16(low, high) : _mm512_packus_epi16(low, high);
  if constexpr (lanes == Lanes::words) {
    bytes = _mm512_shuffle_epi8(bytes, _mm512_set4_epi32(0x0F0D0B09, 0x0E0C0A08, 0x07050301, 0x06040200));
  }
  // saturated already: most bounds are the type's own
  if (lower > std::numeric_limits<T>::lowest()) {
    const __m512i least = _mm512_set1_epi8(static_cast<char>(lower));
    bytes = std::is_signed_v<T> ? _mm512_max_epi8(bytes, least) : _mm512_max_epu8(bytes, least);
  }
  if (upper < std::numeric_limits<T>::max()) {
    const __m512i most = _mm512_set1_epi8(static_cast<char>(upper));
    bytes = std::is_signed_v<T> ? _mm512_min_epi8(bytes, most) : _mm512_min_epu8(bytes, most);
  }
  return bytes;
}
/// The same, behind one another.
template <Lanes lanes, std::integral T, std::size_t Vectors, class Sum>
CTNN_ALWAYS_INLINE __m512i pack_bytes(const Sum (&x)[Vectors], std::int32_t lower, std::int32_t upper) {
  alignas(64) static constexpr std::array<std::int32_t, 16> order{0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15};
  return _mm512_permutexvar_epi32(_mm512_load_si512(order.data()), pack_in_lanes<lanes, T>(x, lower, upper));
}
#endif
}  // namespace detail

/// Lanes as integers.
template <Lanes lanes, class Isa>
CTNN_ALWAYS_INLINE IntSum<Isa> integers(const IntSum<Isa>& x) {
  if constexpr (lanes == Lanes::words) return (x << 16) >> 16;
  return x;
}

/// Vectors that follow one another, their integers clamped to [lower, upper], as bytes of type T, which holds the
/// bounds: the first n, which end in the last vector or behind it.
template <class Isa, Lanes lanes = Lanes::integers, std::integral T, std::size_t Vectors>
CTNN_ALWAYS_INLINE void store_clamped_bytes(T* p, const IntSum<Isa> (&x)[Vectors], std::int32_t lower,
                                            std::int32_t upper, std::size_t n) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512> && Vectors > 1 && Vectors <= 4) {
    const __m512i bytes = detail::pack_bytes<lanes, T>(x, lower, upper);
    if (n < Vectors * 16) {
      _mm512_mask_storeu_epi8(p, (std::uint64_t{1} << n) - 1, bytes);
    } else if constexpr (Vectors == 4) {
      std::memcpy(p, &bytes, 64);
    } else {
      const __m256i two = _mm512_castsi512_si256(bytes);
      std::memcpy(p, &two, 32);
      if constexpr (Vectors == 3) {
        const __m128i third = _mm512_extracti32x4_epi32(bytes, 2);
        std::memcpy(p + 32, &third, 16);
      }
    }
    return;
  }
#endif
  unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
    store_bytes<Isa>(p + v * Isa::lanes, clamp<Isa>(integers<lanes, Isa>(x[v]), lower, upper), n - v * Isa::lanes);
  });
}
/// The same, but of Columns vectors at a time, each such run's bytes `step` behind the last one's, the first n of every
/// run.
template <class Isa, std::size_t Columns, Lanes lanes = Lanes::integers, std::integral T, std::size_t Vectors>
CTNN_ALWAYS_INLINE void store_clamped_bytes(T* p, std::size_t step, const IntSum<Isa> (&x)[Vectors], std::int32_t lower,
                                            std::int32_t upper, std::size_t n) {
  static_assert(Vectors % Columns == 0);
  if constexpr (Vectors == Columns) return store_clamped_bytes<Isa, lanes>(p, x, lower, upper, n);
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512> && Columns <= 2 && Vectors > Columns && Vectors <= 4) {
    const __m512i bytes = detail::pack_bytes<lanes, T>(x, lower, upper);
    if (Vectors == 4 && step == Columns * 16 && n >= step) {
      std::memcpy(p, &bytes, 64);
      return;
    }
    unroll<Vectors / Columns>([&]<std::size_t v>(std::integral_constant<std::size_t, v>) CTNN_INLINE_LAMBDA {
      const auto own = [&] {
        if constexpr (Columns == 2) {
          return _mm512_extracti64x4_epi64(bytes, v);
        } else {
          return _mm512_extracti32x4_epi32(bytes, v);
        }
      }();
      if (n >= sizeof own) {
        std::memcpy(p + v * step, &own, sizeof own);
      } else if constexpr (Columns == 2) {
        _mm256_mask_storeu_epi8(p + v * step, static_cast<__mmask32>((1U << n) - 1U), own);
      } else {
        _mm_mask_storeu_epi8(p + v * step, static_cast<__mmask16>((1U << n) - 1U), own);
      }
    });
    return;
  }
#endif
  unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
    constexpr std::size_t first = v % Columns * Isa::lanes;
    if (first < n) {
      store_bytes<Isa>(p + v / Columns * step + first, clamp<Isa>(integers<lanes, Isa>(x[v]), lower, upper), n - first);
    }
  });
}

/// Vectors of integers in the order of interleave_registers, clamped, as bytes in the order that it took them: the
/// first n.
template <class Isa, Lanes lanes = Lanes::integers, std::integral T>
CTNN_ALWAYS_INLINE void store_interleaved([[maybe_unused]] T* p, [[maybe_unused]] const IntSum<Isa> (&x)[4],
                                          [[maybe_unused]] std::int32_t lower, [[maybe_unused]] std::int32_t upper,
                                          [[maybe_unused]] std::size_t n) {
#if XSIMD_WITH_AVX512BW
  if constexpr (interleaves_registers<Isa>) {
    const __m512i bytes = detail::pack_in_lanes<lanes, T>(x, lower, upper);
    if (n >= sizeof bytes) {
      std::memcpy(p, &bytes, sizeof bytes);
    } else {
      _mm512_mask_storeu_epi8(p, (std::uint64_t{1} << n) - 1, bytes);
    }
  }
#endif
}

// ---- registers full of bytes

template <std::integral T, class Isa>
using Bytes = CompilersVector<T, 4 * Isa::lanes>;

/// The first n bytes at p, or a register full where that is less; zeros above.
template <class Isa, std::integral T>
CTNN_ALWAYS_INLINE Bytes<T, Isa> load_full(const T* p, std::size_t n) {
  Bytes<T, Isa> bytes{};
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    if (n < sizeof bytes) {
      return reinterpret_cast<Bytes<T, Isa>>(_mm512_maskz_loadu_epi8((std::uint64_t{1} << n) - 1, p));
    }
  }
#endif
  std::memcpy(&bytes, p, n < sizeof bytes ? n : sizeof bytes);
  return bytes;
}
template <class Isa, std::integral T>
CTNN_ALWAYS_INLINE void store_full(T* p, const Bytes<T, Isa>& bytes, std::size_t n) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    if (n < sizeof bytes) {
      return _mm512_mask_storeu_epi8(p, (std::uint64_t{1} << n) - 1, reinterpret_cast<__m512i>(bytes));
    }
  }
#endif
  std::memcpy(p, &bytes, n < sizeof bytes ? n : sizeof bytes);
}

/// n bytes as the dot product takes them; as many registers full are written as hold them.
template <class Isa, std::integral T>
CTNN_ALWAYS_INLINE void store_dot_inputs(const T* p, std::size_t n, DotInput<Isa, T>* result) {
  constexpr std::size_t full = sizeof(IntSum<Isa>);
  const auto make = [&](std::size_t i, std::size_t count) CTNN_INLINE_LAMBDA {
    const auto bytes = to_dot_input<Isa, T>(reinterpret_cast<IntSum<Isa>>(load_full<Isa>(p + i, count)));
    std::memcpy(result + i, &bytes, full);
  };
  std::size_t i = 0;
  for (; i + full <= n; i += full) make(i, full);
  if (i < n) make(i, n - i);
}

/// Byte by byte, the larger.
template <class Isa, std::integral T>
CTNN_ALWAYS_INLINE Bytes<T, Isa> larger(const Bytes<T, Isa>& a, const Bytes<T, Isa>& b) {
  using V = Vector<T, Isa>;
  using Register = typename V::register_type;
  const Register result = xsimd::max(V{reinterpret_cast<Register>(a)}, V{reinterpret_cast<Register>(b)});
  return reinterpret_cast<Bytes<T, Isa>>(result);
}

}  // namespace ctnn::simd
