// The rounding policies: what becomes of halves, of numbers beyond and of what is no number, and that scales in arrays
// are the single ones.

#include <cmath>
#include <cstdint>
#include <limits>

#include <ctnn/numeric/int8.hpp>

#include "catch.hpp"

namespace nn = ctnn;
using nn::numeric::DoubleRounding, nn::numeric::HalfToEven, nn::numeric::SingleRounding;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

}  // namespace

TEST_CASE("halves go away from zero or to even, by policy") {
  constexpr float halves[] = {-2.5F, -1.5F, -0.5F, 0.5F, 1.5F, 2.5F};
  constexpr int away[] = {-3, -2, -1, 1, 2, 3}, even[] = {-2, -2, 0, 0, 2, 2};
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(SingleRounding::round(halves[i]) == away[i]);
    CHECK(HalfToEven::round(halves[i]) == even[i]);
    CHECK(nn::Int8::Quantization{2.0F, 0}.quantize(2.0F * halves[i]) == away[i]);
    CHECK(nn::QLinearInt8::Quantization{2.0F, 0}.quantize(2.0F * halves[i]) == even[i]);
    CHECK(nn::UInt8::Quantization{2.0F, 7}.quantize(2.0F * halves[i]) == 7 + even[i]);
  }
  // the neighbours of a half are not halves
  for (float x = -127.5F; x < 128.0F; x += 1.0F) {
    for (const float near : {std::nextafter(x, -infinity), std::nextafter(x, infinity)}) {
      REQUIRE(SingleRounding::round(near) == static_cast<int>(std::lround(near)));
      REQUIRE(HalfToEven::round(near) == static_cast<int>(std::lround(near)));
    }
  }
}

TEST_CASE("quantization saturates, and what is no number is the lowest integer") {
  constexpr nn::Int8::Quantization i8{0.5F, 10};
  constexpr nn::UInt8::Quantization u8{0.5F, 10};
  STATIC_REQUIRE(i8.quantize(1.0F) == 12);
  STATIC_REQUIRE(i8.quantize(infinity) == 127);
  STATIC_REQUIRE(i8.quantize(-infinity) == -128);
  CHECK(i8.quantize(3e38F) == 127);
  CHECK(i8.quantize(-3e38F) == -128);
  STATIC_REQUIRE(u8.quantize(infinity) == 255);
  STATIC_REQUIRE(u8.quantize(-infinity) == 0);
  CHECK(i8.quantize(not_a_number) == -128);
  CHECK(u8.quantize(not_a_number) == 0);
  for (int q = 0; q < 256; ++q) {
    REQUIRE(u8.quantize(u8.dequantize(static_cast<std::uint8_t>(q))) == q);
    REQUIRE(i8.quantize(i8.dequantize(static_cast<std::int8_t>(q - 128))) == q - 128);
  }
}

TEST_CASE("a range is spread over all integers") {
  STATIC_REQUIRE(nn::Int8::Quantization::over({0.0F, 1.0F}) == nn::Int8::Quantization{1.0F / 256.0F, -128});
  STATIC_REQUIRE(nn::Int8::Quantization::over({-1.0F, 1.0F}) == nn::Int8::Quantization{1.0F / 128.0F, 0});
  STATIC_REQUIRE(nn::UInt8::Quantization::over({0.0F, 1.0F}) == nn::UInt8::Quantization{1.0F / 256.0F, 0});
  STATIC_REQUIRE(nn::UInt8::Quantization::over({-1.0F, 1.0F}) == nn::UInt8::Quantization{1.0F / 128.0F, 128});
}

TEST_CASE("rounding twice is the upper half of a product, then a shift") {
  // The first of the two roundings leaves 11 bits below the point: at most half of one of those more.
  const nn::numeric::FixedPoint once{0.3 / 1024};
  const nn::numeric::FixedPointTwice twice{0.3 / 1024};
  std::size_t other = 0;
  for (std::int32_t x = -1'000'000; x <= 1'000'000; x += 3) {
    const double exact = x * (0.3 / 1024);
    REQUIRE(std::abs(static_cast<double>(once.scale(x)) - exact) <= 0.5 + 1e-6);
    REQUIRE(std::abs(static_cast<double>(twice.scale(x)) - exact) <= 0.5 + 0.5 / 2048 + 1e-6);
    REQUIRE(std::abs(once.scale(x) - twice.scale(x)) <= 1);
    if (once.scale(x) != twice.scale(x)) ++other;
  }
  CHECK(other > 0);
  CHECK(twice.scale(std::int64_t{1} << 31) == once.scale(std::int64_t{1} << 31));
  CHECK(nn::numeric::FixedPointTwice{1e6}.scale(std::int64_t{1} << 31) > 1'000'000'000);  // beyond any activation
}

TEST_CASE("scales in arrays are the single ones") {
  SingleRounding::ChannelScales<3> once;
  DoubleRounding::ChannelScales<3> twice;
  HalfToEven::ChannelScales<3> real;
  constexpr double scales[] = {0.0123, 3e-5, 0.75};
  for (std::size_t c = 0; c < 3; ++c) once.set(c, scales[c]), twice.set(c, scales[c]), real.set(c, scales[c]);
  for (std::size_t c = 0; c < 3; ++c) {
    for (std::int32_t x = -100'000; x <= 100'000; x += 77) {
      REQUIRE(once.scale(x, c) == nn::numeric::FixedPoint{scales[c]}.scale(x));
      REQUIRE(twice.scale(x, c) == nn::numeric::FixedPointTwice{scales[c]}.scale(x));
      REQUIRE(real.scale(x, c) ==
              static_cast<int>(std::nearbyint(static_cast<float>(x) * static_cast<float>(scales[c]))));
    }
  }
  CHECK(once.scale(1'000'000, 3) == 0);  // padding
  CHECK(real.scale(1'000'000, 3) == 0);
}

TEST_CASE("means of integers round as their policy") {
  // halves away from zero, of the integers as they are
  CHECK(SingleRounding::mean(5, 2, 10) == 3);
  CHECK(SingleRounding::mean(-5, 2, 10) == -3);
  // halves to even, of what they stand for: (5 - 2 * 10) / 2 = -7.5
  CHECK(HalfToEven::mean(5, 2, 10) == 2);
  CHECK(HalfToEven::mean(5, 2, 11) == 3);
  for (int sum = -300; sum <= 300; ++sum) {
    for (int n = 1; n < 12; ++n) {
      REQUIRE(HalfToEven::mean(sum, n, 3) ==
              3 + static_cast<int>(std::nearbyint(static_cast<double>(sum - 3 * n) / n)));
      REQUIRE(SingleRounding::mean(sum, n, 3) == static_cast<int>(std::round(static_cast<double>(sum) / n)));
    }
  }
}

TEST_CASE("sums of different scales are rounded once at the end") {
  const HalfToEven::Sum<2> real{{0.5F, 0.25F}, 1.0F};
  CHECK(real({1, 0}) == 0);
  CHECK(real({1, 4}) == 2);
  CHECK(real({3, 4}) == 2);
  const SingleRounding::Sum<3> fixed{{0.5F, 0.25F, 0.125F}, 0.25F};
  for (int a = -255; a <= 255; a += 15) {
    for (int b = -255; b <= 255; b += 17) {
      REQUIRE(fixed({a, b, 2 * b}) == static_cast<int>(std::floor(2.0 * a + b + b + 0.5)));
    }
  }
}
