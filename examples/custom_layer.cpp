// Layers of your own. They need no registration and no base class, are fused around, planned and counted like any
// other.
#include <cstddef>
#include <iostream>

#include <ctnn/ctnn.hpp>

namespace nn = ctnn;

/// y = x / (1 + |x|)
struct SoftClip {
  template <nn::InputShape In>
  struct On {
    using Input = In;
    using Output = In;
    using Parameters = nn::NoParameters;
    static constexpr nn::Cost cost{.elementwise_ops = 3 * In::size, .memory_access = 2 * In::size};

    template <nn::Floating N>
    static constexpr void forward(nn::View<const float, In> x, nn::View<float, In> y, const auto& /*parameters*/) {
      for (std::size_t i = 0; i < In::size; ++i) y[i] = x[i] / (1 + (x[i] < 0 ? -x[i] : x[i]));
    }
  };
};

/// y = gain * x, a learnt gain for each of the outputs that the user asks for: the first Count elements of a vector.
template <std::size_t Count>
struct Gain {
  /// Says why, where the constraint on On says no.
  template <nn::InputShape In>
  static constexpr void explain() {
    static_assert(nn::VectorShape<In> && In::size >= Count,
                  "Gain: the input must be a vector of at least Count elements");
  }
  template <nn::VectorShape In>
    requires(In::size >= Count)
  struct On {
    using Input = In;
    using Output = nn::Shape<Count>;
    using Parameters = nn::ParameterList<nn::Parameter<"gain", Output>>;  // "2.gain" in a weights file
    static constexpr nn::Cost cost{.elementwise_ops = Count, .params = Count, .memory_access = 3 * Count};

    template <nn::Floating N>
    static constexpr void forward(nn::View<const float, In> x, nn::View<float, Output> y, const auto& parameters) {
      const auto gain = parameters.template get<"gain">();
      for (std::size_t i = 0; i < Count; ++i) y[i] = gain[i] * x[i];
    }
  };
};

using Model = nn::Network<nn::Sequential<nn::Linear<3>, SoftClip, Gain<2>>, nn::Shape<2>>;
static_assert(Model::cost.params == 3 * 2 + 3 + 2);
static_assert(!nn::accepts<Gain<4>, nn::Shape<3>>);

constexpr float weights[] = {1,  0,  0, 1, 1, 1,  // 0.weight (3, 2)
                             0,  0,  0,           // 0.bias
                             10, 100};            // 2.gain
constexpr nn::Tensor<float, Model::Input> x{{1, -3}};
constexpr nn::Tensor<float, Model::Output> expected{{10 * 0.5F, 100 * -0.75F}};

// The layers are constexpr, so the compiler can run the network too, on the reference kernels.
constexpr Model::Reference reference{nn::WeightsView<Model::Reference>{weights}};
static_assert(reference(x) == expected);

int main() {
  const Model model{nn::WeightsView<Model>{weights}};
  const auto y = model(x);
  std::cout << y[0] << ' ' << y[1] << '\n';
  return y == expected ? 0 : 1;
}
