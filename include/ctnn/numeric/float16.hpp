/// Floating-point numbers of 16 bits, as storage: arithmetic is float's, into which they convert exactly.
/// (std::float16_t is C++23's, _Float16 not on every compiler and target.)
#pragma once

#include <bit>
#include <cstdint>
#include <type_traits>

namespace ctnn {

/// A sign, an exponent and MantissaBits of mantissa; infinities, not-a-number and denormals as IEEE 754's. A float
/// becomes the nearest, ties to even, infinite beyond the largest; not-a-number stays and is quiet.
template <unsigned MantissaBits>
class Float16 {
  static constexpr std::uint32_t largest_exponent = 0x7FFFU >> MantissaBits;
  static constexpr std::uint32_t infinity = largest_exponent << MantissaBits, float_infinity = 0xFFU << 23U;
  // float's mantissa is longer, and its exponents are larger: by this many units of its own
  static constexpr std::uint32_t shift = 23 - MantissaBits, rebias = 127 - largest_exponent / 2;
  static constexpr std::uint32_t quiet = 1U << (MantissaBits - 1);

  static constexpr std::uint16_t bits_of(float x) {
    const auto bits = std::bit_cast<std::uint32_t>(x);
    const std::uint32_t sign = bits >> 16U & 0x8000U;
    std::uint32_t magnitude = bits & 0x7FFFFFFFU;
    if (magnitude > float_infinity) {
      magnitude = infinity | quiet | (magnitude >> shift & (quiet - 1U));
    } else if (rebias != 0 && magnitude < (rebias + 1) << 23U) {
      // Denormal: added to a power of two whose last bit is worth as much as theirs, the sum is rounded as they are.
      constexpr std::uint32_t power = (rebias + 1 + shift) << 23U;
      magnitude = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + std::bit_cast<float>(power)) - power;
    } else {
      magnitude += (1U << (shift - 1)) - 1U + (magnitude >> shift & 1U);
      magnitude = (magnitude - (rebias << 23U)) >> shift;
      if (magnitude > infinity) magnitude = infinity;
    }
    return static_cast<std::uint16_t>(sign | magnitude);
  }

 public:
  constexpr Float16() = default;
  constexpr explicit Float16(float x) : bits_{bits_of(x)} {}
  [[nodiscard]] static constexpr Float16 from_bits(std::uint16_t bits) {
    Float16 result;
    result.bits_ = bits;
    return result;
  }
  [[nodiscard]] constexpr std::uint16_t bits() const { return bits_; }
  constexpr operator float() const {  // NOLINT(google-explicit-constructor): nothing is lost
    const std::uint32_t sign = (bits_ & 0x8000U) << 16U, magnitude = bits_ & 0x7FFFU;
    if (magnitude >= infinity) {
      const std::uint32_t nan = magnitude > infinity ? quiet : 0U;
      return std::bit_cast<float>(sign | float_infinity | (magnitude | nan) << shift);
    }
    if (rebias != 0 && magnitude < 1U << MantissaBits) {  // denormal
      const auto step = std::bit_cast<float>((rebias + 1 - MantissaBits) << 23U);
      return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(static_cast<float>(magnitude) * step));
    }
    return std::bit_cast<float>(sign | ((magnitude << shift) + (rebias << 23U)));
  }

 private:
  std::uint16_t bits_ = 0;
};

/// IEEE 754 half precision: 11 significant bits, up to 65504, from 6e-8 on.
using Half = Float16<10>;
/// The upper half of a float: 8 significant bits, float's range. arXiv 1905.12322.
using BFloat16 = Float16<7>;

namespace numeric {
template <class T>
inline constexpr bool is_float16 = false;
template <unsigned MantissaBits>
inline constexpr bool is_float16<Float16<MantissaBits>> = true;

/// What arithmetic with elements of a type is done in.
template <class T>
using Arithmetic = std::conditional_t<is_float16<T>, float, T>;
}  // namespace numeric

}  // namespace ctnn
