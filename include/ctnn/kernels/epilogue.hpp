/// What happens to an accumulator before it is stored, on registers: activation, residual addition, requantisation.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

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
    auto value = applied<First>(accumulator);
    if constexpr (has_residual) value = value + simd::load_up_to<Isa>(residual + position, n);
    return applied<Second>(value);
  }
  /// Stores n outputs of the channels from `channel` on, or a whole vector where that is less.
  template <class Isa>
  CTNN_ALWAYS_INLINE void store(Element* y, std::size_t position, const simd::Vector<float, Isa>& accumulator,
                                std::size_t /*channel*/, std::size_t n) const {
    simd::store_up_to<Isa>(y + position, apply<Isa>(accumulator, position, n), n);
  }
  /// The same of neighbouring vectors of channels, n outputs in all.
  template <class Isa, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void store(Element* y, std::size_t position,
                                const simd::Vector<float, Isa> (&accumulators)[Vectors], std::size_t channel,
                                std::size_t n) const {
    simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      constexpr std::size_t first = v * Isa::lanes;
      if (first < n) store<Isa>(y, position + first, accumulators[v], channel + first, n - first);
    });
  }
  /// The same of pixels `step` apart, Columns vectors each.
  template <class Isa, std::size_t Columns = 1, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void store_apart(Element* y, std::size_t position, std::size_t step,
                                      const simd::Vector<float, Isa> (&accumulators)[Vectors], std::size_t channel,
                                      std::size_t n) const {
    simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      constexpr std::size_t first = v % Columns * Isa::lanes;
      if (first < n) store<Isa>(y, position + v / Columns * step + first, accumulators[v], channel + first, n - first);
    });
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
  template <class Isa, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void store(auto* y, std::size_t position, const simd::Vector<float, Isa> (&accumulators)[Vectors],
                                std::size_t channel, std::size_t n) const {
    simd::Vector<float, Isa> scaled[Vectors];
    simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      if (v * Isa::lanes < n) scaled[v] = accumulators[v] * simd::load<Isa>(scales + channel + v * Isa::lanes);
    });
    epilogue.template store<Isa>(y, position, scaled, channel, n);
  }
};

/// Requantisation of 32-bit accumulators, per output channel: round(accumulator * scale) + zero point, clamped to what
/// the fused activation allows. Of one channel its scale is every vector lane's: for tensors of one scale.
template <Quantized N, std::size_t Channels>
struct Requantization {
  [[nodiscard]] constexpr const Requantization& at_row(std::size_t /*row*/) const { return *this; }
  typename N::Rounding::template ChannelScales<Channels> scales;
  std::int32_t zero_point = 0;
  std::int32_t lower = N::Quantization::lowest, upper = N::Quantization::highest;

