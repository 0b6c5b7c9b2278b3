// Int8 layers against TensorFlow Lite's interpreter, from which CMSIS-NN's test vectors were made: every byte.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "runtime/quantized/cmsis_nn.hpp"

namespace nn = ctnn;
using nn::Conv1d, nn::Conv2d, nn::DepthwiseConv2d, nn::Linear, nn::Shape;
using nn::Kernel, nn::Stride, nn::Dilation, nn::Groups, nn::SamePadding, nn::ChannelMultiplier;

#ifdef CTNN_CMSIS_NN

namespace {

std::string folder_of(const std::string& name) { return std::string{CTNN_CMSIS_NN} + "/" + name; }

/// Outputs that differ from a test's, and by how much at most.
struct Differences {
  std::size_t other = 0;
  int largest = 0;
};

/// Runs a convolution or fully connected layer over the samples of a test. The test gives multipliers and shifts rather
/// than scales, which are put into the packed layer.
template <class N, class Layer, class In>
Differences differences_of_linear(const std::string& name) {
  INFO(name);
  const cmsis_nn::Vectors test{folder_of(name)};
  using L = nn::Bound<Layer, In>;
  using Out = typename L::Output;
  constexpr std::size_t outputs = nn::extent_of<Out>.channels;
  constexpr std::size_t taps = L::Weight::size / outputs;
  using K = typename L::template Kernel<N, nn::isa::Scalar, nn::kernels::Algorithm::reference,
                                        nn::kernels::canonical(nn::extent_of<In>),
                                        nn::kernels::canonical(nn::extent_of<Out>)>;

  auto fields = std::make_unique<nn::FieldTensors<typename N::template Fields<L>>>();
  const auto field = [&]<nn::FixedString field_name>() {
    return const_cast<std::remove_const_t<
        std::remove_pointer_t<decltype(fields->template get<field_name>().data())>>*>(  // a view of our own tensor
        fields->template get<field_name>().data());
  };
  // (OC, KH, KW, IC), of depthwise ones (KH, KW, OC), to (OC, IC, KH, KW)
  const auto weights = test.array<std::int8_t>("weights");
  REQUIRE(weights.size() == L::Weight::size);
  const bool depthwise = test.number_or("CH_MULT", 0) != 0;
  const std::size_t channels = depthwise ? 1 : L::Weight::dims[1], positions = taps / channels;
  std::int8_t* natural = field.template operator()<"weight">();
  for (std::size_t i = 0; i < L::Weight::size; ++i) {
    const std::size_t oc = i / taps, ic = i % taps / positions, t = i % positions;
    natural[i] = weights[depthwise ? t * outputs + oc : (oc * positions + t) * channels + ic];
  }
  const auto biases = test.array<std::int32_t>("biases");
  REQUIRE(biases.size() == outputs);
  std::copy(biases.begin(), biases.end(), field.template operator()<"bias">());

  nn::kernels::Surroundings<N> around;
  around.inputs[0].zero_point = -test.number("INPUT_OFFSET");
  around.output.zero_point = test.number("OUTPUT_OFFSET");
  auto packed = std::make_unique<typename K::Packed>();
  K::pack(*packed, *fields, around);
  auto& epilogue = packed->rescaling.epilogue;
  epilogue.lower = test.number("OUT_ACTIVATION_MIN");
  epilogue.upper = test.number("OUT_ACTIVATION_MAX");
  const bool per_tensor = test.number_or("OUTPUT_MULTIPLIER", 0) != 0;
  for (std::size_t oc = 0; oc < outputs; ++oc) {
    epilogue.scales.multiplier[oc] =
        per_tensor ? test.number("OUTPUT_MULTIPLIER") : test.array<std::int32_t>("output_mult")[oc];
    // a shift of 0 is that of a number in [1/2, 1), as 31 is here
    epilogue.scales.shift[oc] =
        31 - (per_tensor ? test.number("OUTPUT_SHIFT") : test.array<std::int32_t>("output_shift")[oc]);
  }

  const auto inputs = test.array<std::int8_t>("input"), wanted = test.array<std::int8_t>("output_ref");
  const auto batches = static_cast<std::size_t>(test.number_or("INPUT_BATCHES", 1));
  REQUIRE(inputs.size() == batches * In::size);
  REQUIRE(wanted.size() == batches * Out::size);
  std::vector<std::int8_t> results(wanted.size());
  for (std::size_t n = 0; n < batches; ++n) {
    K::run(inputs.data() + n * In::size, results.data() + n * Out::size, *packed,
           nn::kernels::FloatEpilogue<>{});  // of no matter to integers
  }
  Differences result;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (results[i] != wanted[i]) ++result.other;
    result.largest = std::max(result.largest, std::abs(results[i] - wanted[i]));
  }
  return result;
}

