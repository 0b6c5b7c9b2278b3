/// How integers are scaled and rounded. A number format names one of the policies: SingleRounding or DoubleRounding,
/// which are TensorFlow Lite's, or HalfToEven, which is ONNX's and PyTorch's. A policy has
///   round(x)            a float of at most 2^22 to the nearest integer
///   mean(sum, n, z)     the mean of n integers of zero point z, from their sum; of vectors of sums by a division of
///                       theirs, mean(sum, n, z, floor_of_quotient)
///   Scale               multiplies integers by a positive real number: Scale{real}.scale(x)
///   ChannelScales<N>    N of them as arrays, so that vector kernels can load them
///   channel_scale(...)  the real number that requantisation multiplies accumulators by
///   Sum<K>              adds K tensors of different scales: Sum{input scales, output scale}(integers)
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace ctnn::numeric {

/// x within bounds. By values: std::clamp's references keep compilers from a vector's minimum and maximum.
template <class T>
constexpr T bounded(T x, T lowest, T highest) {
  x = x < lowest ? lowest : x;
  return x > highest ? highest : x;
}

/// floor(x / n), of n > 0.
struct FloorOfQuotient {
  constexpr std::int32_t operator()(std::int32_t x, std::int32_t n) const { return x / n - (x % n < 0 ? 1 : 0); }
};

/// A positive real number as multiplier * 2^-shift with a multiplier of 31 bits.
struct FixedPoint {
  std::int32_t multiplier = 0;
  std::int32_t shift = 1;  ///< 1 to 62

  /// The number, exactly.
  [[nodiscard]] constexpr double real() const {
    double value = multiplier;
    for (std::int32_t i = 0; i < shift; ++i) value *= 0.5;
    return value;
  }

  constexpr FixedPoint() = default;
  constexpr FixedPoint(std::int32_t mantissa, std::int32_t bits) : multiplier{mantissa}, shift{bits} {}
  /// The nearest fixed-point number; anything that is not a positive finite number gives zero.
  constexpr explicit FixedPoint(double real) {
    if (!(real > 0.0) || real > std::numeric_limits<double>::max()) return;
    int exponent = 0;
    for (; real >= 1.0; ++exponent) real *= 0.5;
    for (; real < 0.5; --exponent) real *= 2.0;
    // nearest, halves up; std::lround is not constexpr
    auto mantissa = static_cast<std::int64_t>(real * static_cast<double>(std::int64_t{1} << 32) + 1.0) / 2;
    if (mantissa == std::int64_t{1} << 31) {
      mantissa /= 2;
      ++exponent;
    }
    if (exponent > 30) {  // beyond int32: saturates whatever it multiplies
      multiplier = std::numeric_limits<std::int32_t>::max();
      shift = 1;
    } else if (exponent >= -31) {  // smaller numbers round every product to zero
      multiplier = static_cast<std::int32_t>(mantissa);
      shift = 31 - exponent;
    }
  }

  /// x times the number, rounded once, halves up: (x * multiplier + (1 << (shift - 1))) >> shift. |x| < 2^32. What does
  /// not fit into 32 bits is for who saturates the result to see.
  [[nodiscard]] constexpr std::int64_t scale(std::int64_t x) const {
    return (x * multiplier + (std::int64_t{1} << (shift - 1))) >> shift;
  }
};

/// The same number, but products round twice: to a 32-bit product's upper half, halves up, then by the rest of the
/// shift, halves away from zero. arXiv 1712.05877, section 2.2.
struct FixedPointTwice : FixedPoint {
  using FixedPoint::FixedPoint;
  [[nodiscard]] constexpr std::int64_t scale(std::int64_t x) const {
    const std::int32_t left = std::max(31 - shift, 0), right = std::max(shift - 31, 0);
    constexpr std::int64_t lowest = std::numeric_limits<std::int32_t>::min();
    constexpr std::int64_t highest = std::numeric_limits<std::int32_t>::max();
    const std::int64_t shifted = bounded(x * (std::int64_t{1} << left), lowest, highest);
    const std::int64_t high = FixedPoint{multiplier, 31}.scale(shifted);
    const std::int64_t magnitude = ((high < 0 ? -high : high) + (std::int64_t{1} << right) / 2) >> right;
    return high < 0 ? -magnitude : magnitude;
  }
};

/// A positive real number as a float.
struct FloatScale {
  float real = 0.0F;

  constexpr FloatScale() = default;
  /// The nearest float; what is not a positive finite number gives zero.
  constexpr explicit FloatScale(double x) {
    if (x > 0.0 && x <= static_cast<double>(std::numeric_limits<float>::max())) real = static_cast<float>(x);
  }
  /// The nearest integer to float(x) * real, a product in float, halves to even; saturates at +-2^22.
  [[nodiscard]] constexpr std::int32_t scale(std::int64_t x) const;
};

/// Channels in arrays of scales: a whole vector of 16 may be loaded from any channel.
constexpr std::size_t padded_channels(std::size_t channels) { return (channels + 30) / 16 * 16; }

/// Fixed-point numbers, one per channel; those behind the last are zero.
template <std::size_t Channels>
struct FixedPointScales {
  static constexpr std::size_t padded = padded_channels(Channels);
  static constexpr auto ones = [] {
    std::array<std::int32_t, padded> shifts{};
    shifts.fill(1);
    return shifts;
  }();
  alignas(64) std::array<std::int32_t, padded> multiplier{};
  alignas(64) std::array<std::int32_t, padded> shift = ones;
  alignas(64) std::array<double, padded> real{};                  ///< multiplier * 2^-shift, exactly: for vectors
  alignas(64) std::array<float, padded> nearest{};                ///< the same, rounded (but see settle)
  std::array<std::uint32_t, padded> next_unsettled{};             ///< of the channels from here on
  alignas(64) std::array<float, padded> whole{}, part{};          ///< two factors of what is multiplied twice
  std::array<std::uint32_t, padded> next_unsettled_twice{};       ///< the same of these
  std::int32_t limit = std::numeric_limits<std::int32_t>::max();  ///< larger integers scale to what any 8 bits clamp
  /// floor(real * x + 1/2 + zero point) is right, or beyond what any 8 bits clamp: of the real number, and of the
  /// double nearest to it.
  bool exact_as_real = true, exact_in_double = true;

  constexpr void set(std::size_t channel, double value) {
    const FixedPoint number{value};
    multiplier[channel] = number.multiplier, shift[channel] = number.shift;
    real[channel] = number.real();
    nearest[channel] = static_cast<float>(real[channel]);
  }
  /// When all are set.
  constexpr void complete() {
    double most = 0.0, least = 1.0;
    for (const double value : real) {
      most = std::max(most, value);
      if (value > 0.0) least = std::min(least, value);
    }
    // a result of 10 bits before and 43 behind the point fits a double
    exact_in_double = std::all_of(shift.begin(), shift.end(), [](std::int32_t bits) { return bits <= 43; });
    if (most > 0.5) {  // products might not fit 32 bits
      limit = static_cast<std::int32_t>(static_cast<double>(1 << 30) / most);
      exact_as_real = limit * least >= 512.0;
    }
    exact_in_double = exact_in_double && exact_as_real;
  }
  /// Looks for floats with which vectors find what scale() gives within the bounds, for every x. Both rise with x, so
  /// that it is enough to look where scale()'s results begin. One float, in `nearest`, for round(x * float +
  /// zero_point): its product may be rounded by itself, with the sum, or not before the result is. (Of 9 products per
  /// sum nearly all channels are settled, of 144 nine out of ten, of more fewer.) Two, a small integer and a float, for
  /// round((x * whole) * part + zero_point), where only the first product may be: together they come nearer. (Of 4608
  /// products all channels are.)
  constexpr void settle(std::int32_t zero_point, std::int32_t lower, std::int32_t upper) {
    std::uint32_t next = padded, next_twice = padded;
    for (std::size_t channel = padded; channel-- > 0;) {
      const Settled settled = settle_channel(channel, zero_point, lower, upper);
      if (!settled.once) next = static_cast<std::uint32_t>(channel);
      if (!settled.twice) next_twice = static_cast<std::uint32_t>(channel);
      next_unsettled[channel] = next;
      next_unsettled_twice[channel] = next_twice;
    }
  }
  /// A channel whose sums may be so large that results do not fit 16 bits, which vectors have of what is settled.
  constexpr void bound(std::size_t channel, std::int64_t largest_sum) {
    if (static_cast<double>(largest_sum) * real[channel] < 32000.0) return;  // and a zero point
    for (std::size_t i = channel + 1; i-- > 0;) {
      next_unsettled[i] = std::min(next_unsettled[i], static_cast<std::uint32_t>(channel));
      next_unsettled_twice[i] = std::min(next_unsettled_twice[i], static_cast<std::uint32_t>(channel));
    }
  }
  [[nodiscard]] constexpr std::int64_t scale(std::int64_t x, std::size_t channel) const {
    return FixedPoint{multiplier[channel], shift[channel]}.scale(x);
  }

 private:
  struct Settled {
    bool once, twice;
  };
  constexpr Settled settle_channel(std::size_t channel, std::int32_t zero_point, std::int32_t lower,
                                   std::int32_t upper) {
    if (real[channel] == 0.0) return {true, true};
    // Larger products might not fit 32 bits; smaller scales have sums that are no floats, and results too many to tell
    // apart.
    if (real[channel] > 0.5 || real[channel] < 0x1p-12) return {false, false};
    std::array<std::int32_t, 256> first{};  // of the sums that give a result
    for (std::int32_t result = lower + 1; result <= upper; ++result) {
      const std::int32_t wanted = result - zero_point;
      auto x = static_cast<std::int32_t>((wanted - 0.5) / real[channel]);
      while (scale(x, channel) >= wanted) --x;
      while (scale(x, channel) < wanted) ++x;
      first[static_cast<std::size_t>(result - lower)] = x;
    }
    // whether all that values() makes of a sum and the zero point goes to the same side of every border
    const auto agrees = [&](auto values) {
      for (std::int32_t result = lower + 1; result <= upper; ++result) {
        const std::int32_t x = first[static_cast<std::size_t>(result - lower)];
        const bool even = result % 2 == 0;  // a half goes there
        for (const std::int32_t sum : {x - 1, x}) {
          for (const double beyond : values(sum, result - 0.5)) {
            if ((even ? beyond >= 0.0 : beyond > 0.0) != (sum == x)) return false;
          }
        }
      }
      return true;
    };
    const float exact = nearest[channel];
    bool once = false;
    for (const std::int32_t ulps : {0, 1, -1, 2, -2, 3, -3}) {
      const auto factor = std::bit_cast<float>(std::bit_cast<std::int32_t>(exact) + ulps);
      once = agrees([&](std::int32_t sum, double border) {
        const double product = static_cast<double>(sum) * static_cast<double>(factor);  // of 45 bits
        const auto fused = static_cast<double>(static_cast<float>(product + zero_point));
        const auto apart = static_cast<double>(static_cast<float>(product) + static_cast<float>(zero_point));
        return std::array{product - (border - zero_point), fused - border, apart - border};
      });
      if (once) {
        nearest[channel] = factor;
        break;
      }
    }
    for (std::int32_t integer = 1; integer < 128; integer += 2) {
      whole[channel] = static_cast<float>(integer);
      part[channel] = static_cast<float>(real[channel] / integer);
      const bool twice = agrees([&](std::int32_t sum, double border) {
        const float product = static_cast<float>(sum) * whole[channel];
        return std::array{static_cast<double>(product) * static_cast<double>(part[channel]) - (border - zero_point)};
      });
      if (twice) return {once, true};
    }
    return {once, false};
  }
};

/// The same, products rounded twice.
template <std::size_t Channels>
struct FixedPointTwiceScales : FixedPointScales<Channels> {
  constexpr void complete() { this->exact_as_real = this->exact_in_double = false; }
  [[nodiscard]] constexpr std::int64_t scale(std::int64_t x, std::size_t channel) const {
    return FixedPointTwice{this->multiplier[channel], this->shift[channel]}.scale(x);
  }
};

/// Floats, one per channel; those behind the last are zero.
template <std::size_t Channels>
struct FloatScales {
  alignas(64) std::array<float, padded_channels(Channels)> real{};

  constexpr void set(std::size_t channel, double value) { real[channel] = FloatScale{value}.real; }
  constexpr void complete() {}
  [[nodiscard]] constexpr std::int32_t scale(std::int64_t x, std::size_t channel) const {
    FloatScale number;
    number.real = real[channel];
    return number.scale(x);
  }
};

/// The sum of K integers of different scales, at the output's: every term at twice the largest scale with 20 more bits,
/// as TensorFlow Lite's ADD. Terms and their sum fit 32 bits where there are at most eight.
template <std::size_t K, class Number>
struct FixedPointSum {
  static constexpr std::int32_t unit = 1 << 20;
  std::array<Number, K> terms{};
  Number total;

  constexpr FixedPointSum() = default;
  constexpr FixedPointSum(const std::array<float, K>& scales, float output) {
    const double twice_largest = 2.0 * static_cast<double>(*std::max_element(scales.begin(), scales.end()));
    for (std::size_t k = 0; k < K; ++k) terms[k] = Number{static_cast<double>(scales[k]) / twice_largest};
    total = Number{twice_largest / (unit * static_cast<double>(output))};
  }
  [[nodiscard]] constexpr std::int64_t operator()(const std::array<std::int32_t, K>& x) const {
    std::int64_t sum = 0;
    for (std::size_t k = 0; k < K; ++k) sum += terms[k].scale(std::int64_t{x[k]} * unit);
    return total.scale(sum);
  }
};

/// The sum of K integers of different scales, at the output's: ratios of scales in float, products and sum in double,
/// where products are exact (so that a compiler may fuse them with the additions, or not), rounded once.
template <std::size_t K>
struct FloatSum {
  std::array<float, K> ratios{};

  constexpr FloatSum() = default;
  constexpr FloatSum(const std::array<float, K>& scales, float output) {
    for (std::size_t k = 0; k < K; ++k) ratios[k] = FloatScale{static_cast<double>(scales[k] / output)}.real;
  }
  [[nodiscard]] constexpr std::int32_t operator()(const std::array<std::int32_t, K>& x) const;
};

/// TensorFlow Lite's arithmetic as it is since its single-rounding build: 31-bit fixed-point multipliers from scales in
/// double, products rounded once, halves up. Real numbers become integers with halves away from zero.
struct SingleRounding {
  using Scale = FixedPoint;
  template <std::size_t Channels>
  using ChannelScales = FixedPointScales<Channels>;
  template <std::size_t K>
  using Sum = FixedPointSum<K, FixedPoint>;

  [[nodiscard]] static constexpr std::int32_t round(float x) {
    // not by adding a half: 0.49999997 + 0.5 is 1 in float
    const auto whole = static_cast<std::int32_t>(x);
    const float rest = x - static_cast<float>(whole);
    return whole + (rest >= 0.5F ? 1 : 0) - (rest <= -0.5F ? 1 : 0);
  }
  /// Halves away from zero, of the integers as they are.
  template <class Int, class Divide = FloorOfQuotient>
  [[nodiscard]] static constexpr Int mean(const Int& sum, std::int32_t n, std::int32_t /*zero_point*/,
                                          Divide floor_of_quotient = {}) {
    const Int half_up = sum + n / 2;
    return floor_of_quotient(n % 2 == 0 ? half_up + (sum >> 31) : half_up, n);  // a half below zero is one less
  }
  [[nodiscard]] static constexpr double channel_scale(float input, float weight, float output) {
    return static_cast<double>(input) * static_cast<double>(weight) / static_cast<double>(output);
  }
};

/// TensorFlow Lite's arithmetic as its reference kernels, its microcontroller library and CMSIS-NN have it: as
/// SingleRounding, but products round twice.
struct DoubleRounding : SingleRounding {
  using Scale = FixedPointTwice;
  template <std::size_t Channels>
  using ChannelScales = FixedPointTwiceScales<Channels>;
  template <std::size_t K>
  using Sum = FixedPointSum<K, FixedPointTwice>;
};

/// The arithmetic of ONNX's QLinear operators and of PyTorch's quantized ones: scales and products in float, halves to
/// even. https://onnx.ai/onnx/operators/onnx__QLinearConv.html
struct HalfToEven {
  using Scale = FloatScale;
  template <std::size_t Channels>
  using ChannelScales = FloatScales<Channels>;
  template <std::size_t K>
  using Sum = FloatSum<K>;

  template <std::floating_point T>
  [[nodiscard]] static constexpr std::int32_t round(T x) {
    // 1.5 * 2^23 or 1.5 * 2^52: the last bit of what is near counts one
    constexpr T unit_is_one = T{1.5} / std::numeric_limits<T>::epsilon();
    return static_cast<std::int32_t>((x + unit_is_one) - unit_is_one);
  }
  /// Halves to even, of the real numbers that the integers stand for.
  template <class Int, class Divide = FloorOfQuotient>
  [[nodiscard]] static constexpr Int mean(const Int& sum, std::int32_t n, std::int32_t zero_point,
                                          Divide floor_of_quotient = {}) {
    const Int real = sum - n * zero_point, below = floor_of_quotient(real, n);
    // negative, -1 by the shift: above a half, or a half above an odd integer
    const Int missing = n - 2 * (real - below * n) - (below & 1);
    return zero_point + below - (missing >> 31);
  }
  [[nodiscard]] static constexpr double channel_scale(float input, float weight, float output) {
    return static_cast<double>(input * weight / output);
  }
};

constexpr std::int32_t FloatScale::scale(std::int64_t x) const {
  constexpr float limit = 4194304.0F;  // 2^22, as far as HalfToEven::round goes, and far beyond any 8-bit result
  return HalfToEven::round(bounded(static_cast<float>(x) * real, -limit, limit));
}

template <std::size_t K>
constexpr std::int32_t FloatSum<K>::operator()(const std::array<std::int32_t, K>& x) const {
  constexpr double limit = 1 << 30;  // far beyond any 8-bit result
  double sum = 0.0;
  for (std::size_t k = 0; k < K; ++k) sum += static_cast<double>(x[k]) * static_cast<double>(ratios[k]);
  return HalfToEven::round(bounded(sum, -limit, limit));
}

}  // namespace ctnn::numeric
