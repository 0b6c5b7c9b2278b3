/// Layers that normalise: batch norm and softmax.
#pragma once

#include <array>
#include <cstddef>
#include <ratio>
#include <type_traits>

#include <ctnn/core/option.hpp>
#include <ctnn/kernels/elementwise.hpp>
#include <ctnn/kernels/softmax.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/numeric/math.hpp>

namespace ctnn {

/// Satisfied by the options of a batch norm: Epsilon, NoAffine.
template <class... Options>
concept BatchNormOptions = options_for<OptionKinds<option::epsilon, option::affine>, Options...>;

/// Batch normalisation at inference: y = (x - running_mean) / sqrt(running_var + epsilon) * weight + bias, per channel.
/// Any shape. Parameters weight, bias (without NoAffine), running_mean, running_var, all (C). After a convolution or
/// Linear it folds into their weights and costs nothing at run time. arXiv 1502.03167.
template <class... Options>
  requires BatchNormOptions<Options...>
struct BatchNorm2d {
  template <InputShape In>
  struct On {
    using Input = In;
    using Output = In;
    static constexpr std::size_t channels = extent_of<In>.channels;
    static constexpr bool affine = !has_option<option::affine, Options...>;
    using Statistics = ParameterList<Parameter<"running_mean", Shape<channels>, Role::statistic>,
                                     Parameter<"running_var", Shape<channels>, Role::statistic>>;
    using Parameters = std::conditional_t<affine,
                                          ParameterList<Parameter<"weight", Shape<channels>, Role::affine>,
                                                        Parameter<"bias", Shape<channels>, Role::affine>,
                                                        Parameter<"running_mean", Shape<channels>, Role::statistic>,
                                                        Parameter<"running_var", Shape<channels>, Role::statistic>>,
                                          Statistics>;
    static constexpr Traits traits{.operation = Operation::batch_norm, .in_place = true};
    static constexpr Cost cost{
        .elementwise_ops = 2 * In::size, .params = Parameters::count, .memory_access = 2 * In::size + 2 * channels};

    /// The layer as y = scale * x + shift per channel.
    struct Affine {
      alignas(alignment) std::array<float, channels> scale{};
      alignas(alignment) std::array<float, channels> shift{};
    };
    template <class Fields>
    static constexpr Affine affine_of(const Fields& fields) {
      constexpr double epsilon =
          numeric::value_of<typename find_option<option::epsilon, Epsilon<std::ratio<1, 100000>>, Options...>::Value,
                            double>;
      const auto mean = fields.template get<"running_mean">(), variance = fields.template get<"running_var">();
      Affine result;
      for (std::size_t c = 0; c < channels; ++c) {
        double scale = 1.0 / numeric::sqrt(static_cast<double>(variance[c]) + epsilon), bias = 0.0;
        if constexpr (affine) {
          scale *= static_cast<double>(fields.template get<"weight">()[c]);
          bias = static_cast<double>(fields.template get<"bias">()[c]);
        }
        result.scale[c] = static_cast<float>(scale);
        result.shift[c] = static_cast<float>(bias - static_cast<double>(mean[c]) * scale);
      }
      return result;
    }

    template <Floating N, class Isa, kernels::Algorithm, kernels::Layout in, kernels::Layout out>
    struct Kernel {
      using Packed = Affine;
      static constexpr void pack(Packed& packed, const auto& fields, const kernels::Surroundings<N>&) {
        packed = affine_of(fields);
      }
      template <class T>
      static constexpr void run(const T* x, T* y, const Packed& packed, const auto&) {
        kernels::map_channels<Isa, in, out>(x, y, [&](auto value, std::size_t c, std::size_t n) {
          return value * simd::load_up_to<Isa>(packed.scale.data() + c, n) +
                 simd::load_up_to<Isa>(packed.shift.data() + c, n);
        });
      }
    };
  };
};

/// Batch norm of a vector or a sequence: the same layer.
template <class... Options>
using BatchNorm1d = BatchNorm2d<Options...>;

/// e^x / sum of e^x, over the channels of every pixel; of a vector, over all of it.
struct Softmax {
  template <InputShape In>
  struct On {
    using Input = In;
    using Output = In;
    using Parameters = NoParameters;
    static constexpr Traits traits{.in_place = true};
    static constexpr Range output_range{0.0F, 1.0F};
    static constexpr Cost cost{.elementwise_ops = 5 * In::size, .memory_access = 2 * In::size};

    template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout in, kernels::Layout out>
    struct Kernel {
      struct None {};
      using Packed = std::conditional_t<Quantized<N>, kernels::IntegerSoftmax, None>;

      static constexpr void pack(Packed& packed, const auto& /*fields*/, const kernels::Surroundings<N>& around) {
        if constexpr (Quantized<N>) packed = kernels::IntegerSoftmax{around.inputs[0].scale, around.output.scale};
      }
      template <class T>
      static constexpr void run(const T* x, T* y, const Packed& packed, const auto&) {
        if constexpr (Quantized<N>) {
          packed.template run<N, in, out>(x, y);
        } else {
          kernels::softmax<Isa, in, out>(x, y);
        }
      }
    };
  };
};

}  // namespace ctnn