/// The interpreter that made the vectors rounds twice, and so does the format that is compared byte by byte; of what
/// rounding once makes, one byte of a test differs at most, by 1.
template <class Layer, class In>
void check_linear(const std::string& name) {
  INFO(name);
  CHECK(differences_of_linear<nn::Int8DoubleRounding, Layer, In>(name).other == 0);
  const Differences once = differences_of_linear<nn::Int8, Layer, In>(name);
  CHECK(once.largest <= 1);
  CHECK(once.other <= 1);
}

/// Runs a layer without weights as a network over the samples of a test, the output's quantization given where it has
/// one of its own.
template <class Layer, class In>
void check_network(const std::vector<std::int8_t>& inputs, const std::vector<std::int8_t>& wanted,
                   const nn::Int8::Quantization& input = {}, const nn::Int8::Quantization& output = {}) {
  using Model = nn::Network<Layer, In, nn::Int8>;
  nn::Weights<Model> weights;
  weights.f32()[0] = input.scale, weights.i32()[0] = input.zero_point;
  if constexpr (Model::weight_count == 4) weights.f32()[1] = output.scale, weights.i32()[1] = output.zero_point;
  const Model model{weights};
  const std::size_t batches = inputs.size() / In::size;
  REQUIRE(wanted.size() == batches * Model::Output::size);
  std::vector<std::int8_t> results;
  for (std::size_t n = 0; n < batches; ++n) {
    const auto y = model(nn::View<const std::int8_t, In>{inputs.data() + n * In::size});
    results.insert(results.end(), y.begin(), y.end());
  }
  CHECK(results == wanted);
}

template <class Layer, class In>
void check_pool(const std::string& name) {
  INFO(name);
  const cmsis_nn::Vectors test{folder_of(name)};
  check_network<Layer, In>(test.array<std::int8_t>("input_tensor"), test.array<std::int8_t>("output"));
}

}  // namespace

TEST_CASE("int8 convolutions give TensorFlow Lite's bytes") {
  check_linear<Conv2d<1, Kernel<4, 2>>, Shape<8, 5, 1>>("basic");
  check_linear<Conv2d<4, Kernel<3>, SamePadding>, Shape<3, 6, 2>>("conv_2");
  check_linear<Conv2d<1, Kernel<10, 4>, Stride<2, 1>, SamePadding>, Shape<49, 10, 3>>("conv_3");
  check_linear<Conv2d<1, Kernel<3>, Stride<4>, SamePadding>, Shape<1, 128, 128>>("conv_5");
  check_linear<Conv2d<2, Kernel<3>, SamePadding>, Shape<3, 3, 4>>("conv_out_activation");
  check_linear<Conv2d<7>, Shape<5, 7, 19>>("kernel1x1");
  check_linear<Conv2d<15, Stride<2>>, Shape<6, 7, 23>>("kernel1x1_stride_x_y");
  check_linear<Conv2d<5, Stride<3>>, Shape<4, 4, 5>>("kernel1x1_stride_x_y_2");
}

TEST_CASE("int8 convolutions of one row give TensorFlow Lite's bytes") {
  check_linear<Conv1d<3, Kernel<48>, Stride<2>>, Shape<296, 4>>("conv_1_x_n_2");
  check_linear<Conv1d<4, Kernel<3>, Stride<2>, SamePadding>, Shape<16, 4>>("conv_1_x_n_4");
  check_linear<Conv1d<15, Kernel<32>, SamePadding>, Shape<148, 20>>("conv_1_x_n_7");
}

TEST_CASE("int8 convolutions with dilation and groups give TensorFlow Lite's bytes") {
  using Dilated = Conv2d<2, Kernel<3>, SamePadding, Dilation<2>>;
  check_linear<Dilated, Shape<5, 5, 2>>("conv_2x2_dilation_5x5_input");
  check_linear<Dilated, Shape<11, 9, 2>>("conv_3x3_dilation_5x5_input");
  check_linear<Conv2d<1, Kernel<3>, Stride<2>, SamePadding>, Shape<7, 7, 1>>("grouped_conv");
  check_linear<Conv2d<2, Kernel<2, 1>, Groups<2>>, Shape<3, 7, 4>>("grouped_conv_2");
  check_linear<Conv2d<6, Kernel<2>, SamePadding, Dilation<3>, Groups<3>>, Shape<9, 9, 3>>("grouped_conv_4");
}

