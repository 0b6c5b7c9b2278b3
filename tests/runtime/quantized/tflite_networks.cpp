// The int8 networks of MLPerf Tiny, filled with their extracted constants, against TensorFlow Lite's own
// outputs: proof that the same binding, fusion, plan and packing carry integers.

#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/mlperf_tiny.hpp>

#include "catch.hpp"

namespace nn = ctnn;

namespace {

#ifdef CTNN_FIXTURES

const std::string folder = std::string{CTNN_FIXTURES} + "/mlperf-tiny/";

template <class T>
std::vector<T> read_file(const std::string& name) {
  std::ifstream file{folder + name, std::ios::binary | std::ios::ate};
  REQUIRE(file);
  std::vector<T> items(static_cast<std::size_t>(file.tellg()) / sizeof(T));
  file.seekg(0);
  file.read(reinterpret_cast<char*>(items.data()), static_cast<std::streamsize>(items.size() * sizeof(T)));
  return items;
}

/// A network's constants by name, from its .safetensors file.
struct Constants {
  std::vector<char> bytes;
  nlohmann::json header;
  std::size_t data = 0;

  explicit Constants(const std::string& name) : bytes{read_file<char>(name)} {
    std::uint64_t length = 0;
    std::memcpy(&length, bytes.data(), sizeof length);
    data = sizeof length + length;
    header = nlohmann::json::parse(bytes.begin() + sizeof length, bytes.begin() + static_cast<std::ptrdiff_t>(data));
  }
  template <class T>
  std::vector<T> get(const std::string& name) const {
    const auto& offsets = header.at(name).at("data_offsets");
    const auto begin = offsets[0].get<std::size_t>(), end = offsets[1].get<std::size_t>();
    std::vector<T> items((end - begin) / sizeof(T));
    std::memcpy(items.data(), bytes.data() + data + begin, end - begin);
    return items;
  }
};

/// Fills a model's arrays one after the other, in the operators' order, which is the layers'.
template <class Model>
class Filler {
 public:
  template <class T>
  void next(const std::string& name, const std::vector<T>& items) {
    REQUIRE(index_ < Model::weight_count);
    const nn::WeightInfo& info = Model::weights[index_];
    INFO(info.name.view());
    REQUIRE(info.name.view().ends_with(name));
    REQUIRE(info.size == items.size());
    std::memcpy(weights.data(index_++), items.data(), items.size() * sizeof(T));
  }
  void quantization(const std::string& prefix, const nlohmann::json& tensor) {
    next<float>(prefix + "_scale", {tensor.at("scale")[0].get<float>()});
    next<std::int32_t>(prefix + "_zero_point", {tensor.at("zero_point")[0].get<std::int32_t>()});
  }
  [[nodiscard]] bool complete() const { return index_ == Model::weight_count; }

  nn::Weights<Model> weights;

 private:
  std::size_t index_ = 0;
};

/// Convolution weights (O, H, W, I), or depthwise (1, H, W, O), as (O, I, H, W).
std::vector<std::int8_t> natural_order(const std::vector<std::int8_t>& source, const std::vector<std::size_t>& shape,
                                       bool depthwise) {
  if (shape.size() == 2) return source;
  const std::size_t taps = shape[1] * shape[2], channels = shape[3];
  std::vector<std::int8_t> result(source.size());
  for (std::size_t o = 0; o < shape[0]; ++o) {
    for (std::size_t t = 0; t < taps; ++t) {
      for (std::size_t i = 0; i < channels; ++i) {
        const std::size_t to = depthwise ? i * taps + t : (o * channels + i) * taps + t;
        result[to] = source[(o * taps + t) * channels + i];
      }
    }
  }
  return result;
}

template <class Model>
std::unique_ptr<Model> load(const std::string& name) {
  const Constants constants{name + ".safetensors"};
  const auto description = nlohmann::json::parse(std::ifstream{folder + name + ".json"});
  Filler<Model> filler;
  filler.quantization("input", description.at("operators")[0].at("inputs")[0]);
  for (const auto& op : description.at("operators")) {
    const auto kind = op.at("op").get<std::string>();
    const auto& inputs = op.at("inputs");
    if (kind == "CONV_2D" || kind == "DEPTHWISE_CONV_2D" || kind == "FULLY_CONNECTED") {
      const auto& weight = inputs[1];
      const auto values = constants.get<std::int8_t>(weight.at("constant"));
      const bool depthwise = kind == "DEPTHWISE_CONV_2D";
      const auto shape = weight.at("shape").get<std::vector<std::size_t>>();
      filler.next("weight", natural_order(values, shape, depthwise));
      auto scales = weight.at("scale").get<std::vector<float>>();
      scales.resize(depthwise ? shape[3] : shape[0], scales[0]);  // per tensor: one for all
      filler.next("weight_scale", scales);
      filler.next("bias", constants.get<std::int32_t>(inputs[2].at("constant")));
      filler.quantization("output", op.at("outputs")[0]);
    } else if (kind == "ADD") {
      filler.quantization("output", op.at("outputs")[0]);
    }
  }
  REQUIRE(filler.complete());
  return nn::make_model<Model>(filler.weights);
}

/// The probability that TensorFlow Lite's int8 softmax stands for, scale 1/256 and zero point -128.
template <class Model>
std::vector<int> quantized_softmax(const Model& model, const nn::Tensor<std::int8_t, typename Model::Output>& logits) {
  std::vector<double> e;
  double sum = 0.0;
  for (const std::int8_t q : logits) {
    e.push_back(std::exp(static_cast<double>(model.output_quantization().dequantize(q))));
    sum += e.back();
  }
  std::vector<int> result;
  for (const double x : e) result.push_back(std::min(127, static_cast<int>(std::lround(x / sum * 256.0)) - 128));
  return result;
}

/// Runs a classifier over a file of inputs. Its softmax is computed in double here, TensorFlow Lite's in fixed point:
/// one unit apart at most.
template <class Model>
void check_classifier(const std::string& name, const std::vector<std::int8_t>& inputs, const std::string& golden_file) {
  const auto model = load<Model>(name);
  const auto golden = read_file<std::int8_t>(golden_file);
  const auto arena = std::make_unique<typename Model::Arena>();
  const std::size_t count = inputs.size() / Model::Input::size;
  constexpr std::size_t outputs = Model::Output::size;
  REQUIRE(golden.size() == count * outputs);
  for (std::size_t n = 0; n < count; ++n) {
    nn::Tensor<std::int8_t, typename Model::Output> logits;
    model->run(nn::View<const std::int8_t, typename Model::Input>{inputs.data() + n * Model::Input::size}, logits,
               *arena);
    const auto probabilities = quantized_softmax(*model, logits);
    for (std::size_t i = 0; i < outputs; ++i) {
      INFO("sample " << n << ", output " << i);
      CHECK(std::abs(probabilities[i] - golden[n * outputs + i]) <= 1);
    }
  }
}

/// q = pixel - 128
std::vector<std::int8_t> signed_pixels(const std::vector<std::uint8_t>& pixels) {
  std::vector<std::int8_t> result;
  for (const std::uint8_t p : pixels) result.push_back(static_cast<std::int8_t>(p - 128));
  return result;
}
#endif

}  // namespace

