/// What the program needs of a network, whatever the network's type.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <functional>
#include <string_view>

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
