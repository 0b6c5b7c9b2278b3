/// A convolution or fully connected layer ready to run: what is packed for the chosen algorithm, and the call.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>

#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/conv_depthwise_dot.hpp>
#include <ctnn/kernels/conv_direct.hpp>
#include <ctnn/kernels/conv_fft.hpp>
#include <ctnn/kernels/conv_lanewise.hpp>
#include <ctnn/kernels/conv_planar.hpp>
#include <ctnn/kernels/conv_tiles.hpp>
#include <ctnn/kernels/conv_winograd.hpp>
#include <ctnn/kernels/epilogue.hpp>
#include <ctnn/kernels/gemv.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/reference.hpp>
#include <ctnn/kernels/row_cases.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/kernels/transform_domain.hpp>
#include <ctnn/numeric/format.hpp>
#include <ctnn/numeric/int8.hpp>
#include <ctnn/numeric/weight_only.hpp>

namespace ctnn::kernels {

/// Inputs a step may have: branches of a join.
inline constexpr std::size_t max_inputs = 16;

/// What a step learns about its neighbours when its weights are packed.
template <NumberFormat N>
struct Surroundings {
  std::array<typename N::Quantization, max_inputs> inputs{};
  typename N::Quantization output{};
  /// Bounds of the fused activation, as real numbers (integer formats).
  float lower = -std::numeric_limits<float>::infinity(), upper = std::numeric_limits<float>::infinity();
  /// A folded batch norm, per output channel: y = scale * x + shift. Null where there is none.
  const float* channel_scale = nullptr;
  const float* channel_shift = nullptr;
};

/// A fully connected layer as the convolution whose window is the whole input.
constexpr Convolution2d fully_connected(const Extent& in, std::size_t outputs) {
  return {.in = in, .out = {1, 1, outputs}, .window = {.height = in.height, .width = in.width}, .groups = 1};
}

namespace detail {

/// What sums are scaled by beside weights and biases; nothing in floating point, unless the weights are integers.
template <class N, class W, std::size_t Channels>
struct Rescaling {};
template <class N, std::size_t Channels>
struct Rescaling<N, numeric::IntegerWord<8>, Channels> {
  std::array<float, Channels + 16> scales{};  // of the widest vector more
};
template <Quantized N, class W, std::size_t Channels>
struct Rescaling<N, W, Channels> {
  std::int32_t input_zero_point = 0;
  Requantization<N, Channels> epilogue;
};

/// The transform of an algorithm that has one.
template <Algorithm algorithm, Window w>
struct TransformOf {
  using type = Winograd<algorithm == Algorithm::winograd4 ? 4 : 2, w.height>;
};
template <Window w>
struct TransformOf<Algorithm::fft, w> {
  using type = Fourier<w.height, w.width>;
};

}  // namespace detail

/// Whether a convolution has its weights as the format stores them: those that save bytes by it, not where they are
/// few; halves always, for arithmetic in half precision.
template <NumberFormat N>
constexpr bool stores_weights(const Convolution2d& g) {
  if (std::same_as<typename N::Weight, numeric::NibbleWord>) return in_nibbles(g);
  constexpr bool saves_bytes = Floating<N> && !std::same_as<typename N::Weight, numeric::Tf32>;
  return !saves_bytes || !few_weights(g) || std::same_as<typename N::Activation, Half>;
}

/// Elements of scratch memory that a convolution's run needs; `word_depth`: taps side by side of weights in words, else
/// 0.
template <class Isa>
constexpr std::size_t scratch_of(Algorithm algorithm, const Convolution2d& g, const Layout& in,
                                 std::size_t word_depth) {
  if (word_depth != 0) {
    if (algorithm == Algorithm::tiles) return unpacked_tiles(g, in);
    return algorithm == Algorithm::direct ? unpacked_weights<Isa>(g, word_depth) : 0;
  }
  if (algorithm == Algorithm::planar) return in.is_planar() ? 0 : planar_band(g).planes.size();
  return transforms(algorithm) ? transform_plan<Isa>(transform_tile(algorithm, g.window), g).scratch() : 0;
}

/// Whether an algorithm can make some rows of its output and later others.
constexpr bool runs_by_rows(Algorithm algorithm) {
  return algorithm == Algorithm::direct || algorithm == Algorithm::lanewise;
}
/// Whether an algorithm can multiply its input's channels by a gate: it holds weights as they are.
constexpr bool takes_gate(Algorithm algorithm, const Convolution2d& g) {
  return algorithm == Algorithm::direct && g.groups == 1;
}
/// The least of rows it makes at a time.
template <class Isa>
constexpr std::size_t least_rows(Algorithm algorithm, const Convolution2d& g) {
  return algorithm == Algorithm::lanewise ? lanewise_tile_for<Isa>(g, false).rows : 1;
}

/// N: number format; g: geometry; in, out: layouts. Weights arrive in natural order, (OC, IC / groups, KH, KW).
template <NumberFormat N, class Isa, Algorithm algorithm, Convolution2d g, Layout in, Layout out>
struct Convolution {
 private:
  using T = typename N::Activation;
  using W = std::conditional_t<stores_weights<N>(g), typename N::Weight,
                               std::conditional_t<Quantized<N>, std::int8_t, float>>;
  static constexpr std::size_t outputs = g.out.channels;
  static constexpr std::size_t natural_taps = g.taps();
  /// The instruction set of the kernel. Those that take two inputs at a time must not multiply what lies beyond a run
  /// of them, if only with zeros: it may be not a number. Runs that are not even go one by one. The lanewise kernel's
  /// sums of halves run over all taps.
  using RunIsa = typename decltype([] {
    if constexpr (std::same_as<T, BFloat16> && std::derived_from<Isa, isa::Avx512Bf16>) {
      constexpr std::size_t run = algorithm == Algorithm::gemv ? in.size() : g.group_inputs();
      return std::type_identity<std::conditional_t<run % 2 == 0, Isa, isa::Avx512>>{};
    } else if constexpr (std::same_as<T, Half>) {
      constexpr bool in_floats = algorithm == Algorithm::lanewise && g.taps() > simd::half_run;
      constexpr bool in_pairs = (algorithm == Algorithm::direct || transforms(algorithm)) && g.group_inputs() % 2 == 0;
      using Halves = isa::HalfIsa<Isa>;
      using Own = std::conditional_t<in_pairs && adds_halves<Halves>, isa::Avx512HalfPairs, Halves>;
      return std::type_identity<std::conditional_t<in_floats, Isa, Own>>{};
    } else {
      return std::type_identity<Isa>{};
    }
  }())::type;
  using Transform = typename detail::TransformOf<algorithm, g.window>::type;  // where the algorithm has one

