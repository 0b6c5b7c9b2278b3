/// Float networks and inputs of random numbers, the same on every machine.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <ctnn/ctnn.hpp>

/// Roughly normal numbers, mean 0 and variance 1, of at most 6.
class Normal {
 public:
  explicit Normal(std::uint32_t seed) : state_{seed} {}
  float operator()() {
    float sum = 0.0F;  // of 12 uniform numbers
    for (int i = 0; i < 12; ++i) {
      state_ = state_ * 1664525U + 1013904223U;  // Numerical Recipes' generator
      sum += static_cast<float>(state_ >> 8) * 0x1p-24F;
    }
    return sum - 6.0F;
  }

 private:
  std::uint32_t state_;
};

/// Weights of standard deviation `size`; running variances positive.
template <class Model>
ctnn::Weights<Model> random_weights(float size, std::uint32_t seed = 1) {
  Normal normal{seed};
  ctnn::Weights<Model> weights;
  for (std::size_t i = 0; i < Model::weight_count; ++i) {
    auto* numbers = static_cast<float*>(weights.data(i));
    const bool variance = Model::weights[i].name.view().ends_with("running_var");
    for (std::size_t k = 0; k < Model::weights[i].size; ++k) {
      const float x = normal();
      numbers[k] = variance ? 0.5F + x * x : size * x;
    }
  }
  return weights;
}

template <class Shape>
std::vector<ctnn::Tensor<float, Shape>> random_images(std::size_t count, std::uint32_t seed = 2) {
  Normal normal{seed};
  std::vector<ctnn::Tensor<float, Shape>> images(count);
  for (auto& image : images) {
    for (float& x : image) x = normal();
  }
  return images;
}
