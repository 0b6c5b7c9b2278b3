// expect: this layer does not compute in this number format
// expect: Halve
// expect: Int8
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

struct Halve {
  template <nn::AnyShape In>
  struct On {
    using Input = In;
    using Output = In;
    using Parameters = nn::NoParameters;
    static constexpr nn::Cost cost{.elementwise_ops = In::size};
    template <nn::Floating N>
    static constexpr void forward(nn::View<const float, In> x, nn::View<float, In> y, const auto&) noexcept {
      for (std::size_t i = 0; i < In::size; ++i) y[i] = x[i] / 2;
    }
  };
};

using Model = nn::Network<nn::Sequential<nn::Linear<8>, nn::With<nn::Int8, Halve>>, nn::Shape<4>>;
constexpr auto macs = Model::cost.macs;