  /// Output channels in a block, taps of a block, how many groups are packed apart, taps that lie side by side, and
  /// those of a run, filled up.
  static constexpr auto packing = [] {
    struct Packing {
      std::size_t block, taps, groups = 1, depth = 1, run = 1, padded_run = 1;
    };
    if constexpr (algorithm == Algorithm::direct) {
      constexpr std::size_t depth = simd::MultiplyAdd<RunIsa, T, W>::depth;
      using Direct = DirectPacking<RunIsa, g, in, out, depth>;
      return Packing{Direct::block, Direct::taps, g.groups, depth, Direct::run, Direct::steps * depth};
    } else if constexpr (algorithm == Algorithm::lanewise && Quantized<N> && !g.is_depthwise()) {
      return Packing{Isa::lanes, g.taps(), 1, simd::MultiplyAdd<Isa, T, W>::depth};
    } else if constexpr (algorithm == Algorithm::lanewise && Quantized<N>) {
      return Packing{Isa::lanes, depthwise_dot_taps<Isa>(g), 1, 4};
    } else if constexpr (algorithm == Algorithm::lanewise) {
      return Packing{RunIsa::lanes, g.taps()};
    } else if constexpr (algorithm == Algorithm::tiles && std::same_as<W, numeric::NibbleWord>) {
      return Packing{tile_lanes, g.taps(), 1, 4};  // runs are filled up when they are unpacked
    } else if constexpr (algorithm == Algorithm::tiles) {
      constexpr TileRun run = tile_run(g, in.gap, sizeof(T));
      return Packing{tile_lanes, g.window.height * run.row_taps(), g.groups, 4 / sizeof(T), run.run, run.padded_run()};
    } else if constexpr (algorithm == Algorithm::planar) {
      return Packing{outputs, g.taps()};
    } else if constexpr (algorithm == Algorithm::gemv) {
      constexpr std::size_t depth = simd::MultiplyAdd<RunIsa, T, W>::depth;
      return Packing{gemv_vectors<RunIsa>(outputs) * RunIsa::lanes, blocks(in.size(), depth) * depth, 1, depth};
    } else if constexpr (transforms(algorithm)) {
      return Packing{.block = transform_plan_of<RunIsa, Transform, g>.tile.vectors * RunIsa::lanes,
                     .taps = Transform::tile.points * g.in.channels,
                     .depth = simd::MultiplyAdd<RunIsa, T, W>::depth};
    } else {
      return Packing{1, g.taps()};
    }
  }();
  static constexpr bool depthwise_dot = algorithm == Algorithm::lanewise && Quantized<N> && g.is_depthwise();
  /// The channel at a place among a group's, and the place of a channel.
  static constexpr std::size_t channel_at(std::size_t i) {
    if constexpr (depthwise_dot) return depthwise_dot_channel<Isa>(i, g);
    return i;
  }
  static constexpr std::size_t group_outputs = outputs / packing.groups;
  static constexpr std::size_t group_size = blocks(group_outputs, packing.block) * packing.block;  // padded channels
  static constexpr bool in_words = numeric::is_integer_word<W>,
                        channel_scaled = std::same_as<W, numeric::IntegerWord<8>>;
  /// Elements that hold a group's weights.
  static constexpr std::size_t group_weights = [] {
    if constexpr (in_words) return group_size / packing.block * numeric::block_of<W, packing.block>::size(packing.taps);
    return group_size * packing.taps;
  }();
  static constexpr std::size_t biases = packing.groups * group_size;
  // Sums of integers begin with what their zeros come to, which depends on the kernel rows inside.
  static constexpr bool by_row_case =
      Quantized<N> &&
      (algorithm == Algorithm::direct || algorithm == Algorithm::lanewise || algorithm == Algorithm::tiles);
  static constexpr bool folds_zero_point = by_row_case || (Quantized<N> && algorithm == Algorithm::gemv);
  static constexpr std::size_t bias_sets = [] {
    if constexpr (by_row_case) {
      return row_case_count<g>;
    } else {
      return std::size_t{1};
    }
  }();

