/// Activation layers: functions of every element.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <ratio>
#include <type_traits>

#include <ctnn/kernels/activation.hpp>
#include <ctnn/kernels/elementwise.hpp>
#include <ctnn/kernels/integer.hpp>
#include <ctnn/layers/concepts.hpp>

namespace ctnn {

namespace detail {

/// The range of F's results where that is known, else nothing.
struct NoRange {};
template <class F>
inline constexpr NoRange range_of{};
template <kernels::RangedFunction F>
inline constexpr Range range_of<F> = F::range;

/// The layer L: applies F (kernels/activation.hpp) to every element. Any shape; no parameters.
template <class L, class F>
struct ActivationLayer {
  template <InputShape In>
  struct On {
    using Input = In;
    using Output = In;
    using Parameters = NoParameters;
    using Spec = L;
    using Function = F;
    static constexpr bool keeps_scale = kernels::ClampFunction<F>;
    static constexpr Traits traits{.operation = Operation::activation,
                                   .in_place = true,
                                   .any_layout = true,
                                   .rescales = !keeps_scale && !kernels::RangedFunction<F>};
    static constexpr auto output_range = range_of<F>;
    static constexpr Cost cost{.elementwise_ops = F::ops * In::size, .memory_access = 2 * In::size};

    /// In integer formats a function that only bounds its argument keeps the scale, and its bounds are quantized; any
    /// other is a table.
    template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout in, kernels::Layout out>
    struct Kernel {
      struct Bounds {
        typename N::Activation lower{}, upper{};
      };
      struct None {};
      using Packed = typename decltype([] {
        if constexpr (Floating<N>) {
          return std::type_identity<None>{};
        } else if constexpr (keeps_scale) {
          return std::type_identity<Bounds>{};
        } else {
          return std::type_identity<kernels::Table<typename N::Activation>>{};
        }
      }())::type;

      static constexpr void pack(Packed& packed, const auto& /*fields*/, const kernels::Surroundings<N>& around) {
        if constexpr (Quantized<N> && keeps_scale) {
          packed = {around.output.quantize(F::lower), around.output.quantize(F::upper)};
        } else if constexpr (Quantized<N>) {
          kernels::tabulate<F, N>(packed, around.inputs[0], around.output);
        }
      }
      template <class T>
      static constexpr void run(const T* x, T* y, const Packed& packed, const auto&) {
        if constexpr (Quantized<N>) {
          if constexpr (keeps_scale) {
            kernels::for_each_run<in, out>([&](std::size_t from, std::size_t to, std::size_t length) {
              kernels::generate(y + to, length,
                                [&](std::size_t i) { return std::clamp(x[from + i], packed.lower, packed.upper); });
            });
          } else {
            kernels::look_up<Isa, in, out>(packed, x, y);
          }
        } else {
          kernels::map<Isa, in, out>(x, y, F{});
        }
      }
    };
  };
};

}  // namespace detail

/// max(x, 0)
struct ReLU : detail::ActivationLayer<ReLU, kernels::Rectify> {};
/// min(max(x, 0), 6)
struct ReLU6 : detail::ActivationLayer<ReLU6, kernels::Clamp<std::ratio<0>, std::ratio<6>>> {};
/// min(max(x, Lower), Upper), PyTorch's Hardtanh: `Clip<std::ratio<-1>, std::ratio<1>>`.
template <class Lower = std::ratio<-1>, class Upper = std::ratio<1>>
  requires(std::ratio_less_equal_v<Lower, Upper>)
struct Clip : detail::ActivationLayer<Clip<Lower, Upper>, kernels::Clamp<Lower, Upper>> {};
/// x < 0 ? Slope * x : x, the slope as a std::ratio: `LeakyReLU<std::ratio<1, 10>>`; 0.01 by default.
template <class Slope = std::ratio<1, 100>>
struct LeakyReLU : detail::ActivationLayer<LeakyReLU<Slope>, kernels::LeakyRectify<Slope>> {};
/// 1 / (1 + e^-x)
struct Sigmoid : detail::ActivationLayer<Sigmoid, kernels::Logistic> {};
/// tanh(x)
struct Tanh : detail::ActivationLayer<Tanh, kernels::HyperbolicTangent> {};
/// clamp(x / 6 + 1 / 2, 0, 1)
struct HardSigmoid : detail::ActivationLayer<HardSigmoid, kernels::HardLogistic> {};
/// x * clamp(x + 3, 0, 6) / 6
struct HardSwish : detail::ActivationLayer<HardSwish, kernels::HardSwish> {};
/// x / (1 + e^-x), also called swish
struct SiLU : detail::ActivationLayer<SiLU, kernels::SigmoidLinear> {};
/// x * Phi(x), by the error function
struct GELU : detail::ActivationLayer<GELU, kernels::GaussianErrorLinear> {};
/// GELU by its tanh approximation (PyTorch's approximate="tanh")
struct GELUTanh : detail::ActivationLayer<GELUTanh, kernels::GaussianErrorLinearByTanh> {};
/// x < 0 ? Alpha * (e^x - 1) : x, alpha as a std::ratio; 1 by default.
template <class Alpha = std::ratio<1>>
struct ELU : detail::ActivationLayer<ELU<Alpha>, kernels::ExponentialLinear<Alpha>> {};

/// x < 0 ? slope * x : x, the slope learnt: one per channel, or `PReLU<1>` one for all. Parameter weight (C) or (1).
/// arXiv 1502.01852.
template <std::size_t Slopes = 0>
  requires(Slopes <= 1)
struct PReLU {
  template <InputShape In>
  struct On {
    using Input = In;
    using Output = In;
    static constexpr std::size_t slopes = Slopes == 1 ? 1 : extent_of<In>.channels;
    using Parameters = ParameterList<Parameter<"weight", Shape<slopes>, Role::slope>>;
    static constexpr Traits traits{.in_place = true, .rescales = true};
    static constexpr Cost cost{
        .elementwise_ops = 2 * In::size, .params = slopes, .memory_access = 2 * In::size + slopes};

