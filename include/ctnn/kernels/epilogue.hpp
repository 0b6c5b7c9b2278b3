/// What happens to an accumulator before it is stored, on registers: activation, residual addition, requantisation.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/activation.hpp>
#include <ctnn/numeric/int8.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Whether a residual is added, and whether it lies as the output does or its rows begin elsewhere (other borders).
enum class Addend { nothing, aligned, shifted };

/// second(first(accumulator) + residual), stored as Elements. The bias is in the accumulator from the start.
template <class First = Linear, Addend addend = Addend::nothing, class Second = Linear, class Element = float>
struct FloatEpilogue {
  static constexpr bool has_residual = addend != Addend::nothing;
  static constexpr bool rows_join = addend != Addend::shifted;  ///< the output may be treated as one long row
  const Element* residual = nullptr;
  std::ptrdiff_t first_row_shift = 0, row_shift = 0;  ///< from an output's position to its residual's, and per row

  /// The epilogue of one output row.
  [[nodiscard]] constexpr FloatEpilogue at_row(std::size_t row) const {
    FloatEpilogue result = *this;
    if constexpr (addend == Addend::shifted) {
      result.residual += first_row_shift + static_cast<std::ptrdiff_t>(row) * row_shift;
    }
    return result;
  }

  /// Of output channel `channel`, to be stored at `position`. Works on any float type: the oracle's is double.
  template <class T>
  constexpr T operator()(T accumulator, std::size_t /*channel*/, std::size_t position) const {
    T value = First{}(accumulator);
    if constexpr (has_residual) value += static_cast<T>(static_cast<numeric::Arithmetic<Element>>(residual[position]));
    return Second{}(value);
  }
  /// The same for n outputs from `position` on.
  template <class Isa>
  [[nodiscard]] CTNN_ALWAYS_INLINE simd::Vector<float, Isa> apply(const simd::Vector<float, Isa>& accumulator,
                                                                  std::size_t position, std::size_t n) const {
    auto value = First{}(accumulator);
    if constexpr (has_residual) value = value + simd::load_up_to<Isa>(residual + position, n);
    return Second{}(value);
  }
  /// Stores n outputs of the channels from `channel` on, or a whole vector where that is less.
  template <class Isa>
  CTNN_ALWAYS_INLINE void store(Element* y, std::size_t position, const simd::Vector<float, Isa>& accumulator,
                                std::size_t /*channel*/, std::size_t n) const {
    simd::store_up_to<Isa>(y + position, apply<Isa>(accumulator, position, n), n);
  }
};

/// The epilogue of sums in units of their output channel's scale. Beyond the last channel's there are a vector more.
template <class Epilogue>
struct ChannelScaled {
  static constexpr bool has_residual = Epilogue::has_residual, rows_join = Epilogue::rows_join;
  Epilogue epilogue;
  const float* scales;

  [[nodiscard]] constexpr ChannelScaled at_row(std::size_t row) const { return {epilogue.at_row(row), scales}; }
  template <class T>
  constexpr T operator()(T accumulator, std::size_t channel, std::size_t position) const {
    return epilogue(accumulator * static_cast<T>(scales[channel]), channel, position);
  }
  template <class Isa>
  CTNN_ALWAYS_INLINE void store(auto* y, std::size_t position, const simd::Vector<float, Isa>& accumulator,
                                std::size_t channel, std::size_t n) const {
    const auto scaled = accumulator * simd::load<Isa>(scales + channel);
    epilogue.template store<Isa>(y, position, scaled, channel, n);
  }
};

/// Requantisation of 32-bit accumulators, per output channel: round(accumulator * scale) + zero point, clamped to what
/// the fused activation allows.
template <Quantized N, std::size_t Channels>
struct Requantization {
  [[nodiscard]] constexpr const Requantization& at_row(std::size_t /*row*/) const { return *this; }
  typename N::Rounding::template ChannelScales<Channels> scales;
  std::int32_t zero_point = 0;
  std::int32_t lower = N::Quantization::lowest, upper = N::Quantization::highest;

  constexpr typename N::Activation operator()(std::int32_t accumulator, std::size_t channel,
                                              std::size_t /*position*/) const {
    const std::int64_t value = std::int64_t{scales.scale(accumulator, channel)} + zero_point;
    return static_cast<typename N::Activation>(std::clamp<std::int64_t>(value, lower, upper));
  }
};

/// The same for vectors. A copy of its numbers, and a pointer to the scales: what kernels keep in registers.
template <Quantized N, std::size_t Channels>
struct VectorRequantization {
  using T = typename N::Activation;
  static constexpr bool has_residual = false, rows_join = true;
  const Requantization<N, Channels>* scalar;
  std::int32_t zero_point = scalar->zero_point, lower = scalar->lower, upper = scalar->upper;
  double offset = 0.5 + zero_point;

  [[nodiscard]] constexpr const VectorRequantization& at_row(std::size_t /*row*/) const { return *this; }

  /// Stores n outputs of the channels from `channel` on, or a whole vector where that is less.
  template <class Isa>
  CTNN_ALWAYS_INLINE void store(T* y, std::size_t position, simd::IntSum<Isa> sum, std::size_t channel,
                                std::size_t n) const {
    const auto& scales = scalar->scales;
    if constexpr (requires { scales.exact_in_double; }) {
      if (!scales.exact_in_double) return store_one_by_one<Isa>(y + position, sum, channel, n);
      if (scales.limit != std::numeric_limits<std::int32_t>::max()) {
        sum = simd::clamp<Isa>(sum, -scales.limit, scales.limit);
      }
      sum = simd::scale_floor<Isa>(sum, scales.real.data() + channel, offset);
    } else {
      sum = simd::scale_to_even<Isa>(sum, scales.real.data() + channel) + zero_point;
    }
    simd::store_bytes<Isa>(y + position, simd::clamp<Isa>(sum, lower, upper), n);
  }

 private:
  // By value: an address that leaves the tile would put all its sums into memory (5x).
  template <class Isa>
  [[gnu::noinline]] void store_one_by_one(T* y, simd::IntSum<Isa> sum, std::size_t channel, std::size_t n) const {
    for (std::size_t i = 0; i < std::min(n, Isa::lanes); ++i) y[i] = (*scalar)(sum[i], channel + i, 0);
  }
};

}  // namespace ctnn::kernels
