/// Instruction sets as tag types that carry their facts; one that extends another inherits from it. Every kernel has
/// one in its signature, so that translation units built for different instruction sets do not share symbols.
#pragma once

#include <concepts>
#include <cstddef>
#include <string_view>
#include <type_traits>

// GCC 12's AVX-512 intrinsics start from a variable they leave undefined on purpose, and warn of it wherever they are
// inlined (GCC bug 105593).
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wuninitialized"
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#endif
#include <xsimd/xsimd.hpp>
#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic pop
#endif

namespace ctnn::isa {

/// No vectors: the reference kernels, also in constant expressions.
struct Scalar {
  static constexpr std::string_view name = "scalar";
  static constexpr std::size_t lanes = 1;        // floats per vector
  static constexpr std::size_t registers = 1;    // vector registers
  static constexpr bool memory_operands = true;  // arithmetic takes an operand from memory
};
struct Sse2 {
  using Arch = xsimd::sse2;
  static constexpr std::string_view name = "SSE2";
  static constexpr std::size_t lanes = 4;
  static constexpr std::size_t registers = 16;
  static constexpr bool memory_operands = true;
};
/// AVX2 with FMA (Haswell and later).
struct Avx2 {
  using Arch = xsimd::fma3<xsimd::avx2>;
  static constexpr std::string_view name = "AVX2";
  static constexpr std::size_t lanes = 8;
  static constexpr std::size_t registers = 16;
  static constexpr bool memory_operands = true;
};
/// AVX2 with dot products of bytes (Alder Lake, Zen 5 and later).
struct Avx2Vnni : Avx2 {
  static constexpr std::string_view name = "AVX2 VNNI";
};
/// AVX-512 F, CD, DQ, BW, VL (Skylake-X and later).
struct Avx512 {
  using Arch = xsimd::avx512bw;
  static constexpr std::string_view name = "AVX-512";
  static constexpr std::size_t lanes = 16;
  static constexpr std::size_t registers = 32;
  static constexpr bool memory_operands = true;
};
/// With dot products of bytes (Cascade Lake, Zen 4 and later).
struct Avx512Vnni : Avx512 {
  static constexpr std::string_view name = "AVX-512 VNNI";
};
/// With permutations of bytes (VBMI; Ice Lake, Zen 4 and later).
struct Avx512Vbmi : Avx512Vnni {
  static constexpr std::string_view name = "AVX-512 VBMI";
};
/// With dot products of bfloat16 (Zen 4, Sapphire Rapids and later).
struct Avx512Bf16 : Avx512Vbmi {
  static constexpr std::string_view name = "AVX-512 BF16";
};
/// With arithmetic in half precision (Sapphire Rapids and later).
struct Avx512Fp16 : Avx512Bf16 {
  static constexpr std::string_view name = "AVX-512 FP16";
};
/// Vectors of halves, as Avx512Fp16 has them beside its floats: what kernels of half precision run on.
struct Avx512Half {
  static constexpr std::string_view name = "AVX-512 FP16, halves";
  static constexpr std::size_t lanes = 32;  // halves per vector
  static constexpr std::size_t registers = 32;
  static constexpr bool memory_operands = true;
};
/// The same, two products in two halves of a lane.
struct Avx512HalfPairs : Avx512Half {};
/// What kernels of halves run on: vectors of halves where the instruction set has their arithmetic, else floats.
template <class Isa>
using HalfIsa = std::conditional_t<std::derived_from<Isa, Avx512Fp16>, Avx512Half, Isa>;
/// With products of tiles of bytes and of bfloat16 (Sapphire Rapids and later).
struct Amx : Avx512Fp16 {
  static constexpr std::string_view name = "AMX";
};
/// NEON on 64-bit ARM.
struct Neon {
  using Arch = xsimd::neon64;
  static constexpr std::string_view name = "NEON";
  static constexpr std::size_t lanes = 4;
  static constexpr std::size_t registers = 32;
  static constexpr bool memory_operands = false;
};
/// With dot products of bytes (ARMv8.2 and its dotprod extension).
struct NeonDot : Neon {
  static constexpr std::string_view name = "NEON dot product";
};

namespace detail {
template <class Isa>
constexpr bool is_enabled() {  // a function: of a variable that asks itself Clang says that it has no value
  if constexpr (std::is_same_v<Isa, Scalar>) {
    return true;
  } else if constexpr (std::is_same_v<Isa, Sse2>) {
    return XSIMD_WITH_SSE2 != 0;
  } else if constexpr (std::is_same_v<Isa, Avx2>) {
    return XSIMD_WITH_FMA3_AVX2 != 0;
  } else if constexpr (std::is_same_v<Isa, Avx512>) {
    return XSIMD_WITH_AVX512BW != 0;
  } else if constexpr (std::is_same_v<Isa, Neon>) {
    return XSIMD_WITH_NEON64 != 0;
  } else if constexpr (std::is_same_v<Isa, Avx2Vnni>) {
#ifdef __AVXVNNI__
    return is_enabled<Avx2>();
#endif
  } else if constexpr (std::is_same_v<Isa, Avx512Vnni>) {
#ifdef __AVX512VNNI__
    return is_enabled<Avx512>();
#endif
  } else if constexpr (std::is_same_v<Isa, Avx512Vbmi>) {
#ifdef __AVX512VBMI__
    return is_enabled<Avx512Vnni>();
#endif
  } else if constexpr (std::is_same_v<Isa, Avx512Bf16>) {
#ifdef __AVX512BF16__
    return is_enabled<Avx512Vbmi>();
#endif
  } else if constexpr (std::is_same_v<Isa, Avx512Fp16>) {
#ifdef __AVX512FP16__
    return is_enabled<Avx512Bf16>();
#endif
  } else if constexpr (std::is_same_v<Isa, Amx>) {
#if (defined(__AMX_INT8__) && defined(__AMX_BF16__)) || (defined(__AMXINT8__) && defined(__AMXBF16__))  // GCC, Clang 14
    return is_enabled<Avx512Fp16>();
#endif
  } else if constexpr (std::is_same_v<Isa, NeonDot>) {
#ifdef __ARM_FEATURE_DOTPROD
    return is_enabled<Neon>();
#endif
  }
  return false;
}
}  // namespace detail

/// Whether this translation unit is compiled for that instruction set.
template <class Isa>
inline constexpr bool enabled = detail::is_enabled<Isa>();

namespace detail {
template <class... Isas>
struct FirstEnabled;
template <class Isa, class... Rest>
struct FirstEnabled<Isa, Rest...> : std::conditional_t<enabled<Isa>, std::type_identity<Isa>, FirstEnabled<Rest...>> {};
template <>
struct FirstEnabled<> {};
}  // namespace detail

#ifdef CTNN_ISA
/// The instruction set that networks use unless told otherwise: here the one the build names (`-DCTNN_ISA=Scalar`).
using Native = CTNN_ISA;
#else
/// The instruction set that networks use unless told otherwise: the widest that the compiler flags enable.
using Native = detail::FirstEnabled<Amx, Avx512Fp16, Avx512Bf16, Avx512Vbmi, Avx512Vnni, Avx512, Avx2Vnni, Avx2, Sse2,
                                    NeonDot, Neon, Scalar>::type;
#endif

}  // namespace ctnn::isa
