// Quantizing single layers: scales and zero points, folding, biases, and the largest errors.

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/quantize/quantize.hpp>

#include "catch.hpp"
#include "runtime/quantize/random.hpp"

namespace nn = ctnn;

namespace {

template <class Spec, class Input>
struct Both {
  using Real = nn::Network<Spec, Input>;
  using Integer = nn::Network<Spec, Input, nn::Int8>;
};

using One = Both<nn::Linear<2>, nn::Shape<2>>;
constexpr float one_weights[] = {127.0F, -63.5F, 0.0F, 0.0F, /* bias */ 10.0F, 1e9F};
constexpr nn::WeightsView<One::Real> one{one_weights};

}  // namespace

TEST_CASE("ranges hold zero, and it is exact") {
  const std::vector<nn::Tensor<float, nn::Shape<2>>> positive{{{1.0F, 2.0F}}, {{0.5F, 5.1F}}};
  const auto result = nn::quantize<One::Integer>(one, positive);
  CHECK(result.report.tensors[0].scale == 5.1F / 255.0F);
  CHECK(result.report.tensors[0].zero_point == -128);
  const std::vector<nn::Tensor<float, nn::Shape<2>>> negative{{{-1.0F, -2.0F}}};
  CHECK(nn::quantize<One::Integer>(one, negative).report.tensors[0].zero_point == 127);
  const std::vector<nn::Tensor<float, nn::Shape<2>>> zeros(1);
  const auto nothing = nn::quantize<One::Integer>(one, zeros);
  CHECK(nothing.report.tensors[0].scale == 1.0F);
}

TEST_CASE("weights are symmetric, and a bias fits its integers") {
  const std::vector<nn::Tensor<float, nn::Shape<2>>> inputs{{{-1.0F, 1.55F}}};
  const auto result = nn::quantize<One::Integer>(one, inputs);
  const nn::WeightsView<One::Integer> view = result.weights;
  const auto fields = view.leaf<0>();
  CHECK(fields.get<"weight">()[0] == 127);
  CHECK(fields.get<"weight">()[1] == -64);  // halves away from zero
  CHECK(fields.get<"weight_scale">()[0] == 1.0F);
  CHECK(fields.get<"bias">()[0] == 1000);  // in units of 0.01
  // no weights: the scale is what the bias needs
  CHECK(std::abs(fields.get<"bias">()[1] - (1 << 30)) < 200);  // float's precision
  CHECK(std::abs(0.01F * fields.get<"weight_scale">()[1] * 0x1p30F - 1e9F) < 100.0F);
}

TEST_CASE("unsigned activations are the same real numbers") {
  using Layer = nn::Sequential<nn::Linear<6>, nn::ReLU, nn::Linear<3>>;
  using Input = nn::Shape<8>;
  const auto real = random_weights<nn::Network<Layer, Input>>(0.5F);
  const auto images = random_images<Input>(8);
  const auto i8 = nn::quantize<nn::Network<Layer, Input, nn::QLinearInt8>>(real, images).report;
  const auto u8 = nn::quantize<nn::Network<Layer, Input, nn::UInt8>>(real, images).report;
  REQUIRE(i8.tensors.size() == u8.tensors.size());
  for (std::size_t i = 0; i < i8.tensors.size(); ++i) {
    CHECK(u8.tensors[i].zero_point == i8.tensors[i].zero_point + 128);
    CHECK(u8.tensors[i].scale == i8.tensors[i].scale);
    CHECK(u8.tensors[i].snr == i8.tensors[i].snr);
  }
}

