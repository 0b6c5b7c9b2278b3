// Joins, pools and upsampling, in integer formats: the results are the real numbers', rounded.

#include <cstdint>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "runtime/quantized/real_numbers.hpp"

namespace nn = ctnn;
using nn::Shape, nn::Kernel, nn::Stride, nn::Padding;
using real_numbers::largest_error, real_numbers::one_rounding;

TEMPLATE_TEST_CASE("joins, pools and linear layers round as their format does", "", nn::Int8DoubleRounding, nn::UInt8) {
  using N = TestType;
  using In = Shape<6, 5, 4>;
  const int zero = N::Quantization::lowest + 128;
  CHECK(largest_error<nn::Add<nn::Identity, nn::Identity>, In, N>(0.033F, zero) < one_rounding);
  CHECK(largest_error<nn::Multiply<nn::Identity, nn::Identity>, In, N>(0.05F, zero) < one_rounding);
  CHECK(largest_error<nn::Multiply<nn::Identity, nn::Identity, nn::Identity>, In, N>(0.1F, zero) < one_rounding);
  CHECK(largest_error<nn::Concat<nn::Identity, nn::Identity>, In, N>(0.013F, zero) < one_rounding);
  CHECK(largest_error<nn::Concat<nn::Identity, nn::MaxPool2d<Kernel<1>>>, In, N>(0.02F, zero) < one_rounding);
  // the mean's error is multiplied with numbers up to 2.6
  CHECK(largest_error<nn::Multiply<nn::Identity, nn::GlobalAvgPool2d>, In, N>(0.03F, zero) < 3.6 * one_rounding);
  CHECK(largest_error<nn::GlobalAvgPool2d, In, N>(0.004F, zero) < one_rounding);
  CHECK(largest_error<nn::GlobalMaxPool2d, In, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::AdaptiveAvgPool2d<3, 2>, In, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::AvgPool2d<Kernel<3>, Stride<1>, Padding<1>>, In, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::AvgPool2d<Kernel<3>, Stride<2>, Padding<1>, nn::ExcludePadding>, In, N>(0.0F, 0) <
        one_rounding);
  CHECK(largest_error<nn::AvgPool2d<Kernel<2>, nn::Divisor<7>>, In, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::MaxPool2d<Kernel<3>, Stride<2>, Padding<1>>, Shape<7, 7, 70>, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::Upsample2d<2, nn::Bilinear>, In, N>(0.0F, 0) < one_rounding);
  // thirds in 2048ths: along both axes half of one is wrong, of 255 units
  CHECK(largest_error<nn::Upsample2d<3, nn::Bilinear>, In, N>(0.0F, 0) < one_rounding + 255.0 / 2048);
  CHECK(largest_error<nn::ZeroPad2d<1, 2>, In, N>(0.0F, 0) < one_rounding);
  CHECK(largest_error<nn::Sequential<nn::Conv2d<5, Kernel<3>, Padding<1>>, nn::ReLU>, In, N>(0.03F, zero) <
        one_rounding);
  CHECK(largest_error<nn::Linear<9>, Shape<17>, N>(0.05F, zero) < one_rounding);
}
