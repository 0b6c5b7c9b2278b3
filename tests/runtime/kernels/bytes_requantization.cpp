// Requantisation on vectors is the scalar's, for every sum of 32 bits and every scale.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <ctnn/kernels/epilogue.hpp>

#include "catch.hpp"
#include "golden/isa.hpp"
#include "runtime/kernels/numbers.hpp"

using namespace ctnn;

namespace {

constexpr std::size_t channels = 16;
template <Quantized N>
using Scalar = kernels::Requantization<N, channels>;

/// Sums at which a result of that scale may change, and as large as sums can be.
std::vector<std::int32_t> sums_for(double scale) {
  constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
  std::vector<std::int32_t> sums;
  const auto add = [&](std::int64_t sum) {
    for (std::int64_t x = sum - 1; x <= sum + 1; ++x) {
      if (x >= -most - 1 && x <= most) sums.push_back(static_cast<std::int32_t>(x));
    }
  };
  for (int bits = 0; bits < 32; ++bits) {
    add(std::int64_t{1} << bits);
    add(-(std::int64_t{1} << bits));
  }
  for (int half = -1100; half <= 1100; ++half) {  // halves of a unit, over all that is not clamped and some of the rest
    const double x = half / 2.0 / scale;
    if (std::abs(x) < 4e9) add(static_cast<std::int64_t>(std::floor(x)));
  }
  for (std::size_t i = 0; i < 3000; ++i) {
    sums.push_back(static_cast<std::int32_t>(kernel_tests::bits(i, 1) >> (kernel_tests::bits(i, 2) % 32)));
  }
  while (sums.size() % channels != 0) sums.push_back(0);
  return sums;
}

/// How many of the sums a vector of that instruction set rescales to another byte.
template <class Isa, Quantized N>
std::size_t wrong(const Scalar<N>& scalar, const std::vector<std::int32_t>& sums) {
  using T = typename N::Activation;
  const kernels::VectorRequantization<N, channels> vectors{&scalar};
  std::size_t count = 0;
  for (std::size_t i = 0; i < sums.size(); i += channels) {
    std::array<T, channels> y{};
    for (std::size_t c = 0; c < channels; c += Isa::lanes) {
      vectors.template store<Isa>(y.data(), c, simd::load_ints<Isa>(sums.data() + i + c), c, channels - c);
    }
    for (std::size_t c = 0; c < channels; ++c) count += y[c] != scalar(sums[i + c], c, 0) ? 1U : 0U;
  }
  return count;
}

/// With any numbers, and with those that a scale's floats are settled for.
template <Quantized N>
void check(Scalar<N>& scalar, const std::vector<std::int32_t>& sums) {
  const auto each_isa = [&]<class... Isa>(std::type_identity<std::tuple<Isa...>>) {
    const auto check_on = [&]<class I>(std::type_identity<I>) {
      if constexpr (golden::tested<I> && I::lanes > 1) {
        const std::size_t count = wrong<I, N>(scalar, sums);
        INFO(N::name.view() << " on " << I::name << ", scales from " << scalar.scales.real[0] << ", zero point "
                            << scalar.zero_point);
        CHECK(count == 0);
      }
    };
    (check_on(std::type_identity<Isa>{}), ...);
  };
  each_isa(std::type_identity<golden::EveryByteIsa>{});
  scalar.complete();
  each_isa(std::type_identity<golden::EveryByteIsa>{});
}

/// One scale for all channels.
template <Quantized N>
void check_scale(double scale) {
  const auto sums = sums_for(scale);
  const std::int32_t lowest = N::Quantization::lowest;
  for (const std::int32_t zero_point : {lowest, lowest + 128, lowest + 255}) {
    Scalar<N> scalar;
    for (std::size_t c = 0; c < channels; ++c) scalar.scales.set(c, scale);
    scalar.scales.complete();
    scalar.zero_point = zero_point;
    check<N>(scalar, sums);
  }
}

/// Mantissas: the least, the greatest, those beside, and any.
double mantissa(std::size_t i) {
  constexpr std::array<double, 5> special{0.5, 1.0 - 0x1p-31, 0.5 + 0x1p-31, 0.75, 2.0 / 3};
  return i < special.size() ? special[i] : 0.5 + std::ldexp(kernel_tests::bits(i, 3), -33);
}

/// Scales that differ between channels: from 2^lowest to 2^highest.
template <Quantized N>
void check_uneven(int lowest, int highest) {
  Scalar<N> scalar;
  std::vector<std::int32_t> sums;
  std::array<std::vector<std::int32_t>, channels> own;
  for (std::size_t c = 0; c < channels; ++c) {
    const auto part = static_cast<int>(c) * (highest - lowest) / static_cast<int>(channels - 1);
    const double scale = std::ldexp(mantissa(c), lowest + part);
    scalar.scales.set(c, scale);
    own[c] = sums_for(scale);
  }
  scalar.scales.complete();
  scalar.zero_point = N::Quantization::lowest + 100;
  for (std::size_t i = 0; i < 2000; ++i) {
    for (std::size_t c = 0; c < channels; ++c) sums.push_back(own[c][i % own[c].size()]);
  }
  check<N>(scalar, sums);
}

}  // namespace