 public:
  struct Packed {
    alignas(alignment) std::array<W, packing.groups * group_weights> weight{};
    alignas(alignment) std::array<typename N::Bias, bias_sets * biases> bias{};
    [[no_unique_address]] detail::Rescaling<N, W, outputs> rescaling{};
  };

  /// `fields` holds "weight", perhaps "bias", and what the format adds.
  template <class Fields>
  static constexpr void pack(Packed& packed, const Fields& fields, const Surroundings<N>& around) {
    const auto weight = fields.template get<"weight">();
    const auto bias_of = [&](std::size_t channel) {
      if constexpr (Fields::template has<"bias">) {
        return fields.template get<"bias">()[channel];
      } else {
        return typename N::Bias{};
      }
    };
    const auto folded = [&](auto w, [[maybe_unused]] std::size_t channel) {
      if constexpr (Floating<N>) {
        if (around.channel_scale != nullptr) w *= around.channel_scale[channel];
      }
      return w;
    };
    using Words = numeric::IntegerBlock<8, 1>;
    if constexpr (channel_scaled) {
      for (std::size_t channel = 0; channel < outputs; ++channel) {
        float largest = 0.0F;
        for (std::size_t t = 0; t < natural_taps; ++t) {
          const float w = folded(weight[channel * natural_taps + t], channel);
          largest = std::max(largest, w < 0 ? -w : w);
        }
        packed.rescaling.scales[channel] = Words::scale_of(largest) / Words::unit;
      }
    }
    for (std::size_t group = 0; group < packing.groups; ++group) {
      const std::size_t first = group * group_outputs;
      const auto convert = [&](auto w, std::size_t channel) {
        const auto value = folded(w, first + channel);
        if constexpr (in_words) {
          return value;
        } else {
          return static_cast<W>(value);
        }
      };
      const auto tap_source = [](std::size_t t) {
        if constexpr (depthwise_dot) return depthwise_dot_tap<Isa, g>(t);
        return algorithm == Algorithm::gemv ? flattened_tap<in>(t)
                                            : convolution_tap<g>(t, packing.run, packing.padded_run);
      };
      if constexpr (transforms(algorithm)) {
        pack_transformed<Transform, packing.block, packing.depth>(
            packed.weight.data(), weight.data(), g, [&](std::size_t channel) { return folded(1.0F, channel); });
      } else if constexpr (in_words) {
        const auto scale_of = [&](std::size_t channel) {
          if constexpr (channel_scaled) return packed.rescaling.scales[first + channel] * Words::unit;
          return 0.0F;
        };
        pack_words<packing.block>(packed.weight.data() + group * group_weights, weight.data() + first * natural_taps,
                                  group_outputs, natural_taps, packing.taps, tap_source, convert, scale_of);
      } else {
        pack_blocked<packing.block, packing.depth>(packed.weight.data() + group * group_weights,
                                                   weight.data() + first * natural_taps, group_outputs, natural_taps,
                                                   packing.taps, tap_source, convert, channel_at);
      }
      for (std::size_t channel = 0; channel < group_outputs; ++channel) {
        auto bias = bias_of(first + channel);
        if constexpr (Floating<N>) {
          if (around.channel_scale != nullptr) {
            // in double, where the product is exact: the compiler's constants are then what it computes at run time
            bias = static_cast<float>(static_cast<double>(bias) *
                                          static_cast<double>(around.channel_scale[first + channel]) +
                                      static_cast<double>(around.channel_shift[first + channel]));
          }
        }
        if constexpr (channel_scaled) bias /= packed.rescaling.scales[first + channel];
        packed.bias[group * group_size + channel_at(channel)] = bias;
      }
    }
    if constexpr (folds_zero_point) fold_zero_point(packed, weight, around.inputs[0].zero_point);
    if constexpr (Quantized<N>) {
      packed.rescaling.input_zero_point = around.inputs[0].zero_point;
      auto& epilogue = packed.rescaling.epilogue;
      const auto weight_scale = fields.template get<"weight_scale">();
      for (std::size_t channel = 0; channel < outputs; ++channel) {
        epilogue.scales.set(
            channel_at(channel),
            N::Rounding::channel_scale(around.inputs[0].scale, weight_scale[channel], around.output.scale));
      }
      epilogue.zero_point = around.output.zero_point;
      epilogue.lower = std::int32_t{around.output.quantize(around.lower)};
      epilogue.upper = std::int32_t{around.output.quantize(around.upper)};
      epilogue.complete();
      for (std::size_t channel = 0; channel < outputs && !std::is_constant_evaluated(); ++channel) {
        const std::int64_t bias = bias_of(channel);
        std::int64_t largest = bias < 0 ? -bias : bias;
        for_each_weight(packed, weight, channel,
                        [&](std::int64_t w, std::size_t) { largest += 255 * (w < 0 ? -w : w); });
        epilogue.bound(channel_at(channel), largest);
      }
    }
  }

