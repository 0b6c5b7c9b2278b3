// Networks of halves, where the instruction set has their arithmetic against the scalar kernels'.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <ratio>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/numbers.hpp"

namespace {

template <class Spec, class In, class Isa>
std::vector<float> run_network(const ctnn::Weights<ctnn::Network<Spec, In>>& weights, const std::vector<float>& x) {
  using Model = ctnn::Network<Spec, In, ctnn::F16, Isa>;
  const auto model = ctnn::make_model<Model>(weights);
  const auto arena = std::make_unique<typename Model::Arena>();
  std::vector<float> y(Model::Output::size);
  model->run(ctnn::View<const float, In>{x.data()}, ctnn::View<float, typename Model::Output>{y.data()}, *arena);
  return y;
}
/// Numbers that are none in the input, and their neighbours, are the same ones on both; others are near.
template <class Spec, class In>
void check_network(float special) {
  ctnn::Weights<ctnn::Network<Spec, In>> weights;
  for (std::size_t i = 0; i < weights.f32().size(); ++i) weights.f32()[i] = golden::number(1, i) / 8;
  std::vector<float> x(In::size);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = golden::number(2, i);
  x[x.size() / 2] *= special;
  const auto expected = run_network<Spec, In, ctnn::isa::Scalar>(weights, x);
  const auto y = run_network<Spec, In, ctnn::isa::Native>(weights, x);
  float largest = 0.0F;
  std::size_t wrong = 0;
  double worst = 0.0;
  for (const float number : expected) {
    if (std::isfinite(number)) largest = std::max(largest, std::abs(number));
  }
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (std::isnan(expected[i]) != std::isnan(y[i]) || std::isinf(expected[i]) != std::isinf(y[i])) ++wrong;
    if (std::isfinite(expected[i])) worst = std::max(worst, std::abs(static_cast<double>(expected[i] - y[i])));
  }
  INFO("times " << special << ", worst " << worst << " of " << largest);
  CHECK(largest > 0);
  CHECK(wrong == 0);
  CHECK(worst <= 5e-3 * static_cast<double>(largest));  // a few roundings of sums and of outputs in each of five layers
}

}  // namespace

TEST_CASE("F16: networks on vectors of halves as on scalars") {
  using namespace ctnn;
  using Direct = Use<Algorithm::direct>;
  using Spec =
      Sequential<Conv2d<24, Kernel<3>, Stride<2>, Padding<1>>, ReLU6, DepthwiseConv2d<Kernel<3>, Padding<1>>, HardSwish,
                 Conv2d<40>, LeakyReLU<std::ratio<1, 10>>, Residual<Conv2d<40, Kernel<3>, Padding<1>, Direct>>, ReLU,
                 MaxPool2d<Kernel<2>>, SiLU, Conv2d<7>, Sigmoid>;
  for (const float special : {1.0F, std::numeric_limits<float>::quiet_NaN()})
    check_network<Spec, Shape<21, 19, 3>>(special);
  using Linears = Sequential<Conv2d<40, Kernel<3>, Padding<1>>, ReLU, Conv2d<24>, GlobalAvgPool2d, Flatten, Linear<33>>;
  check_network<Linears, Shape<9, 8, 6>>(1.0F);
  using Infinite = Sequential<Conv2d<40, Kernel<3>, Padding<1>, Direct>, DepthwiseConv2d<Kernel<3>>>;
  check_network<Infinite, Shape<9, 8, 6>>(std::numeric_limits<float>::infinity());
}
