// The same network in a constant expression and at run time.

#include <cmath>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"

namespace nn = ctnn;

namespace {

using Spec = nn::Sequential<nn::Conv2d<3, nn::Kernel<3>, nn::Padding<1>>, nn::BatchNorm2d<>, nn::SiLU,
                            nn::Residual<nn::DepthwiseConv2d<nn::Kernel<3>, nn::Padding<1>>>, nn::ReLU,
                            nn::MaxPool2d<nn::Kernel<2>>, nn::Concat<nn::Conv2d<2>, nn::Tanh>, nn::GELU, nn::Flatten,
                            nn::Linear<4>, nn::Softmax>;
using Model = nn::Network<Spec, nn::Shape<6, 6, 2>>;

/// Weights from a formula: between -0.5 and 0.5, variances positive.
constexpr auto numbers = [] {
  nn::Tensor<float, nn::Shape<Model::WeightTable::elements(nn::ElementType::f32)>> w;
  for (std::size_t i = 0; i < w.size(); ++i) w[i] = static_cast<float>((i * 37 + 11) % 101) / 101.0F - 0.5F;
  for (std::size_t i = 0; i < Model::weight_count; ++i) {
    const nn::WeightInfo& info = Model::weights[i];
    if (!info.name.view().ends_with("running_var")) continue;
    for (std::size_t k = 0; k < info.size; ++k) w[info.offset + k] = 1.0F + static_cast<float>(k);
  }
  return w;
}();
constexpr auto image = [] {
  nn::Tensor<float, nn::Shape<6, 6, 2>> x;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>((i * 29 + 5) % 67) / 67.0F - 0.3F;
  return x;
}();
constexpr nn::WeightsView<Model> weights{numbers.data(), nullptr, nullptr};
constexpr Model::Reference reference{weights};
constexpr auto at_compile_time = reference(image);

static_assert(nn::argmax(at_compile_time) < 4);
static_assert(at_compile_time[0] + at_compile_time[1] + at_compile_time[2] + at_compile_time[3] > 0.999F);

constinit const Model packed_by_compiler{weights};

// Exponentials and square roots are series at compile time and the library's at run time: each within a few units in
// the last place, through about ten roundings of a probability.
constexpr float tolerance = 2e-6F;

}  // namespace

TEMPLATE_TEST_CASE("run time and compile time agree", "", Model, Model::Reference) {
  const TestType model{weights};
  const auto y = model(image);
  for (std::size_t i = 0; i < 4; ++i) CHECK(std::abs(y[i] - at_compile_time[i]) <= tolerance);
}

TEST_CASE("a model packed by the compiler is the model packed at run time") {
  const Model model{weights};
  CHECK(packed_by_compiler(image) == model(image));
}