TEST_CASE("int8 depthwise convolutions give TensorFlow Lite's bytes") {
  check_linear<DepthwiseConv2d<Kernel<3>, SamePadding, Dilation<2>>, Shape<7, 7, 1>>("depthwise_dilation");
  check_linear<DepthwiseConv2d<Kernel<3>, Stride<2>, SamePadding>, Shape<5, 4, 5>>("depthwise_kernel_3x3");
  check_linear<DepthwiseConv2d<Kernel<4, 2>, Stride<2>, SamePadding>, Shape<5, 3, 3>>("depthwise_mult_batches");
  check_linear<DepthwiseConv2d<Kernel<2>, SamePadding, ChannelMultiplier<8>>, Shape<5, 4, 2>>("depthwise_null_bias_1");
  check_linear<DepthwiseConv2d<Kernel<2>>, Shape<5, 7, 9>>("depthwise_sub_block");
}

TEST_CASE("int8 fully connected layers give TensorFlow Lite's bytes") {
  check_linear<Linear<6>, Shape<20>>("fully_connected");
  check_linear<Linear<4>, Shape<10>>("fully_connected_out_activation");
}

TEST_CASE("int8 pools give TensorFlow Lite's bytes") {
  // ReLU6 at scale 1 bounds the integers as the tests do
  using nn::Sequential, nn::AvgPool2d, nn::MaxPool2d, nn::ReLU6;
  check_pool<AvgPool2d<Kernel<5, 9>, Stride<2, 1>>, Shape<5, 9, 3>>("avgpooling_1");
  check_pool<AvgPool2d<Kernel<1>, Stride<1, 2>>, Shape<1, 9, 2>>("avgpooling_3");
  check_pool<Sequential<AvgPool2d<Kernel<3, 1>, Stride<1>, SamePadding, nn::ExcludePadding>, ReLU6>, Shape<3, 3, 1>>(
      "avgpooling_5");
  check_pool<MaxPool2d<Kernel<5, 9>, Stride<2, 1>>, Shape<5, 9, 3>>("maxpooling_1");
  check_pool<MaxPool2d<Kernel<1>, Stride<1, 2>>, Shape<1, 9, 2>>("maxpooling_3");
  check_pool<MaxPool2d<Kernel<1>, SamePadding>, Shape<3, 3, 20>>("maxpooling_5");
  check_pool<Sequential<MaxPool2d<Kernel<2>>, ReLU6>, Shape<2, 4, 1>>("maxpooling_7");
}

TEST_CASE("an int8 addition gives TensorFlow Lite's bytes") {
  const cmsis_nn::Vectors test{folder_of("add")};
  // the multipliers are those of two equal scales and twice that scale
  REQUIRE(test.number("INPUT1_MULT") == 1 << 30);
  REQUIRE(test.number("INPUT2_MULT") == 1 << 30);
  REQUIRE(test.number("OUTPUT_MULT") == 1 << 30);
  REQUIRE(test.number("OUTPUT_SHIFT") == -19);
  auto inputs = test.array<std::int8_t>("input1");
  const auto second = test.array<std::int8_t>("input2");
  inputs.insert(inputs.end(), second.begin(), second.end());
  check_network<nn::Add<nn::ChannelSlice<2, 0>, nn::ChannelSlice<2, 1>>, Shape<256>>(
      inputs, test.array<std::int8_t>("output_ref"), {1.0F, -test.number("INPUT1_OFFSET")},
      {2.0F, test.number("OUTPUT_OFFSET")});
}

TEST_CASE("an int8 softmax gives TensorFlow Lite's bytes") {
  const cmsis_nn::Vectors test{folder_of("softmax")};
  // the multiplier is the scale at 26 - 19 + 31 bits
  const auto scale = static_cast<float>(static_cast<double>(test.number("INPUT_MULT")) * 0x1p-38);
  REQUIRE(test.number("INPUT_LEFT_SHIFT") == 19);
  check_network<nn::Softmax, Shape<5>>(test.array<std::int8_t>("input"), test.array<std::int8_t>("output_ref"),
                                       {scale, 0});
}

#else

TEST_CASE("int8 layers give TensorFlow Lite's bytes") { skip("CMSIS-NN's vectors", "CTNN_FIXTURES is not set"); }

#endif