TEST_CASE("a batch norm folds as if it had been folded before") {
  using Norm =
      Both<nn::Sequential<nn::Conv2d<4, nn::Kernel<3>, nn::NoBias>, nn::BatchNorm2d<>, nn::ReLU>, nn::Shape<5, 5, 2>>;
  using Plain = Both<nn::Sequential<nn::Conv2d<4, nn::Kernel<3>>, nn::ReLU>, nn::Shape<5, 5, 2>>;
  auto real = random_weights<Norm::Real>(0.5F);
  const auto images = random_images<nn::Shape<5, 5, 2>>(4);
  nn::Weights<Plain::Real> folded;
  const nn::WeightsView<Norm::Real> view = real;
  const auto conv = view.leaf<0>().get<"weight">();
  const auto norm = view.leaf<1>();
  for (std::size_t c = 0; c < 4; ++c) {
    const float scale = norm.get<"weight">()[c] / std::sqrt(norm.get<"running_var">()[c] + 1e-5F);
    for (std::size_t t = 0; t < 18; ++t) folded.f32()[18 * c + t] = scale * conv[18 * c + t];
    folded.f32()[72 + c] = norm.get<"bias">()[c] - scale * norm.get<"running_mean">()[c];
  }
  auto a = nn::quantize<Norm::Integer>(real, images);
  auto b = nn::quantize<Plain::Integer>(folded, images);
  CHECK(a.weights.i8() == b.weights.i8());
  REQUIRE(a.weights.i32().size() == b.weights.i32().size());
  for (std::size_t i = 0; i < a.weights.i32().size(); ++i) {
    CHECK(std::abs(a.weights.i32()[i] - b.weights.i32()[i]) <= 1);  // float's rounding, at a half
  }
}

// ---- the largest error

static_assert(nn::worst_case_error({.taps = 1, .output_error = 0.5}) == 0.5);
static_assert(nn::worst_case_error({.taps = 10, .weight_sum = 5.0, .input_error = 0.25}) > 1.25);
static_assert(nn::worst_case_error({.taps = 10, .weight_sum = 5.0, .input_error = 0.25}) < 1.2501);

TEST_CASE("no layer errs by more than its bound") {
  const auto check = []<class Spec, class Input>(Both<Spec, Input>) {
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
      using Real = typename Both<Spec, Input>::Real;
      using Integer = typename Both<Spec, Input>::Integer;
      const auto real = random_weights<Real>(0.2F, seed);
      const auto images = random_images<Input>(20, seed + 100);
      const auto all = nn::quantize<Integer>(real, images).report.tensors.back();
      CHECK(all.own_error <= all.error_bound);
      CHECK(all.own_error > 0.02 * all.error_bound);
      const nn::QuantizeOptions<nn::Percentile> clipping{.observer = nn::Percentile{0.95}, .correct_bias = true};
      const auto clipped = nn::quantize<Integer>(real, images, clipping).report.tensors.back();
      CHECK(clipped.own_error <= clipped.error_bound);
    }
  };
  check(Both<nn::Linear<20>, nn::Shape<200>>{});
  check(Both<nn::Sequential<nn::Conv2d<6, nn::Kernel<3>, nn::Padding<1>>, nn::ReLU>, nn::Shape<6, 6, 4>>{});
}

TEST_CASE("the bound is met where all errors point one way") {
  // every weight and every input ends in a half, which is rounded up; one weight and one input set the scales to 1
  constexpr std::size_t taps = 64;
  using Layer = Both<nn::Linear<1, nn::NoBias>, nn::Shape<taps>>;
  nn::Weights<Layer::Real> real;
  for (float& w : real.f32()) w = 126.5F;
  real.f32()[0] = 127.0F;
  std::vector<nn::Tensor<float, nn::Shape<taps>>> inputs(3);
  inputs[0][0] = -128.0F;
  inputs[0][1] = 127.0F;
  for (float& x : inputs[1]) x = 126.5F;
  inputs[1][0] = 0.0F;
  for (float& x : inputs[2]) x = 127.0F;  // so that no output is clipped
  const auto report = nn::quantize<Layer::Integer>(real, inputs).report;
  CHECK(report.tensors[0].scale == 1.0F);
  CHECK(report.tensors[1].own_error <= report.tensors[1].error_bound);
  CHECK(report.tensors[1].own_error > 0.7 * report.tensors[1].error_bound);
}
