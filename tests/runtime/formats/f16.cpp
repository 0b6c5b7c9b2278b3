#include "check.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <ratio>
#include <vector>

using namespace format_tests;

TEST_CASE("F16: fully connected layers") { check_fully_connected<ctnn::F16>(); }
TEST_CASE("F16: convolutions") { check_convolutions<ctnn::F16>(); }

TEST_CASE("F16: sums of many terms") {  // which were wrong if halves added them all
  using ctnn::kernels::fully_connected;
  check<ctnn::F16, fully_connected({1, 1, 3000}, 40), true>();
  check<ctnn::F16, fully_connected({1, 1, 1000}, 300), true>();
  check<ctnn::F16, convolution({3, 9, 700}, 40, Window{}), true>();
  check<ctnn::F16, convolution({3, 9, 701}, 70, Window{}), true>();
  check<ctnn::F16, convolution({6, 7, 130}, 33, Window{.height = 3, .width = 3}), true>();
}

TEST_CASE("F16: depthwise convolutions and small groups") {
  using kernel_tests::square;
  constexpr Window strided{.height = 3, .width = 3, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 1};
  constexpr auto lanewise = Algorithm::lanewise;
  check<ctnn::F16, convolution({5, 7, 31}, 31, square(3), 31), true, lanewise>();
  check<ctnn::F16, convolution({9, 6, 72}, 72, strided, 72), true, lanewise>();
  check<ctnn::F16, convolution({6, 7, 33}, 33, square(5), 33), true, lanewise>();
  check<ctnn::F16, convolution({3, 9, 20}, 20, square(9), 20), true, lanewise>();  // 81 taps: sums are floats
  check<ctnn::F16, convolution({4, 6, 40}, 40, square(3), 10), true, lanewise>();
}

TEST_CASE("F16: Winograd convolution") {
  using kernel_tests::square;
  constexpr auto winograd = Algorithm::winograd2;
  check<ctnn::F16, convolution({9, 7, 17}, 33, square(3)), true, winograd>();
  check<ctnn::F16, convolution({8, 14, 64}, 64, square(3)), true, winograd>();
  check<ctnn::F16, convolution({7, 7, 300}, 40, Window{.height = 3, .width = 3}), true, winograd>();
}

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