TEST_CASE("bytes: fixed-point requantisation at every shift", "[bytes]") {
  for (int exponent = -33; exponent <= 31; ++exponent) {  // shifts 1 to 62, and one beyond on both sides
    for (std::size_t m = 0; m < 8; ++m) check_scale<Int8>(std::ldexp(mantissa(m), exponent));
  }
}

TEST_CASE("bytes: fixed-point requantisation where products begin to leave 32 bits", "[bytes]") {
  for (int step = -8; step <= 8; ++step) check_scale<Int8>(0.5 + step * 0x1p-31);
}

TEST_CASE("bytes: fixed-point products just below a half, which a double rounds up to it", "[bytes]") {
  for (int shift = 44; shift <= 57; ++shift) {
    // a sum and a multiplier whose product is halves of 2^shift, an odd number of them, less a rest that is lost behind
    // the 8 bits of a result
    const std::int64_t most_rest = shift <= 48 ? 1 : std::int64_t{1} << (shift - 48);
    std::size_t found = 0;
    for (std::int64_t odd = 1; odd < 64 && found < 4; odd += 2) {
      const std::int64_t halves = odd << (shift - 1), first = halves >> 31;
      const std::int64_t last = std::min(halves >> 30, first + (1 << 18));
      for (std::int64_t sum = first + 1; sum < last && found < 4; ++sum) {
        const std::int64_t rest = halves % sum, multiplier = halves / sum;
        if (rest == 0 || rest > most_rest) continue;
        ++found;
        const auto x = static_cast<std::int32_t>(sum);
        const std::vector<std::int32_t> sums{x, -x, x + 1, x - 1, 1 - x, -1 - x, 0, 1, -1, 2, -2, 3, -3, 4, -4, 5};
        for (const std::int32_t zero_point : {-128, -60, 100, 127}) {
          Scalar<Int8> scalar;
          for (std::size_t c = 0; c < channels; ++c) {
            scalar.scales.set(c, std::ldexp(static_cast<double>(multiplier), -shift));
          }
          scalar.scales.complete();
          scalar.zero_point = zero_point;
          REQUIRE(scalar.scales.multiplier[0] == multiplier);
          check<Int8>(scalar, sums);
        }
      }
    }
    CHECK(found > 0);
  }
}

