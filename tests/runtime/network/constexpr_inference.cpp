// A network evaluated by the compiler equals the same network at run time.
#include <algorithm>
#include <array>
#include <cmath>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"

using namespace ctnn;

namespace {

/// Numbers n / 4 with n in [-4, 4]: sums of their products are exact in float, in whatever order.
constexpr float quarter(std::size_t i) { return static_cast<float>(static_cast<int>(i * 7 % 9) - 4) / 4.0F; }

using Exact =
    Sequential<Conv2d<3, Kernel<3>, Padding<1>>, ReLU, MaxPool2d<Kernel<2>>, Residual<Conv2d<3, Kernel<3>, Padding<1>>>,
               ReLU6, ChannelShuffle<3>, ZeroPad2d<0, 1>, Flatten, Linear<5>>;
using ExactInput = Shape<6, 5, 2>;
using Curved = Sequential<Conv2d<3, Kernel<2>>, BatchNorm2d<>, SiLU, AvgPool2d<Kernel<2>>,
                          Multiply<Identity, Sequential<GlobalAvgPool2d, Conv2d<3>, Sigmoid>>, GELU, Flatten, Linear<4>,
                          Tanh, Softmax>;
using CurvedInput = Shape<5, 5, 2>;

template <class Model>
constexpr auto weights = [] {
  std::array<float, Model::weight_bytes / sizeof(float)> numbers{};
  golden::fill_weights(Model::weights.data(), Model::weight_count, numbers.data());
  return numbers;
}();
template <class Model>
constexpr auto exact_weights = [] {
  std::array<float, Model::weight_bytes / sizeof(float)> numbers{};
  for (std::size_t i = 0; i < numbers.size(); ++i) numbers[i] = quarter(i);
  return numbers;
}();
template <class S>
constexpr auto exact_input = [] {
  Tensor<float, S> x;
  for (std::size_t i = 0; i < S::size; ++i) x[i] = quarter(i + 5);
  return x;
}();
template <class S>
constexpr auto input = [] {
  Tensor<float, S> x;
  for (std::size_t i = 0; i < S::size; ++i) x[i] = golden::number(golden::input_seed, i);
  return x;
}();

template <class Model>
constexpr Model model_of(const float* numbers) {
  return Model{WeightsView<Model>{numbers, nullptr, nullptr}};
}

using ExactModel = Network<Exact, ExactInput, F32, isa::Scalar>;
using CurvedModel = Network<Curved, CurvedInput, F32, isa::Scalar>;

// The models are constants too: constinit ones lie in read-only memory.
constexpr ExactModel exact_model = model_of<ExactModel>(exact_weights<ExactModel>.data());
constexpr CurvedModel curved_model = model_of<CurvedModel>(weights<CurvedModel>.data());
constexpr auto exact_result = exact_model(exact_input<ExactInput>);
constexpr auto curved_result = curved_model(input<CurvedInput>);

static_assert(argmax(exact_result) < 5);
static_assert(curved_result[0] > 0 && curved_result[0] < 1);
static_assert(std::is_same_v<Network<Exact, ExactInput>::Reference, ExactModel>);

}  // namespace

TEST_CASE("exact sums: a constant expression's result is every instruction set's, to the bit") {
  for (const golden::Engine& engine : golden::engines<Exact, ExactInput>()) {
    INFO(engine.isa);
    const std::vector<float> numbers(exact_weights<ExactModel>.begin(), exact_weights<ExactModel>.end());
    const std::vector<float> x(exact_input<ExactInput>.begin(), exact_input<ExactInput>.end());
    const auto y = golden::run_guarded(engine, numbers, x);
    CHECK(std::equal(y.begin(), y.end(), exact_result.begin()));
  }
  CHECK(std::any_of(exact_result.begin(), exact_result.end(), [](float value) { return value != 0; }));
}

TEST_CASE("a constant model gives its constant result again at run time") {
  auto x = exact_input<ExactInput>;  // not constant
  CHECK(exact_model(x) == exact_result);
  static constinit ExactModel elsewhere = model_of<ExactModel>(exact_weights<ExactModel>.data());
  CHECK(elsewhere(x) == exact_result);
}

TEST_CASE("rounded sums and exponentials: a constant expression's result within rounding of every instruction set's") {
  // 60 roundings on the way of a probability, each of eps / 2 at most, at slopes of at most 1
  constexpr double tolerance = 60 * 0.5 * static_cast<double>(std::numeric_limits<float>::epsilon());
  for (const golden::Engine& engine : golden::engines<Curved, CurvedInput>()) {
    INFO(engine.isa);
    const std::vector<float> numbers(weights<CurvedModel>.begin(), weights<CurvedModel>.end());
    const std::vector<float> x(input<CurvedInput>.begin(), input<CurvedInput>.end());
    const auto y = golden::run_guarded(engine, numbers, x);
    for (std::size_t i = 0; i < y.size(); ++i) {
      CHECK(std::abs(static_cast<double>(y[i]) - static_cast<double>(curved_result[i])) <= tolerance);
    }
  }
}
