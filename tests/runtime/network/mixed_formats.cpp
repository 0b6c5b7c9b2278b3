// Parts of a network in other number formats: what the weights are called, what comes out, memory, constant
// expressions.
#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"

using namespace ctnn;

namespace {

template <class Model>
std::vector<std::string> names() {
  std::vector<std::string> all;
  for (std::size_t i = 0; i < Model::weight_count; ++i) all.emplace_back(Model::weights[i].name.view());
  return all;
}
using Names = std::vector<std::string>;

template <class Spec, class In, class N>
using Reference = Network<Spec, In, N, isa::Scalar>;

}  // namespace

TEST_CASE("mixed formats: a layer that reads another format has the names of its input's quantization") {
  using Part = Sequential<Linear<4>, With<Int8, Sequential<Linear<3>, ReLU, Linear<3>>>, Linear<2>>;
  CHECK(names<Reference<Part, Shape<5>, F32>>() ==
        Names{"0.weight", "0.bias", "1.0.input_scale", "1.0.input_zero_point", "1.0.weight", "1.0.weight_scale",
              "1.0.bias", "1.0.output_scale", "1.0.output_zero_point", "1.2.weight", "1.2.weight_scale", "1.2.bias",
              "1.2.output_scale", "1.2.output_zero_point", "2.weight", "2.bias"});
  // the network's input is floats as the network is, whatever the first layer computes in
  using First = Sequential<With<Int8, Linear<3>>, Linear<2>>;
  CHECK(names<Reference<First, Shape<5>, F32>>() == Names{"0.input_scale", "0.input_zero_point", "0.weight",
                                                          "0.weight_scale", "0.bias", "0.output_scale",
                                                          "0.output_zero_point", "1.weight", "1.bias"});
  using Last = Sequential<Linear<3>, With<F32, Linear<2>>>;
  CHECK(names<Reference<Last, Shape<5>, Int8>>() == Names{"input_scale", "input_zero_point", "0.weight",
                                                          "0.weight_scale", "0.bias", "0.output_scale",
                                                          "0.output_zero_point", "1.weight", "1.bias"});
}

TEST_CASE("mixed formats: names of blocks inside and outside of a format") {
  using Inside = Sequential<Linear<4>, With<Int8, Named<"head", Linear<3>>>>;
  using Outside = Sequential<Linear<4>, Named<"head", With<Int8, Linear<3>>>>;
  const auto inside = names<Reference<Inside, Shape<5>, F32>>();
  CHECK(std::find(inside.begin(), inside.end(), "head.input_scale") != inside.end());
  CHECK(std::find(inside.begin(), inside.end(), "head.weight") != inside.end());
  CHECK(names<Reference<Outside, Shape<5>, F32>>() == inside);
}

TEST_CASE("mixed formats: a format that is the network's own changes nothing") {
  using Plain = Reference<Sequential<Linear<4>, ReLU>, Shape<5>, Int8>;
  using Same = Reference<Sequential<With<Int8, Linear<4>>, With<Int8, ReLU>>, Shape<5>, Int8>;
  CHECK(names<Plain>() == names<Same>());
  STATIC_REQUIRE(Plain::arena_bytes == Same::arena_bytes);
  STATIC_REQUIRE(sizeof(Plain) == sizeof(Same));
}

TEST_CASE("mixed formats: what comes out has the last layer's format") {
  using FloatEnd = Reference<Sequential<Linear<3>, With<F32, Linear<2>>>, Shape<5>, Int8>;
  using IntegerEnd = Reference<Sequential<Linear<3>, With<Int8, Linear<2>>>, Shape<5>, F32>;
  using Integers = View<const std::int8_t, Shape<5>>;
  using Floats = View<const float, Shape<5>>;
  STATIC_REQUIRE(std::is_same_v<decltype(std::declval<FloatEnd>()(std::declval<Integers>())), Tensor<float, Shape<2>>>);
  STATIC_REQUIRE(
      std::is_same_v<decltype(std::declval<IntegerEnd>()(std::declval<Floats>())), Tensor<std::int8_t, Shape<2>>>);
  STATIC_REQUIRE(FloatEnd::layers[0].format == "Int8");
  STATIC_REQUIRE(FloatEnd::layers[1].format == "F32");
  STATIC_REQUIRE(FloatEnd::layers[0].output_bytes == 3);
  STATIC_REQUIRE(FloatEnd::layers[1].output_bytes == 8);
}

TEST_CASE("mixed formats: the arena holds every value in its own format") {
  // 100 bytes of integers, and their 400 of floats, alive at the same time, each from a multiple of 64 on
  using Last = Reference<Sequential<Linear<100>, With<F32, Linear<2>>>, Shape<5>, Int8>;
  STATIC_REQUIRE(Last::arena_bytes == 128 + 448);
  // the same in floats alone, and in integers alone
  STATIC_REQUIRE(Reference<Sequential<Linear<100>, Linear<2>>, Shape<5>, F32>::arena_bytes == 448);
  STATIC_REQUIRE(Reference<Sequential<Linear<100>, Linear<2>>, Shape<5>, Int8>::arena_bytes == 128);
}

namespace {

// 0.5 of x, plus 1, as integers of 1/4; then their sum and their difference in floats
using Tiny = Reference<Sequential<Linear<2>, ReLU, With<F32, Linear<2>>>, Shape<2>, Int8>;
constexpr float f32[] = {/* input_scale */ 0.5F,
                         /* weight_scale */ 0.25F, 0.25F,
                         /* output_scale */ 0.25F,
                         /* weight */ 1.0F,        1.0F,  1.0F, -1.0F,
                         /* bias */ 0.0F,          8.0F};
constexpr std::int8_t i8[] = {2, 0, 0, 2};
constexpr std::int32_t i32[] = {/* input_zero_point */ 1, /* bias */ 8, 8, /* output_zero_point */ -100};
constexpr Tensor<std::int8_t, Shape<2>> input{{9, -127}};  // 4 and -64

}  // namespace

TEST_CASE("mixed formats: a network runs in a constant expression") {
  constexpr Tiny model{WeightsView<Tiny>{f32, i8, i32}};
  constexpr auto y = model(input);
  // 4 * 0.5 + 1 = 3, and ReLU(-64 * 0.5 + 1) = 0
  STATIC_REQUIRE(y[0] == 3.0F);
  STATIC_REQUIRE(y[1] == 11.0F);
  using Model = Network<Tiny::Spec, Tiny::Input, Int8>;
  CHECK(Model{WeightsView<Model>{f32, i8, i32}}(input) == y);
}