TEST_CASE("bytes: requantisation that rounds twice, and in float", "[bytes]") {
  for (int exponent = -33; exponent <= 31; exponent += 3) {
    for (std::size_t m = 0; m < 8; m += 3) {
      check_scale<Int8DoubleRounding>(std::ldexp(mantissa(m), exponent));
      check_scale<QLinearInt8>(std::ldexp(mantissa(m), exponent));
      check_scale<UInt8>(std::ldexp(mantissa(m), exponent));
    }
  }
  check_scale<QLinearInt8>(1e38);
  check_scale<UInt8>(1e-38);
}

TEST_CASE("bytes: floats scale what few products add up to", "[bytes]") {
  std::size_t settled = 0;
  for (std::size_t m = 0; m < 100; ++m) {
    Scalar<Int8> scalar;
    for (std::size_t c = 0; c < channels; ++c) scalar.scales.set(c, mantissa(m) / 64);
    scalar.lower = scalar.zero_point = static_cast<std::int32_t>(m) - 100;
    scalar.complete();
    settled += scalar.scales.next_unsettled[0] == scalar.scales.padded ? 1U : 0U;
    check<Int8>(scalar, sums_for(mantissa(m) / 64));
  }
  CHECK(settled > 90);
}

TEST_CASE("bytes: two floats scale what many products add up to, in a tile", "[bytes]") {
  using Isa = isa::Native;
  std::size_t settled = 0;
  for (std::size_t m = 0; m < 100; ++m) {
    const double scale = mantissa(m) / static_cast<double>(8 << (m % 8));
    Scalar<Int8> scalar;
    for (std::size_t c = 0; c < channels; ++c) scalar.scales.set(c, scale);
    scalar.zero_point = m % 3 == 0 ? -128 : static_cast<std::int32_t>(m) - 50;
    scalar.complete();
    const auto most = static_cast<std::int32_t>(31000.0 / scale);  // what fits 16 bits
    for (std::size_t c = 0; c < channels; ++c) scalar.bound(c, most);
    settled += scalar.scales.next_unsettled_twice[0] == scalar.scales.padded ? 1U : 0U;
    if constexpr (Isa::lanes > 1) {
      std::vector<std::int32_t> sums = sums_for(scale);
      for (std::int32_t& sum : sums) sum = std::clamp(sum, -most, most);
      constexpr std::size_t pixels = 4, tile = pixels * Isa::lanes;
      sums.resize((sums.size() + tile - 1) / tile * tile);
      const kernels::VectorRequantization<Int8, channels> vectors{&scalar};
      std::size_t wrong = 0;
      for (std::size_t i = 0; i < sums.size(); i += tile) {
        simd::IntSum<Isa> own[pixels][1];
        for (std::size_t p = 0; p < pixels; ++p) own[p][0] = simd::load_ints<Isa>(sums.data() + i + p * Isa::lanes);
        std::array<std::int8_t, tile> y{};
        vectors.template store_tile<Isa>(y.data(), 0, Isa::lanes, own, 0, Isa::lanes);
        for (std::size_t k = 0; k < tile; ++k) wrong += y[k] != scalar(sums[i + k], 0, 0) ? 1U : 0U;
      }
      INFO("scale " << scale << ", zero point " << scalar.zero_point);
      CHECK(wrong == 0);
    }
  }
  CHECK(settled > 95);  // of 100; one float settles some 5 of them where there are thousands of products
}

TEST_CASE("bytes: scales that differ between channels", "[bytes]") {
  for (const int highest : {-20, -13, -12, -5, -1, 0, 1, 2, 12, 31}) {
    for (const int span : {1, 8, 19, 20, 21, 22, 23, 30, 60}) {
      check_uneven<Int8>(highest - span, highest);
      check_uneven<UInt8>(highest - span, highest);
    }
  }
  // a channel whose weights are all zero may have any scale, also none
  Scalar<Int8> scalar;
  for (std::size_t c = 0; c < channels; ++c) scalar.scales.set(c, c % 3 == 0 ? 0.0 : 0.003);
  scalar.scales.complete();
  check<Int8>(scalar, sums_for(0.003));
}
