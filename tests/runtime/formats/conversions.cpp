/// Floats of 16 bits: every one of them, and the floats between.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <type_traits>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"

namespace {

using ctnn::BFloat16;
using ctnn::Half;

static_assert(Half{1.0F}.bits() == 0x3C00 && Half{65504.0F}.bits() == 0x7BFF && Half{65520.0F}.bits() == 0x7C00);
static_assert(float{Half::from_bits(1)} == 0x1p-24F && float{Half::from_bits(0x03FF)} == 1023 * 0x1p-24F);
static_assert(BFloat16{1.0F}.bits() == 0x3F80 && float{BFloat16::from_bits(0x4049)} == 3.140625F);
static_assert(ctnn::numeric::Tf32::rounded(1.0F + 0x1p-11F) == 1.0F);  // ties to even
static_assert(ctnn::numeric::Tf32::rounded(1.0F + 3 * 0x1p-11F) == 1.0F + 0x1p-9F);

/// The value by definition: exponents of `exponent_bits` bits, the rest mantissa.
double value_of(std::uint16_t bits, int exponent_bits) {
  const int mantissa_bits = 15 - exponent_bits, bias = (1 << (exponent_bits - 1)) - 1;
  const int exponent = (bits & 0x7FFF) >> mantissa_bits, mantissa = bits & ((1 << mantissa_bits) - 1);
  const double sign = (bits & 0x8000) != 0 ? -1.0 : 1.0;
  if (exponent == (1 << exponent_bits) - 1) {
    return mantissa == 0 ? sign * std::numeric_limits<double>::infinity() : std::numeric_limits<double>::quiet_NaN();
  }
  if (exponent == 0) return sign * std::ldexp(mantissa, 1 - bias - mantissa_bits);
  return sign * std::ldexp(mantissa + (1 << mantissa_bits), exponent - bias - mantissa_bits);
}

template <class T>
void check_all(int exponent_bits) {
  std::size_t wrong = 0;
  for (unsigned i = 0; i < 0x10000; ++i) {
    const T number = T::from_bits(static_cast<std::uint16_t>(i));
    const double exact = value_of(number.bits(), exponent_bits);
    const float got = number;
    const bool nan = std::isnan(exact);
    if (nan ? !std::isnan(got) : static_cast<double>(got) != exact) ++wrong;
    if (nan ? !std::isnan(float{T{got}}) : T{got}.bits() != number.bits()) ++wrong;
    if (nan || std::isinf(exact)) continue;
    // between it and its neighbour away from zero: the middle goes to the even one, a float beside it to the nearer
    const T next = T::from_bits(static_cast<std::uint16_t>(i + 1));
    const double beyond =  // the largest's neighbour, were there one
        std::isinf(value_of(next.bits(), exponent_bits))
            ? 2 * exact - value_of(static_cast<std::uint16_t>(i - 1), exponent_bits)
            : value_of(next.bits(), exponent_bits);
    const auto middle = static_cast<float>((exact + beyond) / 2);
    if (static_cast<double>(middle) != (exact + beyond) / 2) continue;  // bfloat16's smallest denormal
    const float away = exact < 0 || (i & 0x8000U) != 0 ? -std::numeric_limits<float>::infinity()
                                                       : std::numeric_limits<float>::infinity();
    if (T{middle}.bits() != ((i & 1U) == 0 ? number : next).bits()) ++wrong;
    if (T{std::nextafter(middle, 0.0F)}.bits() != number.bits()) ++wrong;
    if (T{std::nextafter(middle, away)}.bits() != next.bits()) ++wrong;
  }
  CHECK(wrong == 0);
}

/// Vectors convert as scalars do; denormal bfloat16 apart, which AVX-512 BF16 makes zeros.
template <class T, class Isa>
void check_vectors() {
  if constexpr (golden::tested<Isa> && Isa::lanes > 1) {
    INFO(Isa::name);
    constexpr bool flushes = std::is_same_v<T, BFloat16> && std::is_base_of_v<ctnn::isa::Avx512Bf16, Isa>;
    std::size_t wrong = 0;
    const auto same = [](float a, float b) { return std::isnan(a) ? std::isnan(b) : a == b; };
    for (unsigned first = 0; first < 0x10000; first += Isa::lanes) {
      std::array<T, Isa::lanes> numbers, back{};
      std::array<float, Isa::lanes> floats;
      for (unsigned i = 0; i < Isa::lanes; ++i) numbers[i] = T::from_bits(static_cast<std::uint16_t>(first + i));
      ctnn::simd::store<Isa>(floats.data(), ctnn::simd::load<Isa>(numbers.data()));
      for (std::size_t i = 0; i < Isa::lanes; ++i) {
        if (!same(numbers[i], floats[i])) ++wrong;
        const auto each = ctnn::simd::broadcast<Isa>(&numbers[i]);
        if (!same(numbers[i], ctnn::simd::reduce<Isa, float>(each, [](float a, float) { return a; }))) ++wrong;
        // a float that is none of them: half a step and a bit beyond
        floats[i] = std::bit_cast<float>(std::bit_cast<std::uint32_t>(floats[i]) + 0x8FFFU);
      }
      for (std::size_t n = 1; n <= Isa::lanes; n += 3) {
        back.fill(T{-7.0F});
        ctnn::simd::store_up_to<Isa>(back.data(), ctnn::simd::load<Isa>(floats.data()), n);
        for (std::size_t i = 0; i < Isa::lanes; ++i) {
          const T expected = i < n ? T{floats[i]} : T{-7.0F};
          const bool denormal = flushes && i < n && std::abs(floats[i]) < std::numeric_limits<float>::min();
          if (!denormal && !same(expected, back[i])) ++wrong;
        }
        std::array<float, Isa::lanes> some;
        ctnn::simd::store<Isa>(some.data(), ctnn::simd::load_up_to<Isa>(numbers.data(), n));
        for (std::size_t i = 0; i < n; ++i)
          if (!same(numbers[i], some[i])) ++wrong;
      }
    }
    CHECK(wrong == 0);
  }
}
template <class T>
void check_vectors() {
  check_vectors<T, ctnn::isa::Sse2>();
  check_vectors<T, ctnn::isa::Avx2>();
  check_vectors<T, ctnn::isa::Avx512>();
  check_vectors<T, ctnn::isa::Avx512Bf16>();
  check_vectors<T, ctnn::isa::Neon>();
}

}  // namespace

