/// What a network costs, counted from its shapes alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ctnn {

/// What numbers are multiplied, as far as a processor's rate depends on it.
enum class Precision { float32, float16, int8 };

/// A processor (one core, or however many the network will use), as the roofline model sees it.
struct Machine {
  double flops_per_second;  ///< peak in single precision, a multiply-accumulate counted as two
  double bytes_per_second;  ///< sustained reads and writes of the memory that weights and activations live in
  std::string_view name{};  ///< for tables
  double float16_flops_per_second = 0.0;    ///< of half precision and bfloat16; 0: as in single precision
  double int8_operations_per_second = 0.0;  ///< likewise of 8-bit integers

  [[nodiscard]] constexpr double operations_per_second(Precision precision) const {
    const double own = precision == Precision::float16 ? float16_flops_per_second
                       : precision == Precision::int8  ? int8_operations_per_second
                                                       : flops_per_second;
    return own == 0.0 ? flops_per_second : own;
  }
  /// FLOPs per byte above which arithmetic is the bound, below which memory is.
  [[nodiscard]] constexpr double balance(Precision precision = Precision::float32) const {
    return operations_per_second(precision) / bytes_per_second;
  }
};

/// What a count of operations counts. Tools disagree; compare only like with like.
enum class Counting {
  /// Multiply-accumulates of convolutions and fully connected layers, one each. What the MobileNet, ShuffleNet and
  /// EfficientNet papers print as "multiply-adds" or even as "FLOPs", and torchvision's model tables, fvcore, thop as
  /// GFLOPS or FLOPs.
  macs,
  /// Two per multiply-accumulate: Cost::flops(), what hardware peaks are stated in, and this library's GFLOP/s.
  flops,
  /// flops and one for every bias, activation, normalisation, pooling and elementwise operation: what TensorFlow's and
  /// DeepSpeed's profilers approach.
  flops_with_elementwise,
};

/// Costs of a layer or of a network, kept apart so that every counting convention can be stated.
struct Cost {
  std::uint64_t macs = 0;             ///< multiply-accumulates of convolutions and fully connected layers
  std::uint64_t elementwise_ops = 0;  ///< everything else: bias, activations, normalisation, pooling, additions
  std::uint64_t params = 0;           ///< learnt numbers: weights, biases, batch norm's scale and shift
  std::uint64_t memory_access =
      0;  ///< elements read + written + weights (biases apart): ShuffleNetV2's "MAC", arXiv 1807.11164

  /// Floating-point operations as the field counts them: 2 x macs.
  [[nodiscard]] constexpr std::uint64_t flops() const { return 2 * macs; }

  /// Operations by that convention.
  [[nodiscard]] constexpr std::uint64_t operations(Counting counting) const {
    switch (counting) {
      case Counting::macs:
        return macs;
      case Counting::flops:
        return flops();
      default:
        return flops() + elementwise_ops;
    }
  }

  /// FLOPs (elementwise ones too) per byte moved, at `element_bytes` per element. Below a machine's balance() a layer
  /// is bound by memory.
  [[nodiscard]] constexpr double arithmetic_intensity(double element_bytes = 4.0) const {
    const double bytes = static_cast<double>(memory_access) * element_bytes;
    return bytes == 0.0 ? 0.0 : static_cast<double>(operations(Counting::flops_with_elementwise)) / bytes;
  }

  /// Roofline time in seconds: the slower of arithmetic and memory traffic, the latter at `element_bytes` per element.
  [[nodiscard]] constexpr double roofline_seconds(const Machine& machine, double element_bytes = 4.0,
                                                  Precision precision = Precision::float32) const {
    return std::max(
        static_cast<double>(operations(Counting::flops_with_elementwise)) / machine.operations_per_second(precision),
        static_cast<double>(memory_access) * element_bytes / machine.bytes_per_second);
  }

  friend constexpr Cost operator+(const Cost& a, const Cost& b) {
    return {a.macs + b.macs, a.elementwise_ops + b.elementwise_ops, a.params + b.params,
            a.memory_access + b.memory_access};
  }
  constexpr Cost& operator+=(const Cost& other) { return *this = *this + other; }
  friend constexpr bool operator==(const Cost&, const Cost&) = default;
};

/// A budget: `static_assert(at_most<Model::cost.flops(), 1'000'000>)`. Unlike a bare comparison, a failure prints both
/// numbers on every compiler.
template <auto Actual, auto Limit>
concept at_most = (Actual <= Limit);

}  // namespace ctnn
