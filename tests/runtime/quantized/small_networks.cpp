// Int8 networks with scales given by hand: integers stay close to the real numbers they stand for, in every layer that
// has an integer form, and the same network runs in a constant expression.

#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "runtime/quantized/real_numbers.hpp"

namespace nn = ctnn;

using real_numbers::largest_error, real_numbers::one_rounding;

TEST_CASE("an int8 layer is its real numbers rounded once") {
  using nn::Shape, nn::Kernel, nn::Padding, nn::Groups, nn::Stride;
  CHECK(largest_error<nn::Conv2d<6, Kernel<3>, Padding<1>>, Shape<7, 5, 4>>(0.05F, 3) < one_rounding);
  CHECK(largest_error<nn::Conv2d<6, Kernel<3>, Stride<2>, Groups<2>, nn::NoBias>, Shape<7, 6, 4>>(0.03F, -20) <
        one_rounding);
  CHECK(largest_error<nn::DepthwiseConv2d<Kernel<3, 2>, nn::ChannelMultiplier<2>>, Shape<6, 6, 3>>(0.02F, 0) <
        one_rounding);
  CHECK(largest_error<nn::Conv1d<4, Kernel<3>, Padding<1, 2>>, Shape<9, 2>>(0.02F, 7) < one_rounding);
  CHECK(largest_error<nn::Linear<9>, Shape<17>>(0.05F, -1) < one_rounding);
  CHECK(largest_error<nn::Sequential<nn::Flatten, nn::Linear<5>>, Shape<3, 4, 2>>(0.05F, 11) < one_rounding);
}

TEST_CASE("int8 activations clamp in the layer before and alone") {
  using nn::Shape, nn::Kernel;
  CHECK(largest_error<nn::Sequential<nn::Linear<9>, nn::ReLU>, Shape<17>>(0.03F, -30) < one_rounding);
  CHECK(largest_error<nn::Sequential<nn::Linear<9>, nn::ReLU6>, Shape<17>>(0.06F, -128) < one_rounding);
  CHECK(largest_error<nn::Sequential<nn::Conv2d<3>, nn::MaxPool2d<Kernel<2>>, nn::ReLU>, Shape<4, 4, 3>>(0.03F, -30) <
        one_rounding);
}

TEST_CASE("int8 joins and data movement keep to the real numbers") {
  using nn::Shape, nn::Kernel, nn::Padding;
  // every branch rounds once, then the join
  using Block = nn::Conv2d<4, Kernel<3>, Padding<1>>;
  CHECK(largest_error<nn::Residual<Block>, Shape<5, 5, 4>>(0.06F, 4) < 2 * one_rounding);
  CHECK(largest_error<nn::Add<Block, nn::Identity, Block>, Shape<5, 5, 4>>(0.06F, 4) < 3 * one_rounding);
  CHECK(largest_error<nn::Concat<Block, nn::Identity>, Shape<5, 5, 4>>(0.06F, -9) < 2 * one_rounding);
  CHECK(largest_error<nn::Sequential<nn::Split<nn::Identity, nn::Conv2d<2>>, nn::ChannelShuffle<2>>, Shape<5, 5, 4>>(
            0.06F, -9) < 2 * one_rounding);
  CHECK(largest_error<nn::Sequential<nn::ZeroPad2d<1>, nn::Conv2d<3, Kernel<3>>>, Shape<5, 5, 2>>(0.04F, 0) <
        one_rounding);
  CHECK(largest_error<nn::Sequential<nn::Conv2d<3>, nn::Upsample2d<2>, nn::Dropout>, Shape<3, 3, 2>>(0.04F, 0) <
        one_rounding);
  CHECK(largest_error<nn::Sequential<nn::Conv2d<3>, nn::AvgPool2d<Kernel<2>>>, Shape<4, 4, 2>>(0.04F, 5) <
        2 * one_rounding);
  CHECK(largest_error<nn::Sequential<nn::Conv2d<3>, nn::GlobalAvgPool2d, nn::Flatten, nn::Identity>, Shape<4, 4, 2>>(
            0.04F, -5) < 2 * one_rounding);
}

