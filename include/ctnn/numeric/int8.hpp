/// Eight-bit integers as TensorFlow Lite defines them: real = scale * (q - zero_point). Weights symmetric per output
/// channel in [-127, 127], activations asymmetric per tensor in [-128, 127], accumulation in 32 bits, bias at
/// scale_in * scale_weight. https://www.tensorflow.org/lite/performance/quantization_spec, arXiv 1712.05877.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <ctnn/numeric/format.hpp>

namespace ctnn {

namespace detail {

// Only weights have an integer form. A bias comes with them even where the layer has none: the batch norm after it
// folds into the bias, and so does what quantization corrects (arXiv 1906.04721).
template <Role role, FixedString name, class S>
struct Int8FieldsOf {
  using type = FieldList<>;
};
template <FixedString name, class S>
struct Int8FieldsOf<Role::weight, name, S> {
  using Channels = Shape<S::dims[0]>;
  using type = FieldList<Field<name, S, std::int8_t>, Field<"weight_scale", Channels, float>,
                         Field<"bias", Channels, std::int32_t>>;
};
using Int8OutputFields =
    FieldList<Field<"output_scale", Shape<1>, float>, Field<"output_zero_point", Shape<1>, std::int32_t>>;
template <class Layer>
inline constexpr bool rescales = [] {
  if constexpr (requires { Layer::traits; }) {
    return Layer::traits.rescales;
  } else {
    return false;
  }
}();

}  // namespace detail

struct Int8 {
  static constexpr auto name = FixedString{"Int8"};
  using Activation = std::int8_t;
  using Weight = std::int8_t;
  using Bias = std::int32_t;
  using Accumulator = std::int32_t;

  /// How an activation tensor's integers stand for real numbers.
  struct Quantization {
    float scale = 1.0F;
    std::int32_t zero_point = 0;

    /// The nearest integer that stands for x, saturated; halves away from zero.
    [[nodiscard]] constexpr std::int8_t quantize(float x) const {
      const float q = x / scale;
      // compared in float first: the conversion of an out-of-range float to an integer is undefined
      if (!(q > -1e6F)) return -128;
      if (q > 1e6F) return 127;
      const auto rounded = static_cast<std::int32_t>(q + (q < 0 ? -0.5F : 0.5F)) + zero_point;
      return static_cast<std::int8_t>(std::clamp(rounded, -128, 127));
    }
    [[nodiscard]] constexpr float dequantize(std::int8_t q) const { return scale * static_cast<float>(q - zero_point); }
    friend constexpr bool operator==(const Quantization&, const Quantization&) = default;
  };

  /// The fields of one parameter: integer weights with a scale and an integer bias per output channel.
  template <class P>
  using FieldsOf = typename detail::Int8FieldsOf<P::role, P::name, typename P::Shape>::type;
  /// The fields of a bound layer: its parameters', and the quantization of its output where it does not keep its
  /// input's.
  template <class Layer>
  using Fields = join_fields<fields_of_parameters<Int8, typename Layer::Parameters>,
                             std::conditional_t<detail::rescales<Layer>, detail::Int8OutputFields, FieldList<>>>;

  /// Fields of the network's input.
  using InputFields =
      FieldList<Field<"input_scale", ctnn::Shape<1>, float>, Field<"input_zero_point", ctnn::Shape<1>, std::int32_t>>;
};

namespace numeric {

/// A positive real number as multiplier * 2^-shift with a multiplier of 31 bits: what requantisation multiplies by.
struct FixedPoint {
  std::int32_t multiplier = 0;
  int shift = 1;

  constexpr FixedPoint() = default;
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

  /// x times the number, rounded once, halves up: (x * multiplier + (1 << (shift - 1))) >> shift.
  [[nodiscard]] constexpr std::int32_t scale(std::int64_t x) const {
    const std::int64_t rounded = (x * multiplier + (std::int64_t{1} << (shift - 1))) >> shift;
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(rounded, std::numeric_limits<std::int32_t>::min(),
                                                              std::numeric_limits<std::int32_t>::max()));
  }
};

}  // namespace numeric

}  // namespace ctnn
