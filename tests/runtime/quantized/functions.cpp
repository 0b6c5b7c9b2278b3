// Functions of one number, in the integer formats: the results are the real numbers', rounded.

#include <cstdint>
#include <ratio>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "runtime/quantized/real_numbers.hpp"

namespace nn = ctnn;
using nn::Shape;
using real_numbers::largest_error, real_numbers::one_rounding;

TEMPLATE_TEST_CASE("functions of one integer are rounded once", "", nn::Int8, nn::QLinearInt8, nn::UInt8) {
  using N = TestType;
  using In = Shape<7, 5, 3>;
  const int zero = N::Quantization::lowest + 100;
  CHECK(largest_error<nn::Sigmoid, In, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::Tanh, In, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::HardSigmoid, In, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::HardSwish, In, N>(0.015F, zero) < one_rounding);
  CHECK(largest_error<nn::SiLU, In, N>(0.015F, zero) < one_rounding);
  CHECK(largest_error<nn::GELU, In, N>(0.013F, zero) < one_rounding);
  CHECK(largest_error<nn::ELU<>, In, N>(0.02F, zero) < one_rounding);
  CHECK(largest_error<nn::LeakyReLU<std::ratio<1, 10>>, In, N>(0.017F, zero) < one_rounding);
  CHECK(largest_error<nn::LeakyReLU<std::ratio<-1, 10>>, In, N>(0.017F, zero) < one_rounding);
  CHECK(largest_error<nn::PReLU<>, In, N>(0.017F, zero) < one_rounding);
  CHECK(largest_error<nn::PReLU<1>, In, N>(0.017F, zero) < one_rounding);
  CHECK(largest_error<nn::ReLU6, In, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::Softmax, In, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::Softmax, Shape<100>, N>(0.0F, 0) < one_rounding);
}

TEST_CASE("integer functions run in constant expressions") {
  using Model = nn::Network<nn::Sequential<nn::HardSwish, nn::Softmax>, Shape<3>, nn::Int8>;
  static constexpr float f32[] = {0.1F, 0.05F};
  static constexpr std::int32_t i32[] = {0, -60};
  constexpr nn::WeightsView<Model> weights{f32, nullptr, i32};
  constexpr nn::Tensor<std::int8_t, Shape<3>> x{{-20, 0, 30}};
  constexpr auto y = typename Model::Reference{weights}(x);
  // hard swish gives -1/3, 0, 3, as integers -67, -60, 0; softmax of -0.35, 0, 3 is 0.032, 0.046, 0.922
  STATIC_REQUIRE(y[0] == -120);
  STATIC_REQUIRE(y[1] == -116);
  STATIC_REQUIRE(y[2] == 108);
  CHECK(Model{weights}(x) == y);
}