    template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout in, kernels::Layout out>
    struct Kernel {
      struct FloatSlopes {
        std::array<float, slopes> slope{};
      };
      struct IntegerSlopes {
        std::array<typename N::Weight, slopes> slope{};
        typename N::Rounding::Scale positive, negative;
        std::int32_t input_zero_point = 0, output_zero_point = 0;
      };
      using Packed = typename decltype([] {
        if constexpr (Floating<N>) {
          return std::type_identity<FloatSlopes>{};
        } else {
          return std::type_identity<IntegerSlopes>{};
        }
      }())::type;

      static constexpr void pack(Packed& packed, const auto& fields, const kernels::Surroundings<N>& around) {
        std::ranges::copy(fields.template get<"weight">(), packed.slope.begin());
        if constexpr (Quantized<N>) {
          const float input = around.inputs[0].scale, output = around.output.scale;
          using Scale = typename N::Rounding::Scale;
          packed.positive = Scale{static_cast<double>(input / output)};
          packed.negative = Scale{static_cast<double>(input * fields.template get<"weight_scale">()[0] / output)};
          packed.input_zero_point = around.inputs[0].zero_point;
          packed.output_zero_point = around.output.zero_point;
        }
      }
      template <class T>
      static constexpr void run(const T* x, T* y, const Packed& packed, const auto&) {
        const auto slope_of = [&](std::size_t channel) { return packed.slope[slopes == 1 ? 0 : channel]; };
        if constexpr (Quantized<N>) {
          for (std::size_t row = 0; row < in.height; ++row) {
            for (std::size_t column = 0; column < in.width; ++column) {
              const T* pixel = x + in.at(row, column, 0);
              kernels::generate(y + out.at(row, column, 0), in.channels, [&](std::size_t c) {
                const std::int32_t value = pixel[c] - packed.input_zero_point;
                // both, so that there is no branch
                const std::int64_t positive = packed.positive.scale(value);
                const std::int64_t negative = packed.negative.scale(value * slope_of(c));
                const std::int64_t result = value >= 0 ? positive : negative;
                return N::Quantization::saturate(result + packed.output_zero_point);
              });
            }
          }
        } else {
          using V = simd::Vector<float, Isa>;
          kernels::map_channels<Isa, in, out>(x, y, [&](V value, std::size_t c, std::size_t n) {
            V slope(packed.slope[0]);
            if constexpr (slopes > 1) slope = simd::load_up_to<Isa>(packed.slope.data() + c, n);
            return simd::if_negative(value, value * slope, value);
          });
        }
      }
    };
  };
};

}  // namespace ctnn