TEST_CASE("the int8 autoencoder gives TensorFlow Lite's bytes") {
#ifdef CTNN_FIXTURES
  using Model = nn::Network<nn::zoo::AnomalyDetectionAutoencoder, nn::Shape<640>, nn::Int8>;
  const auto model = load<Model>("ad01_int8");
  const auto inputs = read_file<float>("ad_input_f32_40x640.bin");
  const auto golden = read_file<std::int8_t>("ad_golden_i8_40x640.bin");
  for (std::size_t n = 0; n < 40; ++n) {
    nn::Tensor<std::int8_t, nn::Shape<640>> x;
    for (std::size_t i = 0; i < 640; ++i) {
      const auto& q = model->input_quantization();
      x[i] = static_cast<std::int8_t>(std::clamp(
          std::floor(static_cast<double>(inputs[n * 640 + i]) / static_cast<double>(q.scale) + 0.5) + q.zero_point,
          -128.0, 127.0));
    }
    const auto y = (*model)(x);
    INFO("sample " << n);
    CHECK(std::memcmp(y.data(), golden.data() + n * 640, 640) == 0);
  }
#else
  skip("MLPerf Tiny autoencoder", "CTNN_FIXTURES is not set");
#endif
}

TEST_CASE("the int8 keyword spotter gives TensorFlow Lite's probabilities") {
#ifdef CTNN_FIXTURES
  check_classifier<nn::Network<nn::zoo::KeywordSpottingDSCNN, nn::Shape<49, 10, 1>, nn::Int8>>(
      "kws_ref_model", read_file<std::int8_t>("kws_input_i8_100x49x10x1.bin"), "kws_golden_i8_100x12.bin");
#else
  skip("MLPerf Tiny keyword spotting", "CTNN_FIXTURES is not set");
#endif
}

TEST_CASE("the int8 residual network gives TensorFlow Lite's probabilities") {
#ifdef CTNN_FIXTURES
  check_classifier<nn::Network<nn::zoo::ImageClassificationResNet8, nn::Shape<32, 32, 3>, nn::Int8>>(
      "pretrainedResnet_quant", signed_pixels(read_file<std::uint8_t>("ic_input_u8_60x32x32x3.bin")),
      "ic_resnet8_golden_i8_60x10.bin");
#else
  skip("MLPerf Tiny image classification", "CTNN_FIXTURES is not set");
#endif
}

TEST_CASE("the int8 MobileNet gives TensorFlow Lite's probabilities") {
#ifdef CTNN_FIXTURES
  check_classifier<nn::Network<nn::zoo::VisualWakeWordsMobileNet, nn::Shape<96, 96, 3>, nn::Int8>>(
      "vww_96_int8", signed_pixels(read_file<std::uint8_t>("vww_input_u8_12x96x96x3.bin")), "vww_golden_i8_12x2.bin");
#else
  skip("MLPerf Tiny visual wake words", "CTNN_FIXTURES is not set");
#endif
}
