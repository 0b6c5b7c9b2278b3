/// Eight-bit integers: real = scale * (q - zero_point). Weights symmetric per output channel in [-127, 127] (per
/// tensor: equal scales), activations asymmetric per tensor, accumulation in 32 bits, bias at scale_in * scale_weight.
/// https://www.tensorflow.org/lite/performance/quantization_spec, arXiv 1712.05877.
#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <ctnn/numeric/format.hpp>
#include <ctnn/numeric/integer_words.hpp>
#include <ctnn/numeric/rounding.hpp>

namespace ctnn {

namespace detail {

// Weights and slopes have an integer form. A bias comes with weights even where the layer has none: the batch norm
// after it folds into the bias, and so does what quantization corrects (arXiv 1906.04721).
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
template <FixedString name, class S>
struct Int8FieldsOf<Role::slope, name, S> {
  using type = FieldList<Field<name, S, std::int8_t>, Field<"weight_scale", Shape<1>, float>>;
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

namespace numeric {

/// How an activation tensor's integers stand for real numbers.
template <std::integral Activation, class Rounding>
struct AffineQuantization {
  static constexpr auto lowest = std::int32_t{std::numeric_limits<Activation>::min()};
  static constexpr auto highest = std::int32_t{std::numeric_limits<Activation>::max()};
  float scale = 1.0F;
  std::int32_t zero_point = 0;

  /// The nearest integer that stands for x, saturated; halves as the rounding policy says. Infinities saturate,
  /// not-a-number gives the lowest integer.
  [[nodiscard]] constexpr Activation quantize(float x) const {
    const float q = x / scale;
    // compared in float first: the conversion of an out-of-range float to an integer is undefined
    if (!(q > -1e6F)) return static_cast<Activation>(lowest);
    if (q > 1e6F) return static_cast<Activation>(highest);
    return saturate(Rounding::round(q) + zero_point);
  }
  [[nodiscard]] constexpr float dequantize(Activation q) const { return scale * static_cast<float>(q - zero_point); }

  /// All integers spread over a range: what TensorFlow Lite and PyTorch prescribe for the results of sigmoid, softmax
  /// (scale 1/256 from 0 on) and tanh (1/128 from -1 on).
  [[nodiscard]] static constexpr AffineQuantization over(const Range& range) {
    const float step = (range.upper - range.lower) / static_cast<float>(highest - lowest + 1);
    return {step, lowest - Rounding::round(range.lower / step)};
  }

  /// The nearest activation.
  [[nodiscard]] static constexpr Activation saturate(std::int64_t q) {
    return static_cast<Activation>(bounded<std::int64_t>(q, lowest, highest));
  }
  friend constexpr bool operator==(const AffineQuantization&, const AffineQuantization&) = default;
};

/// Eight-bit activations of a type, rounded by a policy (numeric/rounding.hpp). Number formats derive from it.
template <std::integral ActivationType, class RoundingPolicy>
struct QuantizedFormat {
  using Activation = ActivationType;
  using Weight = std::int8_t;
  using Bias = std::int32_t;
  using Accumulator = std::int32_t;
  using Rounding = RoundingPolicy;
  using Quantization = AffineQuantization<Activation, Rounding>;

  /// The fields of one parameter: integer weights with a scale and an integer bias per output channel.
  template <class P>
  using FieldsOf = typename detail::Int8FieldsOf<P::role, P::name, typename P::Shape>::type;
  /// The fields of a bound layer: its parameters', and the quantization of its output where it does not keep its
  /// input's.
  template <class Layer>
  using Fields = join_fields<fields_of_parameters<QuantizedFormat, typename Layer::Parameters>,
                             std::conditional_t<detail::rescales<Layer>, detail::Int8OutputFields, FieldList<>>>;

  /// Fields of the network's input.
  using InputFields =
      FieldList<Field<"input_scale", ctnn::Shape<1>, float>, Field<"input_zero_point", ctnn::Shape<1>, std::int32_t>>;
};

}  // namespace numeric

/// TensorFlow Lite's int8: activations in [-128, 127], fixed-point requantisation that rounds once.
struct Int8 : numeric::QuantizedFormat<std::int8_t, numeric::SingleRounding> {
  static constexpr auto name = FixedString{"Int8"};
};
/// Int8 with weights of four bits where there are many: sums over 32 inputs and more, of convolutions that are neither
/// grouped nor depthwise and read a multiple of 4 channels to make more than 16, and of fully connected layers. Those
/// are, in groups of 32 in the order (KH, KW, IC), an integer in [-7, 7] times a factor of the group in [1, 17].
/// Weights come as Int8's and are rounded to such when a network packs them; `quantize` makes them so. Then all is as
/// with Int8, of the same weights.
struct W4A8 : numeric::QuantizedFormat<std::int8_t, numeric::SingleRounding> {
  static constexpr auto name = FixedString{"W4A8"};
  using Weight = numeric::NibbleWord;
  /// Bytes of `channels` output channels' weights, `taps` each.
  static constexpr std::size_t bytes(std::size_t channels, std::size_t taps) {
    return channels * numeric::NibbleBlock<1>::size(taps) * sizeof(Weight);
  }
};
/// TensorFlow Lite's int8 as on microcontrollers: requantisation rounds twice. One result in a thousand differs from
/// Int8's, by 1.
struct Int8DoubleRounding : numeric::QuantizedFormat<std::int8_t, numeric::DoubleRounding> {
  static constexpr auto name = FixedString{"Int8DoubleRounding"};
};
/// int8 as ONNX's QLinear operators: activations in [-128, 127], requantisation in float, halves to even.
struct QLinearInt8 : numeric::QuantizedFormat<std::int8_t, numeric::HalfToEven> {
  static constexpr auto name = FixedString{"QLinearInt8"};
};
/// PyTorch's quint8, and uint8 of ONNX's QLinear operators: activations in [0, 255], weights int8, requantisation in
/// float, halves to even.
struct UInt8 : numeric::QuantizedFormat<std::uint8_t, numeric::HalfToEven> {
  static constexpr auto name = FixedString{"UInt8"};
};

}  // namespace ctnn
