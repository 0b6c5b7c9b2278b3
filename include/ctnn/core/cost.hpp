/// What a network costs, counted from its shapes alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace ctnn {

/// A processor (one core, or however many the network will use), as the roofline model sees it.
struct Machine {
  double flops_per_second;  ///< peak of the number format in question, a multiply-accumulate counted as two
  double bytes_per_second;  ///< sustained reads and writes of the memory that weights and activations live in
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

  /// Roofline time in seconds: the slower of arithmetic and memory traffic, the latter at `element_bytes` per element.
  [[nodiscard]] constexpr double roofline_seconds(const Machine& machine, std::size_t element_bytes = 4) const {
    return std::max(static_cast<double>(flops() + elementwise_ops) / machine.flops_per_second,
                    static_cast<double>(memory_access * element_bytes) / machine.bytes_per_second);
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
