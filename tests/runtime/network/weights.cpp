// Weights by name, owned and viewed.
#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "catch.hpp"
#include "golden/numbers.hpp"

using namespace ctnn;

namespace {
using Spec =
    Sequential<Named<"stem", Sequential<Conv2d<4, Kernel<3>>, BatchNorm2d<>>>, ReLU, Flatten, Linear<3, NoBias>>;
using Model = Network<Spec, Shape<4, 5, 2>>;
constexpr std::size_t total = 4 * 2 * 9 + 4 + 4 * 4 + 3 * 24;
}  // namespace

TEST_CASE("weights are found by name, one array behind the other") {
  std::array<float, total> numbers{};
  const WeightsView<Model> view{numbers.data(), nullptr, nullptr};
  CHECK(view.get<"stem.0.weight">() == std::pair{std::as_const(numbers).data(), std::size_t{72}});
  CHECK(view.get<"stem.0.bias">() == std::pair{std::as_const(numbers).data() + 72, std::size_t{4}});
  CHECK(view.get<"stem.1.running_var">() == std::pair{std::as_const(numbers).data() + 88, std::size_t{4}});
  CHECK(view.get<"3.weight">() == std::pair{std::as_const(numbers).data() + 92, std::size_t{72}});
  CHECK(Model::weight_bytes == total * sizeof(float));
}

TEST_CASE("weights that own their numbers begin as zeros") {
  Weights<Model> weights;
  CHECK(weights.f32().size() == total);
  CHECK(weights.i8().empty());
  CHECK(std::all_of(weights.f32().begin(), weights.f32().end(), [](float w) { return w == 0; }));
  CHECK(weights.data(1) == weights.f32().data() + 72);
  CHECK(std::as_const(weights).data(6) == weights.f32().data() + 92);
}

TEST_CASE("a model is the same from an array, from a view and from weights that own their numbers") {
  static float array[total];
  golden::fill_weights(Model::weights.data(), Model::weight_count, array);
  Weights<Model> weights;
  std::copy(std::begin(array), std::end(array), weights.f32().begin());
  Tensor<float, Model::Input> x;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = golden::number(golden::input_seed, i);

  const Model from_array{WeightsView<Model>{array}};
  const Model from_weights{weights};
  const auto y = from_array(x);
  CHECK(from_weights(x) == y);
  CHECK((*make_model<Model>(weights))(x) == y);
  CHECK((*make_model<Model>(WeightsView<Model>{array}))(x) == y);
}

TEST_CASE("a model keeps none of the weights it was made from") {
  auto numbers = golden::weights_of<Model>();
  const Model model{WeightsView<Model>{numbers.data(), nullptr, nullptr}};
  const Tensor<float, Model::Input> x{};
  const auto y = model(x);
  std::fill(numbers.begin(), numbers.end(), 1e30F);
  CHECK(model(x) == y);
}