TEST_CASE("half precision: every number there and back, and every tie") { check_all<Half>(5); }
TEST_CASE("bfloat16: every number there and back, and every tie") { check_all<BFloat16>(8); }
TEST_CASE("vectors of half precision") { check_vectors<Half>(); }
TEST_CASE("vectors of bfloat16") { check_vectors<BFloat16>(); }
namespace {

using Words4 = ctnn::numeric::IntegerBlock<4, 2>;

/// Weights as four bits hold them.
template <std::size_t N>
constexpr std::array<float, N> in_four_bits(const std::array<float, N>& weights) {
  std::array<Words4::Word, Words4::size(N)> words{};
  std::array<float, N> held{};
  Words4::pack(words.data(), 0, 1, weights, 0.0F);
  for (std::size_t i = 0; i < N; ++i) held[i] = Words4::at(words.data(), i, 1);
  return held;
}

}  // namespace

TEST_CASE("integer words: groups of sixteen evenly spaced numbers are exact, wherever zero is") {
  constexpr std::array<float, 5> spaced{0.5F, -0.25F, 3.5F, 1.25F, 2.0F};  // -0.25 + 0.25 q
  static_assert(in_four_bits(spaced) == spaced);
  static_assert(in_four_bits(std::array{0.0F, 0.0F, 0.0F}) == std::array{0.0F, 0.0F, 0.0F});
  static_assert(in_four_bits(std::array{-2.5F}) == std::array{-2.5F});
}
TEST_CASE("integer words: errors of a group sum to little, and are smaller than those of a grid over its range") {
  struct Sums {
    double squares = 0.0, squared_sums = 0.0;
  } fitted, spanned;
  for (std::uint32_t channel = 0; channel < 100; ++channel) {
    std::array<float, Words4::group> weights{};
    for (std::size_t i = 0; i < weights.size(); ++i) weights[i] = golden::number(channel, i);
    const auto held = in_four_bits(weights);
    const auto [least, most] = std::minmax_element(weights.begin(), weights.end());
    const float step = (*most - *least) / 15;
    double sum = 0.0, sum_spanned = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const auto error = static_cast<double>(held[i] - weights[i]);
      CHECK(std::abs(error) <= 0.75 * static_cast<double>(step));
      sum += error;
      fitted.squares += error * error;
      const auto in_range = static_cast<double>(*least + std::round((weights[i] - *least) / step) * step - weights[i]);
      sum_spanned += in_range;
      spanned.squares += in_range * in_range;
    }
    fitted.squared_sums += sum * sum;
    spanned.squared_sums += sum_spanned * sum_spanned;
  }
  CHECK(fitted.squares < 0.95 * spanned.squares);
  CHECK(fitted.squared_sums < 0.5 * spanned.squared_sums);
}