  /// Elements of memory that a run works in.
  static constexpr std::size_t scratch = scratch_of<RunIsa>(algorithm, g, in, numeric::word_depth<W>);

  template <class Epilogue>
  static constexpr void run(const T* x, T* y, const Packed& packed, const Epilogue& own_epilogue,
                            [[maybe_unused]] T* scratch_memory = nullptr) {
    [[maybe_unused]] const auto epilogue = epilogue_of(packed, own_epilogue);
    const auto* weight = packed.weight.data();
    const auto* bias = packed.bias.data();
    if constexpr (Quantized<N>) {
      const auto& requantization = packed.rescaling.epilogue;
      if constexpr (algorithm == Algorithm::reference) {
        reference::convolve<g, in, out>(x, packed.rescaling.input_zero_point, weight, bias, y, requantization);
      } else {
        const VectorRequantization<N, outputs> vectors{&requantization};
        if constexpr (algorithm == Algorithm::direct) {
          convolve_direct<Isa, g, in, out, true>(x, weight, bias, y, vectors, {0, g.out.height}, scratch_memory);
        } else if constexpr (algorithm == Algorithm::tiles && in_words) {
          unpack_for_tiles<Isa, g, in>(weight, scratch_memory);
          convolve_tiles<Isa, g, in, out>(x, static_cast<const T*>(scratch_memory), bias, y, vectors);
        } else if constexpr (algorithm == Algorithm::tiles) {
          convolve_tiles<Isa, g, in, out>(x, weight, bias, y, vectors);
        } else if constexpr (algorithm == Algorithm::lanewise && !g.is_depthwise()) {
          convolve_lanewise<Isa, g, in, out>(x, weight, bias, y, vectors, {0, g.out.height});
        } else if constexpr (algorithm == Algorithm::lanewise) {
          convolve_depthwise_dot<Isa, g, in, out>(x, weight, bias, y, vectors);
        } else {
          static_assert(algorithm == Algorithm::gemv);
          gemv_packed<Isa, in.size(), outputs>(x, weight, bias, y, out.at(0, 0, 0), vectors);
        }
      }
    } else if constexpr (algorithm == Algorithm::direct) {
      convolve_direct<RunIsa, g, in, out, true>(x, weight, bias, y, epilogue, {0, g.out.height}, scratch_memory);
    } else if constexpr (algorithm == Algorithm::tiles) {
      convolve_tiles<RunIsa, g, in, out>(x, weight, bias, y, epilogue);
    } else if constexpr (algorithm == Algorithm::lanewise) {
      convolve_lanewise<RunIsa, g, in, out>(x, weight, bias, y, epilogue, {0, g.out.height});
    } else if constexpr (algorithm == Algorithm::planar) {
      convolve_planar<Isa, g, in, out>(x, weight, bias, y, scratch_memory, epilogue);
    } else if constexpr (algorithm == Algorithm::gemv) {
      gemv_packed<RunIsa, in.size(), outputs>(x, weight, bias, y, out.at(0, 0, 0), epilogue.at_row(0));
    } else if constexpr (transforms(algorithm)) {
      convolve_transformed<RunIsa, Transform, g, in, out>(x, weight, bias, y, scratch_memory, epilogue);
    } else {
      reference::convolve<g, in, out>(x, 0.0F, weight, bias, y, epilogue);
    }
  }

