// Networks of integers give the scalar reference's bytes on this instruction set.

#include <cstdint>
#include <memory>
#include <random>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"

namespace nn = ctnn;
using nn::Kernel, nn::Padding, nn::Shape, nn::Stride;

namespace {

/// Random weights; scales such that some outputs of every layer saturate.
template <class Model>
nn::Weights<Model> random_weights(std::mt19937& random) {
  using Q = typename Model::Format::Quantization;
  nn::Weights<Model> weights;
  const auto uniform = [&](int first, int last) { return std::uniform_int_distribution<int>{first, last}(random); };
  for (std::size_t i = 0; i < Model::weight_count; ++i) {
    const nn::WeightInfo& info = Model::weights[i];
    const auto name = info.name.view();
    for (std::size_t k = 0; k < info.size; ++k) {
      if (info.type == nn::ElementType::i8) {
        static_cast<std::int8_t*>(weights.data(i))[k] = static_cast<std::int8_t>(uniform(-127, 127));
      } else if (info.type == nn::ElementType::i32) {
        static_cast<std::int32_t*>(weights.data(i))[k] =
            name.ends_with("zero_point") ? uniform(Q::lowest + 100, Q::lowest + 150) : uniform(-3000, 3000);
      } else {
        const float scale = name.ends_with("weight_scale") ? 0.001F : 0.02F;
        static_cast<float*>(weights.data(i))[k] = scale * static_cast<float>(uniform(500, 1500)) / 1000.0F;
      }
    }
  }
  return weights;
}

template <class Spec, class In, class N>
void check() {
  using Model = nn::Network<Spec, In, N>;
  std::mt19937 random{7};
  const auto weights = random_weights<Model>(random);
  const auto model = nn::make_model<Model>(weights);
  const auto reference = nn::make_model<typename Model::Reference>(weights);
  nn::Tensor<typename N::Activation, In> x;
  for (int n = 0; n < 3; ++n) {
    for (auto& q : x) q = static_cast<typename N::Activation>(random());
    CHECK((*model)(x) == (*reference)(x));
  }
}

}  // namespace

// Int8 is compared with TensorFlow Lite's own bytes in other files.
TEMPLATE_TEST_CASE("integer networks have the reference's bytes", "", nn::Int8DoubleRounding, nn::UInt8) {
  using N = TestType;
  using Block = nn::Sequential<nn::DepthwiseConv2d<Kernel<3>, Padding<1>>, nn::ReLU6, nn::Conv2d<24>>;
  using Spec =
      nn::Sequential<nn::Conv2d<24, Kernel<3>, Stride<2>, Padding<1>>, nn::ReLU, nn::Residual<Block>,
                     nn::Multiply<nn::Identity, nn::Sequential<nn::GlobalAvgPool2d, nn::Conv2d<24>, nn::Sigmoid>>,
                     nn::Concat<nn::Identity, nn::HardSwish>, nn::AvgPool2d<Kernel<3>, Stride<2>>,
                     nn::Conv2d<10, nn::Groups<2>, Kernel<3, 2>>, nn::PReLU<>, nn::Flatten, nn::Linear<37>>;
  check<Spec, Shape<19, 17, 3>, N>();
  check<nn::Sequential<nn::Linear<130>, nn::LeakyReLU<>, nn::Linear<5>, nn::Softmax>, Shape<67>, N>();
}
