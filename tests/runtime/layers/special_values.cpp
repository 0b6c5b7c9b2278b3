// What has no golden file: infinities and not-a-number.
#include <cmath>
#include <limits>

#include "check.hpp"

using namespace ctnn;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();
constexpr float infinity = std::numeric_limits<float>::infinity();

/// f of every element, `value` in each lane position in turn among ordinary numbers.
template <class Activation, class Check>
void for_value(float value, Check holds) {
  constexpr std::size_t size = 21;  // a whole vector and a tail on every instruction set
  for (const golden::Engine& engine : golden::engines<Activation, Shape<size>>()) {
    INFO(engine.isa);
    for (std::size_t at = 0; at < size; ++at) {
      std::vector<float> x(size, 0.5F);
      x[at] = value;
      const auto y = golden::run_guarded(engine, {}, x);
      INFO("at " << at << ": " << y[at]);
      CHECK(holds(y[at]));
      CHECK(std::isfinite(y[at == 0 ? 1 : 0]));
    }
  }
}
template <class... Activations>
void keep_nan() {
  (for_value<Activations>(not_a_number, [](float y) { return std::isnan(y); }), ...);
}

}  // namespace

TEST_CASE("not-a-number stays through activations", "[activation]") {
  keep_nan<ReLU, ReLU6, Clip<>, LeakyReLU<>, HardSigmoid, HardSwish>();
}
TEST_CASE("not-a-number stays through exponential activations", "[activation]") {
  keep_nan<Sigmoid, Tanh, SiLU, GELU, GELUTanh, ELU<>>();
}
TEST_CASE("not-a-number stays through an activation in a Linear's loop", "[activation]") {
  for (const golden::Engine& engine : golden::engines<Sequential<Linear<5, NoBias>, ReLU6>, Shape<3>>()) {
    INFO(engine.isa);
    for (const float y : golden::run_guarded(engine, std::vector<float>(15, 1.0F), {1.0F, not_a_number, 2.0F}))
      CHECK(std::isnan(y));
  }
}

TEST_CASE("not-a-number stays through max pools", "[pool]") {
  for (const golden::Engine& engine : golden::engines<MaxPool2d<Kernel<2>>, Shape<2, 2, 5>>()) {
    INFO(engine.isa);
    std::size_t kept = 0;
    for (std::size_t at = 0; at < 20; ++at) {
      std::vector<float> x(20, 0.5F);
      x[at] = not_a_number;
      if (std::isnan(golden::run_guarded(engine, {}, x)[at % 5])) ++kept;
    }
    CHECK(kept == 20);
  }
}

TEST_CASE("a max pool's padding never wins over infinities", "[pool]") {
  for (const golden::Engine& engine : golden::engines<MaxPool2d<Kernel<2>, Padding<1>>, Shape<2, 2, 5>>()) {
    INFO(engine.isa);
    for (const float y : golden::run_guarded(engine, {}, std::vector<float>(20, -infinity))) CHECK(y == -infinity);
  }
}

TEST_CASE("infinities go to the activations' limits", "[activation]") {
  const auto is = [](float limit) { return [limit](float y) { return y == limit; }; };
  for_value<ReLU>(infinity, is(infinity));
  for_value<ReLU>(-infinity, is(0.0F));
  for_value<ReLU6>(infinity, is(6.0F));
  for_value<Sigmoid>(infinity, is(1.0F));
  for_value<Sigmoid>(-infinity, is(0.0F));
  for_value<Tanh>(infinity, is(1.0F));
  for_value<Tanh>(-infinity, is(-1.0F));
  for_value<ELU<>>(-infinity, is(-1.0F));
}