  /// The convolution of x with its channels multiplied by `gate`; gated_weights() of scratch memory.
  template <class Epilogue>
  static void run_gated(const T* x, const T* gate, T* y, const Packed& packed, const Epilogue& epilogue,
                        T* scratch_memory) {
    static_assert(takes_gate(algorithm, g));
    gate_weights<Isa, g, in, out>(packed.weight.data(), gate, scratch_memory);
    convolve_direct<Isa, g, in, out, true>(x, scratch_memory, packed.bias.data(), y, epilogue, {0, g.out.height});
  }

  /// Output rows alone. x and y are where row 0 is, or would be: memory may begin with a later row.
  template <class Epilogue>
  static void run_rows(const T* x, T* y, const Packed& packed, const Epilogue& epilogue, const Rows& rows) {
    static_assert(runs_by_rows(algorithm));
    if constexpr (algorithm == Algorithm::direct) {
      convolve_direct<RunIsa, g, in, out, false>(x, packed.weight.data(), packed.bias.data(), y,
                                                 epilogue_of(packed, epilogue), rows);
    } else {
      convolve_lanewise<RunIsa, g, in, out>(x, packed.weight.data(), packed.bias.data(), y, epilogue, rows);
    }
  }

 private:
  template <class Epilogue>
  static constexpr auto epilogue_of([[maybe_unused]] const Packed& packed, const Epilogue& epilogue) {
    if constexpr (channel_scaled) {
      return ChannelScaled<Epilogue>{epilogue, packed.rescaling.scales.data()};
    } else {
      return epilogue;
    }
  }
  /// Calls body(weight, its kernel row) for all of an output channel's integer weights: as they are packed where that
  /// rounds them, (KH, KW, IC), else in natural order, (IC / groups, KH, KW).
  template <class Body>
  static constexpr void for_each_weight(const Packed& packed, const auto& weight, std::size_t channel, Body body) {
    for (std::size_t tap = 0; tap < natural_taps; ++tap) {
      if constexpr (in_words) {
        using Words = numeric::block_of<W, packing.block>;
        const W* block = packed.weight.data() + channel / packing.block * Words::size(packing.taps);
        body(Words::at(block, tap, channel % packing.block), tap / (g.window.width * g.in.channels));
      } else {
        body(weight[channel * natural_taps + tap], tap / g.window.width % g.window.height);
      }
    }
  }
  /// The taps multiply inputs as they are, whose zero is the zero point (and what the dot product adds): bias less the
  /// sum of the weights inside, times that. Wraps as the sums do.
  static constexpr void fold_zero_point(Packed& packed, const auto& weight, std::int32_t zero_point) {
    const std::int32_t offset = algorithm == Algorithm::tiles ? 0 : simd::dot_offset<Isa, T>;
    const auto zero = static_cast<std::uint32_t>(zero_point + offset);
    for (std::size_t set = bias_sets; set-- > 0;) {  // the first last: the others begin with it
      const TapRange rows = by_row_case ? row_case_taps<g>(set) : TapRange{0, g.window.height};
      for (std::size_t channel = 0; channel < outputs; ++channel) {
        std::uint32_t sum = 0;
        for_each_weight(packed, weight, channel, [&](std::int32_t w, std::size_t row) {
          if (row >= rows.first && row < rows.last) sum += static_cast<std::uint32_t>(w);
        });
        const std::size_t at = channel / group_outputs * group_size + channel_at(channel % group_outputs);
        const auto bias = static_cast<std::uint32_t>(packed.bias[at]);
        packed.bias[set * biases + at] = static_cast<std::int32_t>(bias - zero * sum);
      }
    }
  }
};

/// Few outputs of bytes: neighbouring pixels are one of a wider window's (pixels_together).
template <Quantized N, class Isa, Convolution2d g, Layout in, Layout out>
  requires(Isa::lanes > 1 && pixels_together<Isa>(g, in, out) > 1)
struct Convolution<N, Isa, Algorithm::direct, g, in, out> {
 private:
  static constexpr std::size_t pixels = pixels_together<Isa>(g, in, out), outputs = g.out.channels;
  static constexpr std::size_t rows = g.in.channels * g.window.height;  // of natural weights
  static constexpr Convolution2d wide = [] {
    Convolution2d result = g;
    result.out = {g.out.height, g.out.width / pixels, pixels * outputs};
    result.window.width += (pixels - 1) * g.window.stride_width;
    result.window.stride_width *= pixels;
    return result;
  }();
  /// The same memory, from the first pixel on.
  static constexpr Layout wide_out{.height = g.out.height,
                                   .width = wide.out.width,
                                   .channels = wide.out.channels,
                                   .border_right = (out.border_left + out.border_right) / pixels};
  static_assert(!in_nibbles(wide));  // else their groups would not be the reference's
  using Wide = Convolution<N, Isa, Algorithm::direct, wide, in, wide_out>;
  using T = typename N::Activation;

