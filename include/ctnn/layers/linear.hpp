/// Fully connected layer, and the way from an image to its vector.
#pragma once

#include <cstddef>
#include <type_traits>

#include <ctnn/core/option.hpp>
#include <ctnn/layers/concepts.hpp>

namespace ctnn {

/// Satisfied by the options of Linear: NoBias.
template <class... Options>
concept LinearOptions = options_for<OptionKinds<option::bias>, Options...>;

/// Fully connected layer: y = W x + b.
/// Input Shape<N>; output Shape<Outputs>; parameters weight (Outputs, N), bias (Outputs). Cost: Outputs * N
/// multiply-accumulates.
template <std::size_t Outputs, class... Options>
  requires(Outputs > 0)
&&LinearOptions<Options...> struct Linear {
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(VectorShape<In>,
                  "Linear: the input must be a vector; put Flatten or a global pool and Flatten before it");
  }

  template <VectorShape In>
  struct On {
    using Input = In;
    using Output = Shape<Outputs>;
    static constexpr bool has_bias = !has_option<option::bias, Options...>;
    using Weight = Shape<Outputs, In::size>;
    using Parameters =
        std::conditional_t<has_bias, ParameterList<Parameter<"weight", Weight>, Parameter<"bias", Output, Role::bias>>,
                           ParameterList<Parameter<"weight", Weight>>>;
    static constexpr Traits traits{.operation = Operation::fully_connected, .rescales = true};
    static constexpr Cost cost{.macs = Outputs * In::size,
                               .elementwise_ops = has_bias ? Outputs : 0,
                               .params = Parameters::count,
                               .memory_access = In::size + Outputs + Weight::size};

    template <NumberFormat N, class Isa, kernels::Algorithm algorithm, kernels::Layout in, kernels::Layout out>
    using Kernel = kernels::Convolution<N, Isa, algorithm, kernels::fully_connected(in.extent(), Outputs), in, out>;
  };
};

/// An image or sequence as a vector, in PyTorch's order: channel by channel, each row by row. A Linear after it reads
/// the image where it lies, its weights packed accordingly; elsewhere the elements are moved.
struct Flatten {
  template <InputShape In>
  struct On {
    using Input = In;
    using Output = Shape<In::size>;
    using Parameters = NoParameters;
    static constexpr Extent source = extent_of<In>;
    static constexpr bool keeps_order = source.channels == 1 || source.pixels() == 1;
    static constexpr Traits traits{.operation = keeps_order ? Operation::identity : Operation::flatten};
    static constexpr Cost cost{};

    template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout in, kernels::Layout out>
    struct Kernel : NothingPacked {
      template <class T>
      static constexpr void run(const T* x, T* y, const Packed&, const auto&) {
        for (std::size_t c = 0; c < in.channels; ++c) {
          for (std::size_t h = 0; h < in.height; ++h) {
            for (std::size_t w = 0; w < in.width; ++w) *y++ = x[in.at(h, w, c)];
          }
        }
      }
    };
  };
};

}  // namespace ctnn
