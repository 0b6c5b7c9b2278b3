/// How well and how fast a classifier does.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <vector>

#include "classifier.hpp"
#include "dataset.hpp"

namespace fashion {

struct Scores {
  std::array<std::array<std::size_t, classes>, classes> confusion{};  // images by (label, predicted class)
  std::size_t unlike_pytorch = 0;                                     // images that PyTorch predicts another class for

  [[nodiscard]] std::size_t correct() const {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < classes; ++i) sum += confusion[i][i];
    return sum;
  }
};

/// Classifies every test image; calls progress(images done) after each.
template <class Progress>
Scores score(const Classifier& classifier, const TestSet& set, Progress&& progress) {
  Scores scores;
  for (std::size_t i = 0; i < TestSet::size; ++i) {
    const std::size_t predicted = nn::argmax(classifier.run(set.image(i)));
    ++scores.confusion[set.labels[i]][predicted];
    if (predicted != static_cast<std::size_t>(classifier.expected_classes[i] - '0')) ++scores.unlike_pytorch;
    progress(i + 1);
  }
  return scores;
}

inline constexpr std::size_t timed_batches = 41;
inline constexpr std::chrono::milliseconds shortest_batch{5};  // long enough for any clock

/// Seconds for a call: the median over batches of calls, after a warm-up.
template <class Call>
double median_seconds(Call&& call) {
  using Seconds = std::chrono::duration<double>;
  const auto time_of_batch = [&](std::size_t calls) -> Seconds {
    const auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < calls; ++i) call();
    return std::chrono::steady_clock::now() - start;
  };
  std::size_t calls = 1;
  while (time_of_batch(calls) < shortest_batch) calls *= 2;  // warms up as well
  std::vector<double> seconds;
  for (std::size_t i = 0; i < timed_batches; ++i) {
    seconds.push_back(time_of_batch(calls).count() / static_cast<double>(calls));
  }
  const auto middle = seconds.begin() + timed_batches / 2;
  std::ranges::nth_element(seconds, middle);
  return *middle;
}

}  // namespace fashion
