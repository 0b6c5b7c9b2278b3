#include "golden/activation.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;
using golden::Values;

TEST_CASE("piecewise linear activations", "[activation]") {
  check<ReLU, Shape<5, 5, 3>>(golden::relu, Values::wide);
  check<ReLU6, Shape<5, 5, 3>>(golden::relu6, Values::wide);
  check<Clip<std::ratio<-1, 2>, std::ratio<5, 2>>, Shape<5, 5, 3>>(golden::clip, Values::wide);
  check<Clip<>, Shape<5, 5, 3>>(golden::clip_default, Values::wide);
  check<LeakyReLU<>, Shape<5, 5, 3>>(golden::leaky_relu, Values::wide);
  check<LeakyReLU<std::ratio<1, 10>>, Shape<5, 5, 3>>(golden::leaky_relu_tenth, Values::wide);
  check<HardSigmoid, Shape<5, 5, 3>>(golden::hard_sigmoid, Values::wide);
  check<HardSwish, Shape<5, 5, 3>>(golden::hard_swish, Values::wide);
}

TEST_CASE("exponential activations", "[activation]") {
  check<Sigmoid, Shape<5, 5, 3>>(golden::sigmoid, Values::wide);
  check<Tanh, Shape<5, 5, 3>>(golden::tanh, Values::wide);
  check<SiLU, Shape<5, 5, 3>>(golden::silu, Values::wide);
  check<GELU, Shape<5, 5, 3>>(golden::gelu, Values::wide);
  check<GELUTanh, Shape<5, 5, 3>>(golden::gelu_tanh, Values::wide);
  check<ELU<>, Shape<5, 5, 3>>(golden::elu, Values::wide);
  check<ELU<std::ratio<1, 2>>, Shape<5, 5, 3>>(golden::elu_half, Values::wide);
}

TEST_CASE("PReLU: a slope per channel or one for all", "[activation]") {
  check<PReLU<>, Shape<3, 5, 5>>(golden::prelu, Values::wide);
  check<PReLU<>, Shape<1, 2, 33>>(golden::prelu_33, Values::wide);
  check<PReLU<1>, Shape<3, 5, 5>>(golden::prelu_single, Values::wide);
  check<PReLU<>, Shape<17>>(golden::prelu_of_vector, Values::wide);
}

TEST_CASE("Softmax: over a vector, or the channels of every pixel", "[activation]") {
  check<Softmax, Shape<10>>(golden::softmax_of_vector);
  check<Softmax, Shape<33>>(golden::softmax_33_large, Values::wide);
  check<Softmax, Shape<3, 4, 17>>(golden::softmax_over_channels, Values::wide);
  check<Softmax, Shape<5, 8>>(golden::softmax_of_sequence);
  check<Softmax, Shape<2, 2, 1>>(golden::softmax_of_one);
}

TEST_CASE("activations after convolutions and Linear", "[activation]") {
  check<Sequential<Conv2d<17, Kernel<3>>, GELU>, Shape<4, 5, 3>>(golden::conv_gelu);
  check<Sequential<Conv2d<5, Kernel<3>, Padding<1>>, SiLU>, Shape<4, 5, 3>>(golden::conv_silu);
  check<Sequential<DepthwiseConv2d<Kernel<3>, Padding<1>>, HardSwish>, Shape<4, 5, 17>>(golden::depthwise_hard_swish);
  check<Sequential<Linear<17>, Sigmoid>, Shape<16>>(golden::linear_sigmoid);
  check<Sequential<Linear<5>, ELU<std::ratio<1, 2>>, LeakyReLU<>>, Shape<16>>(golden::linear_elu_twice);
  check<Sequential<Linear<10>, Softmax>, Shape<16>>(golden::linear_softmax);
  check<Sequential<Conv2d<17, Kernel<3>, Padding<1>>, PReLU<>, Conv2d<5, Kernel<3>, Padding<1>>>, Shape<4, 5, 8>>(
      golden::conv_prelu);
}
