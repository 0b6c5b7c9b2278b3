// Networks side by side, and a grid of them, as their user reads it.
#include <limits>
#include <sstream>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/network/compare.hpp>
#include <ctnn/network/search.hpp>

#include "catch.hpp"

namespace nn = ctnn;

namespace {

template <std::size_t hidden, std::size_t inputs>
using TwoLayers = nn::Network<nn::Sequential<nn::Linear<hidden>, nn::ReLU, nn::Linear<4>>, nn::Shape<inputs>>;

constexpr nn::Machine machine{.flops_per_second = 1e9, .bytes_per_second = 1e8};

/// y = W x of two numbers.
using Linear = nn::Network<nn::Linear<2, nn::NoBias>, nn::Shape<2>>;
using Linear8 = nn::Network<nn::Linear<2, nn::NoBias>, nn::Shape<2>, nn::Int8>;
using Input = nn::Tensor<float, nn::Shape<2>>;

constexpr float identity_weights[] = {1, 0, 0, 1};
constexpr float first_weights[] = {1, 0, 0, 0};
constexpr float broken_weights[] = {std::numeric_limits<float>::quiet_NaN(), 0, 0, 1};
constexpr Linear identity{nn::WeightsView<Linear>{identity_weights}};
constexpr Linear first{nn::WeightsView<Linear>{first_weights}};

const std::vector<Input> inputs{Input{{2, 1}}, Input{{1, 2}}, Input{{-1, 2}}, Input{{-1, -2}}};  // classes 0, 1, 1, 0

}  // namespace

TEST_CASE("a comparison has a row for each cost") {
  std::ostringstream out;
  nn::compare<TwoLayers<128, 64>, TwoLayers<16, 32>>(out, machine);
  CHECK(out.str() ==
        "                        teacher  student  ratio\n"
        "MACs                      8,704      576  15.11\n"
        "FLOPs                    17,408    1,152  15.11\n"
        "elementwise operations      260       36   7.22\n"
        "parameters                8,836      596  14.83\n"
        "memory access             9,284      676  13.73\n"
        "weight bytes             35,344    2,384  14.83\n"
        "arena bytes                 512       64   8.00\n"
        "roofline time (us)       371.36    27.04  13.73\n");
}

TEST_CASE("a comparison with nothing has no ratio") {
  std::ostringstream out;
  nn::compare<Linear, nn::Network<nn::ReLU, nn::Shape<2>>>(out, machine);
  CHECK(out.str() ==
        "                        teacher  student  ratio\n"
        "MACs                          4        0      -\n"
        "FLOPs                         8        0      -\n"
        "elementwise operations        0        2   0.00\n"
        "parameters                    4        0      -\n"
        "memory access                 8        4   2.00\n"
        "weight bytes                 16        0      -\n"
        "arena bytes                   0        0      -\n"
        "roofline time (us)         0.32     0.16   2.00\n");
}

TEST_CASE("a comparison of models says how often they agree") {
  std::ostringstream costs, out;
  nn::compare<Linear, Linear>(costs, machine);
  nn::compare(out, machine, identity, first, inputs);
  CHECK(out.str() == costs.str() + "same answer to 2 of 4 inputs, 50.0 %\n");
}

TEST_CASE("agreement is the share of inputs with the same largest output") {
  CHECK(nn::agreement(identity, identity, inputs) == 1.0);
  CHECK(nn::agreement(first, first, inputs) == 1.0);
  CHECK(nn::agreement(identity, first, inputs) == 0.5);
  CHECK(nn::agreement(identity, first, std::vector<Input>{inputs[0]}) == 1.0);
  CHECK(nn::agreement(identity, first, std::vector<Input>{}) == 0.0);
  const float numbers[2][2] = {{2, 1}, {1, 2}};
  const nn::View<const float, nn::Shape<2>> views[] = {decltype(views[0]){numbers[0]}, decltype(views[0]){numbers[1]}};
  CHECK(nn::agreement(identity, first, views) == 0.5);
}

