/// Functions of bytes by their 256 values, a register full of bytes at a time.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>

#include <ctnn/core/config.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/isa.hpp>

// As in vector.hpp.
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif

namespace ctnn::simd {

/// Whether ByteTable is there: instruction sets that do not shuffle bytes have none.
template <class Isa>
inline constexpr bool looks_up_bytes =
    std::derived_from<Isa, isa::Avx512> || std::derived_from<Isa, isa::Avx2> || std::derived_from<Isa, isa::Neon>;

namespace detail {
/// In every sixteen bytes those of the table, in which sixteen repeat, at x; 0 where x is 128 or more.
template <class Isa, class Register>
CTNN_ALWAYS_INLINE Register shuffle_sixteen([[maybe_unused]] const Register& table,
                                            [[maybe_unused]] const Register& x) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    return reinterpret_cast<Register>(
        _mm512_shuffle_epi8(reinterpret_cast<__m512i>(table), reinterpret_cast<__m512i>(x)));
  } else
#endif
#if XSIMD_WITH_AVX2
  {
    return reinterpret_cast<Register>(
        _mm256_shuffle_epi8(reinterpret_cast<__m256i>(table), reinterpret_cast<__m256i>(x)));
  }
#endif
}
/// x - 16, or if x is 128 or more something that is.
template <class Isa, class Register>
CTNN_ALWAYS_INLINE Register less_sixteen([[maybe_unused]] const Register& x) {
#if XSIMD_WITH_AVX512BW
  if constexpr (std::derived_from<Isa, isa::Avx512>) {
    return reinterpret_cast<Register>(_mm512_subs_epi8(reinterpret_cast<__m512i>(x), _mm512_set1_epi8(16)));
  } else
#endif
#if XSIMD_WITH_AVX2
  {
    return reinterpret_cast<Register>(_mm256_subs_epi8(reinterpret_cast<__m256i>(x), _mm256_set1_epi8(16)));
  }
#endif
}
}  // namespace detail

/// The values of the bytes 0 to 255; operator() looks up every byte of a register. This one has shuffles that see
/// sixteen values.
template <class Isa>
class ByteTable {
 public:
  using Register = Bytes<std::uint8_t, Isa>;

  explicit ByteTable(const std::uint8_t* values) {
    for (std::size_t i = 0; i < 16; ++i) {
      auto* row = reinterpret_cast<std::uint8_t*>(rows_ + i);
      for (std::size_t j = 0; j < sizeof(Register); ++j) row[j] = values[i * 16 + j % 16];
    }
    for (std::size_t i = 15; i > 0; --i) {
      if (i != 8) rows_[i] ^= rows_[i - 1];
    }
  }
  CTNN_ALWAYS_INLINE Register operator()(const Register& x) const {
    Register low = x, high = x ^ 0x80, found{};  // a shuffle gives 0 for what is 128 or more, and so remains
    unroll<8>([&](auto i) CTNN_INLINE_LAMBDA {
      found ^= detail::shuffle_sixteen<Isa>(rows_[i], low) ^ detail::shuffle_sixteen<Isa>(rows_[8 + i], high);
      low = detail::less_sixteen<Isa>(low), high = detail::less_sixteen<Isa>(high);
    });
    return found;
  }

 private:
  /// Of every sixteen bytes their values, from the second on of either half xor those of the sixteen before: byte
  /// 16 * i + j finds the j-th of rows 0 to i, which make its value.
  Register rows_[16];
};

#ifdef __AVX512VBMI__
/// Permutations that see 128.
template <std::derived_from<isa::Avx512Vbmi> Isa>
class ByteTable<Isa> {
 public:
  using Register = Bytes<std::uint8_t, Isa>;

  CTNN_ALWAYS_INLINE explicit ByteTable(const std::uint8_t* values)
      : quarters_{_mm512_loadu_si512(values), _mm512_loadu_si512(values + 64), _mm512_loadu_si512(values + 128),
                  _mm512_loadu_si512(values + 192)} {}
  CTNN_ALWAYS_INLINE Register operator()(const Register& x) const {
    const auto index = reinterpret_cast<__m512i>(x);
    const __m512i low = _mm512_permutex2var_epi8(quarters_[0], index, quarters_[1]);
    const __m512i high = _mm512_permutex2var_epi8(quarters_[2], index, quarters_[3]);
    return reinterpret_cast<Register>(_mm512_mask_mov_epi8(low, _mm512_movepi8_mask(index), high));
  }

 private:
  __m512i quarters_[4];
};
#endif

#if XSIMD_WITH_NEON64
/// Look-ups of 64.
template <std::derived_from<isa::Neon> Isa>
class ByteTable<Isa> {
 public:
  using Register = Bytes<std::uint8_t, Isa>;

  CTNN_ALWAYS_INLINE explicit ByteTable(const std::uint8_t* values) {
    for (std::size_t i = 0; i < 4; ++i) quarters_[i] = vld1q_u8_x4(values + 64 * i);
  }
  CTNN_ALWAYS_INLINE Register operator()(const Register& x) const {
    const auto index = reinterpret_cast<uint8x16_t>(x);
    uint8x16_t found = vqtbl4q_u8(quarters_[0], index);
    unroll<3>([&](auto i) CTNN_INLINE_LAMBDA {
      found = vqtbx4q_u8(found, quarters_[i + 1], vsubq_u8(index, vdupq_n_u8(64 * (i + 1))));
    });
    return reinterpret_cast<Register>(found);
  }

 private:
  uint8x16x4_t quarters_[4];
};
#endif

}  // namespace ctnn::simd

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif
