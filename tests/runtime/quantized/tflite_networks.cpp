// The int8 networks of MLPerf Tiny, filled with their extracted constants, against TensorFlow Lite's own outputs, byte
// by byte, softmax included.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/mlperf_tiny.hpp>

#include "runtime/quantized/tflite.hpp"

namespace nn = ctnn;

#ifdef CTNN_FIXTURES

namespace {

const std::string folder = std::string{CTNN_FIXTURES} + "/mlperf-tiny/";

/// A classifier with TensorFlow Lite's softmax behind it.
template <class Spec, class Input>
using Classifier = nn::Network<nn::Sequential<Spec, nn::Softmax>, Input, nn::Int8>;

}  // namespace

TEST_CASE("the int8 autoencoder gives TensorFlow Lite's bytes") {
  using Model = nn::Network<nn::zoo::AnomalyDetectionAutoencoder, nn::Shape<640>, nn::Int8>;
  const auto model = tflite::load<Model>(folder + "ad01_int8");
  std::vector<std::int8_t> inputs;
  for (const float x : tflite::read_file<float>(folder + "ad_input_f32_40x640.bin")) {
    const auto& q = model->input_quantization();
    inputs.push_back(static_cast<std::int8_t>(std::clamp(
        std::floor(static_cast<double>(x) / static_cast<double>(q.scale) + 0.5) + q.zero_point, -128.0, 127.0)));
  }
  const auto golden = tflite::read_file<std::int8_t>(folder + "ad_golden_i8_40x640.bin");
  CHECK(tflite::differences(tflite::outputs_of(*model, inputs), golden) == 0);
}

TEST_CASE("the int8 keyword spotter gives TensorFlow Lite's bytes") {
  const auto model =
      tflite::load<Classifier<nn::zoo::KeywordSpottingDSCNN, nn::Shape<49, 10, 1>>>(folder + "kws_ref_model");
  const auto inputs = tflite::read_file<std::int8_t>(folder + "kws_input_i8_100x49x10x1.bin");
  const auto golden = tflite::read_file<std::int8_t>(folder + "kws_golden_i8_100x12.bin");
  CHECK(tflite::differences(tflite::outputs_of(*model, inputs), golden) == 0);
}

TEST_CASE("the int8 residual network gives TensorFlow Lite's bytes") {
  const auto model = tflite::load<Classifier<nn::zoo::ImageClassificationResNet8, nn::Shape<32, 32, 3>>>(
      folder + "pretrainedResnet_quant");
  const auto inputs = tflite::signed_pixels(tflite::read_file<std::uint8_t>(folder + "ic_input_u8_60x32x32x3.bin"));
  const auto golden = tflite::read_file<std::int8_t>(folder + "ic_resnet8_golden_i8_60x10.bin");
  CHECK(tflite::differences(tflite::outputs_of(*model, inputs), golden) == 0);
}

TEST_CASE("the int8 MobileNet gives TensorFlow Lite's bytes") {
  const auto model =
      tflite::load<Classifier<nn::zoo::VisualWakeWordsMobileNet, nn::Shape<96, 96, 3>>>(folder + "vww_96_int8");
  const auto inputs = tflite::signed_pixels(tflite::read_file<std::uint8_t>(folder + "vww_input_u8_12x96x96x3.bin"));
  const auto golden = tflite::read_file<std::int8_t>(folder + "vww_golden_i8_12x2.bin");
  CHECK(tflite::differences(tflite::outputs_of(*model, inputs), golden) == 0);
}

#else

TEST_CASE("int8 networks give TensorFlow Lite's bytes") { skip("MLPerf Tiny networks", "CTNN_FIXTURES is not set"); }

#endif