  /// One scale for all.
  constexpr void set(double scale) {
    for (std::size_t lane = 0; lane < numeric::padded_channels(1); ++lane) scales.set(lane, scale);
    complete();
  }
  /// When all numbers are set.
  constexpr void complete() {
    scales.complete();
    if constexpr (std::is_same_v<typename N::Rounding, numeric::SingleRounding>) {
      if (!std::is_constant_evaluated()) scales.settle(zero_point, lower, upper);  // takes compilers too many steps
    }
  }
  /// When complete: how large a channel's accumulators may be.
  constexpr void bound(std::size_t channel, std::int64_t largest) {
    if constexpr (std::is_same_v<typename N::Rounding, numeric::SingleRounding>) scales.bound(channel, largest);
  }
  constexpr typename N::Activation operator()(std::int32_t accumulator, std::size_t channel = 0,
                                              std::size_t /*position*/ = 0) const {
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
  float near_offset = static_cast<float>(zero_point);

  constexpr explicit VectorRequantization(const Requantization<N, Channels>* own) : scalar{own} {}

  [[nodiscard]] constexpr const VectorRequantization& at_row(std::size_t /*row*/) const { return *this; }

  /// Stores n outputs of neighbouring channels from `channel` on, which end in the last of the vectors or behind it.
  template <class Isa, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void store(T* y, std::size_t position, const simd::IntSum<Isa> (&sums)[Vectors],
                                std::size_t channel, std::size_t n) const {
    store_apart<Isa, Vectors>(y, position, 0, sums, channel, n);
  }
  template <class Isa>
  CTNN_ALWAYS_INLINE void store(T* y, std::size_t position, const simd::IntSum<Isa>& sum, std::size_t channel,
                                std::size_t n) const {
    const simd::IntSum<Isa> one[1] = {sum};
    store<Isa>(y, position, one, channel, n);
  }
  /// Stores n outputs of the same channels for each of some pixels, `step` apart: Columns vectors of sums of each, in
  /// the last of which, or behind it, the outputs end.
  template <class Isa, std::size_t Columns = 1, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void store_apart(T* y, std::size_t position, std::size_t step,
                                      const simd::IntSum<Isa> (&sums)[Vectors], std::size_t channel,
                                      std::size_t n) const {
    simd::IntSum<Isa> all[Vectors];
    scale<Isa, Columns>(sums, channel, all);
    simd::store_clamped_bytes<Isa, Columns>(y + position, step, all, lower, upper, n);
  }
  /// Stores the outputs of pixels `step` apart, n of neighbouring channels each. A tile is what keeps its sums in
  /// registers: whatever is rare is called once for all of them.
  template <class Isa, std::size_t Pixels, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void store_tile(T* y, std::size_t position, std::size_t step,
                                     simd::IntSum<Isa> (&sums)[Pixels][Vectors], std::size_t channel,
                                     std::size_t n) const {
    scale_tile<Isa>(sums, channel);
    // one vector of bytes is little to store: four pixels are packed together
    constexpr std::size_t together = Vectors == 1 ? 4 : 1;
    simd::unroll<(Pixels + together - 1) / together>([&](auto q) CTNN_INLINE_LAMBDA {
      constexpr std::size_t first = q * together, count = std::min(together, Pixels - first);
      if constexpr (together == 1) {
        simd::store_clamped_bytes<Isa, tile_lanes<Isa>>(y + position + first * step, sums[first], lower, upper, n);
      } else {
        simd::IntSum<Isa> own[count];
        simd::unroll<count>([&](auto p) CTNN_INLINE_LAMBDA { own[p] = sums[first + p][0]; });
        simd::store_clamped_bytes<Isa, 1, tile_lanes<Isa>>(y + position + first * step, step, own, lower, upper, n);
      }
    });
  }
  /// The same of Columns columns of rows of pixels, so far apart; four vectors are in the order of interleaved
  /// registers.
  template <class Isa, std::size_t Columns, std::size_t Pixels, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void store_tile(T* y, std::size_t position, std::size_t row_step, std::size_t column_step,
                                     simd::IntSum<Isa> (&sums)[Pixels][Vectors], std::size_t channel,
                                     std::size_t n) const {
    scale_tile<Isa>(sums, channel);
    if constexpr (Vectors == 4) {
      simd::unroll<Pixels>([&](auto p) CTNN_INLINE_LAMBDA {
        simd::store_interleaved<Isa, tile_lanes<Isa>>(y + position + p / Columns * row_step + p % Columns * column_step,
                                                      sums[p], lower, upper, n);
      });
    } else {
      simd::unroll<Columns>([&](auto c) CTNN_INLINE_LAMBDA {
        simd::IntSum<Isa> own[Pixels / Columns];
        simd::unroll<Pixels / Columns>([&](auto r) CTNN_INLINE_LAMBDA { own[r] = sums[r * Columns + c][0]; });
        simd::store_clamped_bytes<Isa, 1, tile_lanes<Isa>>(y + position + c * column_step, row_step, own, lower, upper,
                                                           n);
      });
    }
  }

 private:
  using Scales = typename N::Rounding::template ChannelScales<Channels>;
  template <class Isa>
  static constexpr std::size_t channel_step = Channels == 1 ? 0 : Isa::lanes;
  static constexpr bool in_float = !requires(const Scales& scales) { scales.exact_in_double; };
  /// Whether doubles scale sums of any size, on instruction sets that do so exactly, and on others.
  bool as_real_ = in_float || unbounded(false), as_double_ = in_float || unbounded(true);

  [[nodiscard]] constexpr bool unbounded(bool exact) const {
    if constexpr (in_float) {
      return true;
    } else {
      const Scales& scales = scalar->scales;
      return (exact ? scales.exact_in_double : scales.exact_as_real) &&
             scales.limit == std::numeric_limits<std::int32_t>::max();
    }
  }
  template <class Isa>
  [[nodiscard]] CTNN_ALWAYS_INLINE bool scales_directly() const {
    return in_float || (simd::scales_exactly<Isa> ? as_real_ : as_double_);
  }
  template <class Isa>
  [[nodiscard]] CTNN_ALWAYS_INLINE simd::IntSum<Isa> scaled(const simd::IntSum<Isa>& sum, std::size_t channel) const {
    const auto* own = scalar->scales.real.data() + channel;
    if constexpr (in_float) {
      return simd::scale_to_even<Isa>(sum, own) + zero_point;
    } else {
      return simd::scale_floor<Isa>(sum, own, offset);
    }
  }
  static constexpr bool settles = std::is_same_v<typename N::Rounding, numeric::SingleRounding>;
  /// Whether floats give every sum's result, of n channels.
  [[nodiscard]] CTNN_ALWAYS_INLINE bool settled(std::size_t channel, std::size_t n) const {
    if constexpr (settles) return scalar->scales.next_unsettled[channel] >= channel + n;
    return false;
  }
  [[nodiscard]] CTNN_ALWAYS_INLINE bool settled_twice(std::size_t channel, std::size_t n) const {
    if constexpr (settles) return scalar->scales.next_unsettled_twice[channel] >= channel + n;
    return false;
  }
  template <class Isa>
  [[nodiscard]] CTNN_ALWAYS_INLINE simd::IntSum<Isa> scaled_settled(const simd::IntSum<Isa>& sum,
                                                                    std::size_t channel) const {
    if constexpr (settles) {
      return simd::scale_to_nearest<Isa>(sum, scalar->scales.nearest.data() + channel, near_offset);
    } else {
      return sum;
    }
  }
  /// What a tile's sums become.
  template <class Isa>
  static constexpr simd::Lanes tile_lanes =
      settles&& simd::scales_to_words<Isa> ? simd::Lanes::words : simd::Lanes::integers;
  /// Vectors of sums, Columns of each pixel: in float where that is settled, or where no number is near a half, as most
  /// are; else in double, if their numbers allow it.
  template <class Isa, std::size_t Columns, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void scale(const simd::IntSum<Isa> (&sums)[Vectors], std::size_t channel,
                                simd::IntSum<Isa> (&all)[Vectors]) const {
    constexpr std::size_t step = channel_step<Isa>;
    const auto each = [&](auto make) CTNN_INLINE_LAMBDA {
      simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA { all[v] = make(sums[v], channel + v % Columns * step); });
    };
    if (settled(channel, (Columns - 1) * step + Isa::lanes)) {
      return each([&](const auto& sum, std::size_t at) CTNN_INLINE_LAMBDA { return scaled_settled<Isa>(sum, at); });
    }
    if (!scales_directly<Isa>()) {
      return each([&](const auto& sum, std::size_t at) CTNN_INLINE_LAMBDA { return scaled_bounded<Isa>(sum, at); });
    }
    if constexpr (settles && simd::scales_in_float<Isa>) {
      const float* nearest = scalar->scales.nearest.data() + channel;
      if (simd::scale_in_float<Isa, Columns>(sums, nearest, step, near_offset, all)) return;
      each([&](const auto& sum, std::size_t at) CTNN_INLINE_LAMBDA { return scaled_apart<Isa>(sum, at); });
    } else {
      each([&](const auto& sum, std::size_t at) CTNN_INLINE_LAMBDA { return scaled<Isa>(sum, at); });
    }
  }
  /// The sums of a tile's pixels become outputs but for the bounds.
  template <class Isa, std::size_t Pixels, std::size_t Vectors>
  CTNN_ALWAYS_INLINE void scale_tile(simd::IntSum<Isa> (&sums)[Pixels][Vectors], std::size_t channel) const {
    const auto each = [&](auto body) CTNN_INLINE_LAMBDA {
      simd::unroll<Pixels>(
          [&](auto p) CTNN_INLINE_LAMBDA { simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA { body(p, v); }); });
    };
    const std::size_t n = (Vectors - 1) * channel_step<Isa> + Isa::lanes;
    if (settled(channel, n)) {
      each([&](auto p, auto v) CTNN_INLINE_LAMBDA {
        const std::size_t at = channel + v * channel_step<Isa>;
        if constexpr (tile_lanes<Isa> == simd::Lanes::words) {
          sums[p][v] = simd::scale_to_words<Isa>(sums[p][v], scalar->scales.nearest.data() + at, near_offset);
        } else {
          sums[p][v] = scaled_settled<Isa>(sums[p][v], at);
        }
      });
    } else if (tile_lanes<Isa> == simd::Lanes::words && settled_twice(channel, n)) {
      each([&](auto p, auto v) CTNN_INLINE_LAMBDA {
        if constexpr (settles) {
          const std::size_t at = channel + v * channel_step<Isa>;
          sums[p][v] = simd::scale_to_words<Isa>(sums[p][v], scalar->scales.whole.data() + at,
                                                 scalar->scales.part.data() + at, near_offset);
        }
      });
    } else {
      simd::IntSum<Isa> copy[Pixels][Vectors];  // its address is taken, not theirs: they would live in memory
      each([&](auto p, auto v) CTNN_INLINE_LAMBDA { copy[p][v] = sums[p][v]; });
      scale_in_memory<Isa, Vectors>(copy, Pixels, channel);
      each([&](auto p, auto v) CTNN_INLINE_LAMBDA { sums[p][v] = copy[p][v]; });
    }
  }
  template <class Isa, std::size_t Vectors>
  [[gnu::noinline]] void scale_in_memory(simd::IntSum<Isa> (*sums)[Vectors], std::size_t pixels,
                                         std::size_t channel) const {
    for (std::size_t p = 0; p < pixels; ++p) {
      simd::IntSum<Isa> all[Vectors];
      scale<Isa, Vectors>(sums[p], channel, all);
      simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
        sums[p][v] = tile_lanes<Isa> == simd::Lanes::words ? simd::clamp<Isa>(all[v], lower, upper) : all[v];
      });
    }
  }
  template <class Isa>
  [[nodiscard, gnu::noinline]] simd::IntSum<Isa> scaled_apart(simd::IntSum<Isa> sum, std::size_t channel) const {
    return scaled<Isa>(sum, channel);
  }
  /// Where sums must be bounded first, or doubles do not do. The sum by value: an address that leaves the tile would
  /// put all its sums into memory (5x).
  template <class Isa>
  [[nodiscard, gnu::noinline]] simd::IntSum<Isa> scaled_bounded(simd::IntSum<Isa> sum, std::size_t channel) const {
    if constexpr (!in_float) {
      const Scales& scales = scalar->scales;
      if (simd::scales_exactly<Isa> ? scales.exact_as_real : scales.exact_in_double) {
        return scaled<Isa>(simd::clamp<Isa>(sum, -scales.limit, scales.limit), channel);
      }
    }
    for (std::size_t i = 0; i < Isa::lanes; ++i) sum[i] = std::int32_t{(*scalar)(sum[i], channel + i, 0)};
    return sum;
  }
};

}  // namespace ctnn::kernels
