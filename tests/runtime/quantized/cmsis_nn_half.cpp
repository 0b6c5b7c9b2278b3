// Layers in half precision against PyTorch, from which CMSIS-NN's vectors were made: within 2 units of half precision's
// last place (where terms cancel, of the sum of their magnitudes), in F16 and in F16Storage alike. Most are within 1.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <ratio>
#include <string>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "runtime/quantized/cmsis_nn.hpp"

namespace nn = ctnn;
using nn::Conv2d, nn::DepthwiseConv2d, nn::Linear, nn::Shape;
using nn::Kernel, nn::Stride, nn::Dilation, nn::Padding, nn::ChannelMultiplier, nn::NoBias;

#ifdef CTNN_CMSIS_NN

namespace {

/// The largest error in units of the last place of half precision: of the wanted number, or where terms have cancelled,
/// of their magnitudes' sum.
double largest_ulps(const std::vector<float>& results, const std::vector<float>& wanted,
                    const std::vector<float>& magnitudes) {
  REQUIRE(results.size() == wanted.size());
  REQUIRE(magnitudes.size() == wanted.size());
  double worst = 0.0;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    const float size = std::max({std::abs(wanted[i]), magnitudes[i], 0x1p-14F});
    const double ulp = std::ldexp(1.0, std::ilogb(size) - 10);
    worst = std::max(worst, std::abs(static_cast<double>(results[i]) - static_cast<double>(wanted[i])) / ulp);
  }
  return worst;
}
std::vector<float> magnitudes_of(std::vector<float> numbers) {
  for (float& number : numbers) number = std::abs(number);
  return numbers;
}

/// Runs a layer over the samples of a test.
template <class N, class Layer, class In>
std::vector<float> run(const std::vector<float>& arrays, const std::vector<float>& inputs) {
  using Model = nn::Network<Layer, In, N>;
  nn::Weights<Model> weights;
  REQUIRE(weights.f32().size() == arrays.size());
  weights.f32() = arrays;
  const Model model{weights};
  REQUIRE(inputs.size() % In::size == 0);
  std::vector<float> results;
  for (std::size_t at = 0; at < inputs.size(); at += In::size) {
    const auto y = model(nn::View<const float, In>{inputs.data() + at});
    results.insert(results.end(), y.begin(), y.end());
  }
  return results;
}
/// In both formats: the errors are what the other side's arithmetic in half precision makes of the sum.
template <class Layer, class In>
void check(const std::string& name, const std::vector<float>& arrays, const std::vector<float>& inputs,
           const std::vector<float>& wanted, const std::vector<float>& magnitudes, double ulps) {
  INFO(name);
  CHECK(largest_ulps(run<nn::F16, Layer, In>(arrays, inputs), wanted, magnitudes) <= ulps);
  CHECK(largest_ulps(run<nn::F16Storage, Layer, In>(arrays, inputs), wanted, magnitudes) <= ulps);
}

cmsis_nn::Vectors vectors(const std::string& name) {
  return cmsis_nn::Vectors{std::string{CTNN_CMSIS_NN} + "/" + name};
}

/// A convolution or fully connected layer.
template <class Layer, class In, class After = nn::Identity>
void check_linear(const std::string& name) {
  const auto test = vectors(name);
  using L = nn::Bound<Layer, In>;
  constexpr std::size_t outputs = L::Weight::dims[0], taps = L::Weight::size / outputs;
  const auto weights = test.array<float>("weights_data");
  REQUIRE(weights.size() == L::Weight::size);
  // (OC, KH, KW, IC), of depthwise ones (KH, KW, OC), to (OC, IC, KH, KW)
  const bool depthwise = test.number_or("CH_MULT", 0) != 0;
  const std::size_t channels = depthwise ? 1 : L::Weight::dims[1], positions = taps / channels;
  std::vector<float> arrays;
  for (std::size_t oc = 0; oc < outputs; ++oc) {
    for (std::size_t ic = 0; ic < channels; ++ic) {
      for (std::size_t t = 0; t < positions; ++t) {
        arrays.push_back(weights[depthwise ? t * outputs + oc : (oc * positions + t) * channels + ic]);
      }
    }
  }
  if constexpr (L::Parameters::count > L::Weight::size) {
    const auto biases = test.array<float>("biases_data");
    arrays.insert(arrays.end(), biases.begin(), biases.end());
  }
  const auto inputs = test.array<float>("input_data");
  const auto magnitudes = run<nn::F32, Layer, In>(magnitudes_of(arrays), magnitudes_of(inputs));
  check<nn::Sequential<Layer, After>, In>(name, arrays, inputs, test.array<float>("output_ref_data"), magnitudes, 2.0);
}

