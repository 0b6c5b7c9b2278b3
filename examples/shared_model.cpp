// One model, many threads. A model does not change once it is made; every thread brings an arena of its own.
#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <iostream>
#include <iterator>
#include <thread>

#include "fashion/networks.hpp"
#include "fashion/sample_images.hpp"
#include "fashion/separable_weights.hpp"

namespace nn = ctnn;
using Model = fashion::SeparableModel;
using Answers = std::array<fashion::Logits, std::size(fashion::samples)>;

const Model model{nn::WeightsView<Model>{fashion::separable_weights}};

void classify_samples(Answers& answers) {
  Model::Arena arena;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    model.run(fashion::to_image(fashion::samples[i].pixels), answers[i], arena);
  }
}

int main() {
  Answers expected;
  classify_samples(expected);

  std::array<Answers, 8> answers;
  std::array<std::thread, answers.size()> threads;
  for (std::size_t i = 0; i < threads.size(); ++i) {
    threads[i] = std::thread{classify_samples, std::ref(answers[i])};
  }
  for (std::thread& thread : threads) thread.join();

  const bool same = std::ranges::count(answers, expected) == std::ssize(answers);
  std::cout << answers.size() << " threads at once " << (same ? "have" : "DO NOT HAVE")
            << " the answers of one alone\n";
  return same ? 0 : 1;
}
