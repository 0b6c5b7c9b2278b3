/// Int8 networks of TensorFlow Lite, built by hand: reads the constants extracted from its files (fixtures'
/// SOURCE.txt).
#pragma once

#include <cstdint>
#include <cstring>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"

namespace tflite {

namespace nn = ctnn;

template <class T>
std::vector<T> read_file(const std::string& path) {
  std::ifstream file{path, std::ios::binary | std::ios::ate};
  INFO(path);
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

  explicit Constants(const std::string& path) : bytes{read_file<char>(path)} {
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
inline std::vector<std::int8_t> natural_order(const std::vector<std::int8_t>& source,
                                              const std::vector<std::size_t>& shape, bool depthwise) {
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

/// A model with the constants of `path`.safetensors and the quantizations of `path`.json.
template <class Model>
std::unique_ptr<Model> load(const std::string& path) {
  const Constants constants{path + ".safetensors"};
  const auto description = nlohmann::json::parse(std::ifstream{path + ".json"});
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
    } else if (kind == "ADD" || kind == "AVERAGE_POOL_2D" || kind == "MEAN") {
      filler.quantization("output", op.at("outputs")[0]);
    }
  }
  REQUIRE(filler.complete());
  return nn::make_model<Model>(filler.weights);
}

/// q = pixel - 128
inline std::vector<std::int8_t> signed_pixels(const std::vector<std::uint8_t>& pixels) {
  std::vector<std::int8_t> result;
  for (const std::uint8_t p : pixels) result.push_back(static_cast<std::int8_t>(p - 128));
  return result;
}

/// Runs a model over inputs one behind the other; its outputs, likewise.
template <class Model>
std::vector<std::int8_t> outputs_of(const Model& model, const std::vector<std::int8_t>& inputs) {
  const auto arena = std::make_unique<typename Model::Arena>();
  const std::size_t count = inputs.size() / Model::Input::size;
  std::vector<std::int8_t> outputs(count * Model::Output::size);
  for (std::size_t n = 0; n < count; ++n) {
    model.run(nn::View<const std::int8_t, typename Model::Input>{inputs.data() + n * Model::Input::size},
              nn::View<std::int8_t, typename Model::Output>{outputs.data() + n * Model::Output::size}, *arena);
  }
  return outputs;
}

/// How many bytes differ.
inline std::size_t differences(const std::vector<std::int8_t>& a, const std::vector<std::int8_t>& b) {
  REQUIRE(a.size() == b.size());
  std::size_t count = 0;
  for (std::size_t i = 0; i < a.size(); ++i)
    if (a[i] != b[i]) ++count;
  return count;
}

}  // namespace tflite
