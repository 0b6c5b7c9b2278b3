/// How far a layer in integers can be from the same layer in real numbers, at worst.
#pragma once

#include <cstddef>

namespace ctnn {

/// What a convolution's or fully connected layer's output channel loses in an integer format, y = sum of w x + b with K
/// taps. Errors are largest absolute ones, in real numbers.
struct QuantizationErrors {
  std::size_t taps = 0;        ///< K
  double weight_sum = 0.0;     ///< sum of |w|
  double largest_input = 0.0;  ///< largest |x|
  double input_error = 0.0;    ///< of an x: half_step(scale), and more where the input's range is clipped
  double weight_error = 0.0;   ///< of a w: half of the weights' scale
  double bias = 0.0;           ///< |b|
  double bias_error = 0.0;     ///< of b: half of the input's times the weights' scale
  double output_error = 0.0;   ///< of rounding y: half_step(scale), and more where the output's range is clipped

  /// The error of a real number that an integer of that scale stands for. Half a step, and what the division, addition
  /// and multiplication in float add: each at most 2^-24 of 255 steps, together less than 2^-14 of one.
  static constexpr double half_step(double scale) { return scale * (0.5 + 0x1p-14); }
};

/// The largest |y' - y|, y' being what the integers stand for: with x' = x + e and w' = w + d
///   |sum of (w' x' - w x)| <= sum of |w| |e| + sum of |d| |x + e| <= max|e| * sum|w| + K * max|d| * (max|x| + max|e|),
/// to which the bias's error and the output's rounding (once, to nearest) add. Both layers' own arithmetic is allowed
/// for: of the float one K + 2 roundings to 24 bits in any order, of the integer one a multiplier of 31 bits, which is
/// less. Rigorous, and as errors rarely all point one way, far above what is met: like sqrt(K) to K.
constexpr double worst_case_error(const QuantizationErrors& e) {
  const double inputs = e.weight_sum * e.input_error;
  const double weights = static_cast<double>(e.taps) * e.weight_error * (e.largest_input + e.input_error);
  const double arithmetic =
      static_cast<double>(e.taps + 2) * 0x1p-24 * (e.weight_sum * e.largest_input + e.bias + inputs + weights);
  return inputs + weights + e.bias_error + e.output_error + arithmetic;
}

}  // namespace ctnn