template <class Layer, class In>
void check_pool(const std::string& name) {
  const auto test = vectors(name);
  const auto inputs = test.array<float>("input_tensor");
  const auto magnitudes = run<nn::F32, Layer, In>({}, magnitudes_of(inputs));
  check<Layer, In>(name, {}, inputs, test.array<float>("output_ref"), magnitudes, 1.0);
}

}  // namespace

TEST_CASE("half precision: convolutions") {
  check_linear<Conv2d<13, Stride<1, 2>>, Shape<3, 17, 11>, nn::Clip<std::ratio<-3, 4>, std::ratio<3, 4>>>(
      "conv_1x1_stride2_nhwc_f16");
  check_linear<Conv2d<12, Kernel<1, 3>>, Shape<1, 21, 8>>("conv_k3_opt_f16");
  check_linear<Conv2d<16, Kernel<1, 3>>, Shape<1, 21, 16>>("conv_k3_opt_nhwc_tuned_f16");
  check_linear<Conv2d<12, Kernel<1, 5>>, Shape<1, 21, 8>>("conv_k5_opt_f16");
  check_linear<Conv2d<16, Kernel<1, 5>>, Shape<1, 21, 16>>("conv_k5_opt_nhwc_tuned_f16");
  check_linear<Conv2d<5, Kernel<2>>, Shape<6, 7, 4>>("conv_kernel_2x2_f16");
  check_linear<Conv2d<4, Kernel<3>, Padding<1>>, Shape<3, 6, 2>>("conv_kernel_3x3_pad1_f16");
  check_linear<Conv2d<7>, Shape<5, 7, 19>>("conv_match_1x1_basic_f16");
  check_linear<Conv2d<5, Stride<1, 3>>, Shape<4, 7, 9>>("conv_match_1x1_stride_x_f16");
  check_linear<Conv2d<15, Stride<2>>, Shape<6, 7, 23>>("conv_match_1x1_stride_x_y_f16");
  check_linear<Conv2d<3, Kernel<1, 3>, Padding<0, 1>>, Shape<1, 2, 4>>("conv_match_1xn_1_f16");
  check_linear<Conv2d<3, Kernel<1, 48>, Stride<1, 2>>, Shape<1, 296, 4>>("conv_match_1xn_2_f16");
  check_linear<Conv2d<1, Kernel<1, 48>, Stride<1, 2>, Padding<0, 23>>, Shape<1, 296, 4>>("conv_match_1xn_3_f16");
  check_linear<Conv2d<16, Kernel<1, 8>, Stride<1, 4>, Padding<0, 2>>, Shape<1, 4, 1>>("conv_match_1xn_6_generic_f16");
  check_linear<Conv2d<3, Kernel<2>, Padding<1>, Dilation<2, 3>>, Shape<4, 6, 1>>("conv_match_dilation_golden_f16");
  check_linear<Conv2d<2, Kernel<3>, Padding<1>>, Shape<3, 3, 4>, nn::Clip<std::ratio<-61>, std::ratio<107>>>(
      "conv_match_out_activation_f16");
  check_linear<Conv2d<1, Kernel<3>, Stride<2>, Padding<1>>, Shape<7, 7, 1>>("conv_match_stride2pad1_f16");
}