TEST_CASE("of equal outputs the first is the largest") {
  CHECK(nn::agreement(identity, first, std::vector<Input>{Input{{0, 0}}, Input{{3, 3}}}) == 1.0);
}

TEST_CASE("what is not a number agrees with nothing") {
  const Linear broken{nn::WeightsView<Linear>{broken_weights}};
  CHECK(nn::agreement(identity, broken, inputs) == 0.0);
  CHECK(nn::agreement(broken, identity, inputs) == 0.0);
  CHECK(nn::agreement(broken, broken, inputs) == 0.0);
}

TEST_CASE("a float and an integer model are compared on floats") {
  const float scales[] = {0.1F, 1 / 127.0F, 1 / 127.0F, 0.1F};  // input, two rows of weights, output
  const std::int8_t weights[] = {127, 0, 0, 127};
  const std::int32_t integers8[] = {10, 0, 0, -5};  // the input's zero point, biases, the output's zero point
  const Linear8 quantized{nn::WeightsView<Linear8>{scales, weights, integers8}};
  CHECK(nn::agreement(identity, quantized, inputs) == 1.0);
  CHECK(nn::agreement(quantized, first, inputs) == 0.5);
  // nearer than a step of the quantization: equal to the integers, so the first
  const std::vector<Input> near{Input{{1.0F, 1.01F}}, Input{{1.01F, 1.0F}}};
  CHECK(nn::agreement(identity, quantized, near) == 0.5);
  // the integers themselves
  const std::vector<nn::Tensor<std::int8_t, nn::Shape<2>>> integers{{{30, 20}}, {{20, 30}}};
  CHECK(nn::agreement(quantized, quantized, integers) == 1.0);
}

TEST_CASE("agreement of models that need more memory than a stack has") {
  using Large =
      nn::Network<nn::Sequential<nn::Conv2d<128, nn::Kernel<1>>, nn::GlobalAvgPool2d, nn::Flatten, nn::Linear<2>>,
                  nn::Shape<224, 224, 1>>;
  STATIC_REQUIRE(Large::arena_bytes > 16 << 20);
  nn::Weights<Large> weights;
  for (std::size_t i = 0; i < weights.f32().size(); ++i) weights.f32()[i] = i % 3 == 0 ? 1.0F : -0.5F;
  const auto model = nn::make_model<Large>(weights);
  const std::vector<nn::Tensor<float, Large::Input>> images(2);
  CHECK(nn::agreement(*model, *model, images) == 1.0);
}

namespace {

template <std::size_t width, std::size_t resolution, std::size_t depth>
using Design = TwoLayers<width * depth, resolution>;
using Grid = nn::Grid<Design, nn::Axis<16, 32>, nn::Axis<8>, nn::Axis<1, 2>>;

}  // namespace

TEST_CASE("a grid is a table that says what is chosen") {
  std::ostringstream out;
  nn::print_grid<Grid>(out, nn::Budget{.flops = 768});
  CHECK(out.str() ==
        "width  resolution  depth  parameters  MACs  weight bytes  arena bytes  budget\n"
        "   16           8      1         212   192           848           64  within\n"
        "   16           8      2         420   384         1,680          128  chosen\n"
        "   32           8      1         420   384         1,680          128  within\n"
        "   32           8      2         836   768         3,344          256    over\n");
}

TEST_CASE("a grid without a point in the budget is a table all the same") {
  std::ostringstream out;
  nn::print_grid<nn::Grid<Design, nn::Axis<16>, nn::Axis<8>, nn::Axis<1>>>(out, nn::Budget{.arena_bytes = 63});
  CHECK(out.str() ==
        "width  resolution  depth  parameters  MACs  weight bytes  arena bytes  budget\n"
        "   16           8      1         212   192           848           64    over\n");
}
