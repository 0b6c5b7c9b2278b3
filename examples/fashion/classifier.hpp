/// What the program needs of a network, whatever the network's type.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <utility>

#include "networks.hpp"

namespace fashion {

struct Classifier {
  std::string_view name;
  std::function<Logits(const Image&)> run;
  nn::Cost cost;
  std::size_t weight_bytes, packed_bytes, arena_bytes;
  std::string_view expected_classes;  // PyTorch's for every test image, as digits
  std::size_t expected_correct;       // how many of them are right
};

/// A network with its weights, packed once for the vectors of this machine.
template <class Model, std::size_t N>
std::shared_ptr<const Model> pack(const float (&weights)[N]) {
  return nn::make_model<Model>(nn::WeightsView<Model>{weights});
}

template <class Model>
Classifier make_classifier(std::string_view name, std::shared_ptr<const Model> model, std::string_view expected_classes,
                           std::size_t expected_correct) {
  return {.name = name,
          .run = [model = std::move(model)](const Image& image) { return (*model)(image); },
          .cost = Model::cost,
          .weight_bytes = Model::weight_bytes,
          .packed_bytes = sizeof(Model),
          .arena_bytes = Model::arena_bytes,
          .expected_classes = expected_classes,
          .expected_correct = expected_correct};
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
