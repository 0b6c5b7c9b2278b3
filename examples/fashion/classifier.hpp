/// What the program needs of a network, whatever the network's type.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>
#include <vector>

#include "networks.hpp"
#include "sample_images.hpp"

namespace fashion {

struct Classifier {
  std::string_view name, format;
  std::function<Logits(const Image&)> run;
  std::function<void(std::size_t)> run_sample;  // the network alone, on a compiled-in image as its format has it
  nn::Cost cost;
  std::size_t weight_bytes, packed_bytes, arena_bytes;
  std::string_view expected_classes;  // PyTorch's for every test image, as digits
  std::size_t expected_correct;       // how many of them are right
  std::size_t allowed_loss;           // how many fewer may be right here: none in F32, which has PyTorch's classes

  [[nodiscard]] bool is_exact() const { return allowed_loss == 0; }
};

/// A network with its weights, packed once for the vectors of this machine.
template <class Model, std::size_t N>
std::shared_ptr<const Model> pack(const float (&weights)[N]) {
  return nn::make_model<Model>(nn::WeightsView<Model>{weights});
}

/// An image in a network's number format.
template <class Model>
nn::Tensor<typename Model::Element, Image::Shape> input_of(const Model& model, const Image& image) {
  if constexpr (std::same_as<typename Model::Element, float>) {
    return image;
  } else {
    nn::Tensor<typename Model::Element, Image::Shape> input;
    std::ranges::transform(image, input.begin(), [q = model.input_quantization()](float x) { return q.quantize(x); });
    return input;
  }
}

template <class Model>
Classifier make_classifier(std::string_view name, std::shared_ptr<const Model> model, std::string_view expected_classes,
                           std::size_t expected_correct, std::size_t allowed_loss = 0) {
  std::vector<nn::Tensor<typename Model::Element, Image::Shape>> inputs;
  for (const Sample& sample : samples) inputs.push_back(input_of(*model, to_image(sample.pixels)));
  const auto run = [model](const Image& image) {
    const auto output = (*model)(input_of(*model, image));
    if constexpr (std::same_as<typename Model::Element, float>) {
      return output;
    } else {
      Logits logits;
      std::ranges::transform(output, logits.begin(),
                             [q = model->output_quantization()](auto x) { return q.dequantize(x); });
      return logits;
    }
  };
  const auto run_sample = [model, inputs = std::move(inputs)](std::size_t i) {
    static_cast<void>((*model)(inputs[i % inputs.size()]));
  };
  return {.name = name,
          .format = Model::Format::name.view(),
          .run = run,
          .run_sample = run_sample,
          .cost = Model::cost,
          .weight_bytes = Model::weight_bytes,
          .packed_bytes = sizeof(Model),
          .arena_bytes = Model::arena_bytes,
          .expected_classes = expected_classes,
          .expected_correct = expected_correct,
          .allowed_loss = allowed_loss};
}

struct Guess {
  std::size_t index;  // of the class
  double confidence;  // 0 to 1
};

/// All classes by confidence, the surest first. Confidence is the softmax of the logits: e^x / sum of e^x.
inline std::array<Guess, classes> guesses(const Logits& logits) {
  std::array<Guess, classes> result{};
  const auto largest = static_cast<double>(std::ranges::max(logits));
  double sum = 0;
  for (std::size_t i = 0; i < classes; ++i) {
    result[i] = {i, std::exp(static_cast<double>(logits[i]) - largest)};  // shifted, so that it cannot overflow
    sum += result[i].confidence;
  }
  for (Guess& guess : result) guess.confidence /= sum;
  std::ranges::stable_sort(result, std::greater<>{}, &Guess::confidence);
  return result;
}

}  // namespace fashion