TEST_CASE("half precision: depthwise convolutions") {
  using Three = Kernel<3>;
  check_linear<DepthwiseConv2d<Kernel<2, 5>>, Shape<2, 21, 8>>("depthwise_2x5_opt_batch2_f16");
  check_linear<DepthwiseConv2d<Kernel<2, 5>, ChannelMultiplier<16>>, Shape<2, 21, 1>>(
      "depthwise_2x5_opt_nhwc_chmult16_f16");
  check_linear<DepthwiseConv2d<Three>, Shape<9, 11, 8>>("depthwise_basic_f16");
  check_linear<DepthwiseConv2d<Three>, Shape<9, 11, 6>>("depthwise_basic_smallc_nhwc_f16");
  check_linear<DepthwiseConv2d<Kernel<4>, Stride<2, 1>, Padding<1>, ChannelMultiplier<16>>, Shape<9, 11, 1>>(
      "depthwise_ic1_to_conv_nhwc_f16");
  check_linear<DepthwiseConv2d<Kernel<1, 3>>, Shape<1, 21, 8>>("depthwise_k3_1d_opt_batch2_f16");
  check_linear<DepthwiseConv2d<Three, Stride<2>, Padding<1, 0>, NoBias>, Shape<5, 4, 5>>(
      "depthwise_kernel_3x3_null_bias_f16");
  check_linear<DepthwiseConv2d<Kernel<4, 2>>, Shape<8, 5, 1>>("depthwise_match_basic_f16");
  check_linear<DepthwiseConv2d<Three, Padding<2>, Dilation<2>>, Shape<7, 7, 1>>("depthwise_match_dilation_f16");
  check_linear<DepthwiseConv2d<Kernel<4, 3>, Stride<2>>, Shape<5, 6, 3>>("depthwise_match_out_activation_f16");
  check_linear<DepthwiseConv2d<Three, Stride<2>, Padding<1>>, Shape<7, 7, 1>>("depthwise_match_stride2pad1_f16");
  check_linear<DepthwiseConv2d<Kernel<2>>, Shape<5, 7, 9>>("depthwise_match_sub_block_f16");
}

TEST_CASE("half precision: fully connected layers") {
  check_linear<Linear<6>, Shape<20>>("fully_connected_match_basic_f16");
  check_linear<Linear<22>, Shape<89>>("fully_connected_match_fc_per_ch_f16");
  check_linear<Linear<5, NoBias>, Shape<33>>("fully_connected_null_bias_f16");
}

TEST_CASE("half precision: pools") {
  using nn::AvgPool2d, nn::MaxPool2d;
  check_pool<AvgPool2d<Kernel<5, 9>, Stride<2, 1>>, Shape<5, 9, 3>>("avgpooling_f16_1");
  check_pool<AvgPool2d<Kernel<1>, Stride<1, 2>>, Shape<1, 9, 2>>("avgpooling_match_3_f16");
  check_pool<AvgPool2d<Kernel<1, 3>, Stride<2, 1>, Padding<0, 1>, nn::ExcludePadding>, Shape<1, 12, 5>>(
      "avgpooling_match_2_f16");
  check_pool<MaxPool2d<Kernel<5, 9>, Stride<2, 1>>, Shape<5, 9, 3>>("maxpooling_f16_1");
  check_pool<nn::Sequential<MaxPool2d<Kernel<2>>, nn::ReLU6>, Shape<2, 4, 1>>("maxpooling_f16_3");
}

TEST_CASE("half precision: functions") {
  const auto test = vectors("activation_f16");
  const auto inputs = test.array<float>("input");
  const auto function = [&]<class F>(F, const std::string& name) {
    const auto wanted = test.array<float>("output_ref_" + name);
    check<F, Shape<9>>(name, {}, inputs, wanted, magnitudes_of(wanted), 1.0);
  };
  function(nn::LeakyReLU<std::ratio<1, 8>>{}, "leaky_relu");
  function(nn::HardSwish{}, "hardswish");
  function(nn::Sigmoid{}, "sigmoid");
  function(nn::Tanh{}, "tanh");
}

TEST_CASE("half precision: sums and products") {
  const auto join = [&]<class Join, class After, std::size_t size>(const std::string& name, Join, After, Shape<size>) {
    const auto test = vectors(name);
    auto inputs = test.array<float>("input1");
    const auto second = test.array<float>("input2");
    inputs.insert(inputs.end(), second.begin(), second.end());
    const auto magnitudes = run<nn::F32, Join, Shape<size>>({}, magnitudes_of(inputs));
    // the inputs were rounded to half precision after PyTorch had read them
    check<nn::Sequential<Join, After>, Shape<size>>(name, {}, inputs, test.array<float>("output_ref"), magnitudes, 2.0);
  };
  using nn::ChannelSlice;
  join("add_f16_spill", nn::Add<ChannelSlice<2, 0>, ChannelSlice<2, 1>>{}, nn::Clip<std::ratio<-2>, std::ratio<3>>{},
       Shape<210>{});
  join("mul_f16", nn::Multiply<ChannelSlice<2, 0>, ChannelSlice<2, 1>>{}, nn::Identity{}, Shape<320>{});
}

#else

TEST_CASE("half precision: PyTorch's numbers") { skip("CMSIS-NN's vectors", "CTNN_FIXTURES is not set"); }

#endif