TEST_CASE("an int8 layer has absorbed the batch norm after it") {
  using Spec = nn::Sequential<nn::Linear<2, nn::NoBias>, nn::BatchNorm1d<>, nn::ReLU>;
  using Plain = nn::Sequential<nn::Linear<2>, nn::ReLU>;
  using Model = nn::Network<Spec, nn::Shape<3>, nn::Int8>;
  using Without = nn::Network<Plain, nn::Shape<3>, nn::Int8>;
  STATIC_REQUIRE(Model::weight_bytes == Without::weight_bytes);
  constexpr float f32[] = {0.5F, 0.25F, 0.125F, 0.5F};
  constexpr std::int8_t i8[] = {1, 2, 3, -4, -5, -6};
  constexpr std::int32_t i32[] = {2, 4, 8, -3};
  const nn::Tensor<std::int8_t, nn::Shape<3>> x{{10, 20, 30}};
  CHECK(Model{nn::WeightsView<Model>{f32, i8, i32}}(x) == Without{nn::WeightsView<Without>{f32, i8, i32}}(x));
}

TEST_CASE("a fixed-point number scales with one rounding, halves up") {
  using nn::numeric::FixedPoint;
  CHECK(FixedPoint{0.5}.scale(3) == 2);
  CHECK(FixedPoint{0.5}.scale(-3) == -1);
  CHECK(FixedPoint{0.25}.scale(5) == 1);
  CHECK(FixedPoint{1.0}.scale(123456789) == 123456789);
  CHECK(FixedPoint{1000.0}.scale(7) == 7000);
  CHECK(FixedPoint{1e-12}.scale(1'000'000) == 0);
  CHECK(FixedPoint{1e6}.scale(std::int64_t{1} << 31) == (std::int64_t{1} << 31) * 1'000'000);
  CHECK(FixedPoint{1e30}.scale(5) > std::numeric_limits<std::int32_t>::max());
  CHECK(FixedPoint{1e30}.scale(-5) < std::numeric_limits<std::int32_t>::min());
  CHECK(FixedPoint{0.0}.scale(5) == 0);
  CHECK(FixedPoint{-1.0}.scale(5) == 0);
  for (std::int64_t x = -100'000; x <= 100'000; x += 7) {
    const double exact = static_cast<double>(x) * 0.0123456789;
    REQUIRE(FixedPoint{0.0123456789}.scale(x) == static_cast<std::int32_t>(std::floor(exact + 0.5)));
  }
}

namespace {

using Tiny = nn::Network<nn::Sequential<nn::Linear<2>, nn::ReLU>, nn::Shape<3>, nn::Int8>;
constexpr float f32[] = {0.5F, /* weight_scale */ 0.25F, 0.125F, /* output_scale */ 0.5F};
constexpr std::int8_t i8[] = {1, 2, 3, -4, -5, -6};
constexpr std::int32_t i32[] = {/* input_zero_point */ 2, /* bias */ 4, 8, /* output_zero_point */ -3};
constexpr nn::WeightsView<Tiny> tiny_weights{f32, i8, i32};
constexpr nn::Tensor<std::int8_t, nn::Shape<3>> tiny_input{{10, 20, 30}};

}  // namespace

TEST_CASE("an int8 network runs in a constant expression") {
  constexpr Tiny::Reference reference{tiny_weights};
  constexpr auto y = reference(tiny_input);
  // 4 + 8 * 1 + 18 * 2 + 28 * 3 = 132, times 0.5 * 0.25 / 0.5, less 3; the other output is negative: its zero point
  STATIC_REQUIRE(y[0] == 30);
  STATIC_REQUIRE(y[1] == -3);
  const Tiny model{tiny_weights};
  CHECK(model(tiny_input) == y);
}