  struct WideFields {
    std::array<std::int8_t, wide.out.channels * wide.taps()> weight{};
    std::array<float, wide.out.channels> weight_scale{};
    std::array<std::int32_t, wide.out.channels> bias{};

    template <FixedString name>
    static constexpr bool has = true;
    template <FixedString name>
    [[nodiscard]] constexpr const auto& get() const {
      if constexpr (name.view() == "weight") {
        return weight;
      } else if constexpr (name.view() == "bias") {
        return bias;
      } else {
        return weight_scale;
      }
    }
  };

 public:
  using Packed = typename Wide::Packed;
  static constexpr std::size_t scratch = 0;

  template <class Fields>
  static constexpr void pack(Packed& packed, const Fields& fields, const Surroundings<N>& around) {
    WideFields all;
    for (std::size_t channel = 0; channel < wide.out.channels; ++channel) {
      const std::size_t pixel = channel / outputs, own = channel % outputs;
      for (std::size_t row = 0; row < rows; ++row) {
        std::copy_n(fields.template get<"weight">().data() + (own * rows + row) * g.window.width, g.window.width,
                    all.weight.data() + (channel * rows + row) * wide.window.width + pixel * g.window.stride_width);
      }
      all.weight_scale[channel] = fields.template get<"weight_scale">()[own];
      if constexpr (Fields::template has<"bias">) all.bias[channel] = fields.template get<"bias">()[own];
    }
    Wide::pack(packed, all, around);
  }
  template <class Epilogue>
  static constexpr void run(const T* x, T* y, const Packed& packed, const Epilogue& epilogue,
                            T* /*scratch*/ = nullptr) {
    Wide::run(x, y + out.border_left * outputs, packed, epilogue);
  }
};

}  // namespace ctnn::kernels
