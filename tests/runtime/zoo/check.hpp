/// Networks of the zoo with random weights, on this build's instruction set, against the scalar reference.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <random>
#include <string_view>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/engine.hpp"

namespace zoo_test {

/// Weights that keep the variance of activations: uniform with variance 2 / fan-in before a ReLU (arXiv 1502.01852),
/// batch norms near the identity.
inline std::vector<float> random_weights(const ctnn::WeightInfo* infos, std::size_t count, std::size_t size) {
  std::mt19937 generator{1};
  std::vector<float> weights;
  weights.reserve(size);
  for (const ctnn::WeightInfo* info = infos; info != infos + count; ++info) {
    const std::string_view name = info->name.view();
    float low = -0.2F, high = 0.2F;  // bias, running_mean
    if (info->rank > 1) {
      high = std::sqrt(6.0F / static_cast<float>(info->size / info->dims[0]));
      low = -high;
    } else if (name.ends_with("weight") || name.ends_with("running_var")) {
      low = 0.5F, high = 1.5F;
    }
    for (std::size_t i = 0; i < info->size; ++i) {
      weights.push_back(low + (high - low) * static_cast<float>(generator()) * 0x1p-32F);
    }
  }
  return weights;
}

inline std::vector<float> random_image(std::size_t size, unsigned seed) {
  std::mt19937 generator{seed};
  std::vector<float> image(size);
  for (float& x : image) x = static_cast<float>(generator()) * 0x1p-31F - 1.0F;
  return image;
}

inline double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  double largest = 0.0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = std::abs(static_cast<double>(a[i]) - static_cast<double>(b[i]));
    if (!(difference <= largest)) largest = difference;  // also where it is not a number
  }
  return largest;
}

/// `operations` is how many an output element has in its history: the sum over the layers of operations per element.
inline void check(const golden::Engine& native, const golden::Engine& reference, const std::vector<float>& weights,
                  double operations) {
  const auto image = random_image(native.inputs, 2), other_image = random_image(native.inputs, 3);
  const auto expected = run_guarded(reference, weights, image);
  const auto actual = run_guarded(native, weights, image);
  const auto other = run_guarded(native, weights, other_image);

  double largest = 0.0;
  for (const float y : expected) largest = std::max(largest, std::abs(static_cast<double>(y)));
  // Each of n operations rounds by at most eps / 2 of a partial result; n such errors of random sign add up to
  // sqrt(n) * eps / 2. Twice, for the reference rounds too, and doubled for those that are not random: c = 2.
  constexpr double c = 2.0;
  const double tolerance =
      c * static_cast<double>(std::numeric_limits<float>::epsilon()) * std::sqrt(operations) * largest;
  INFO("largest output " << largest << ", tolerance " << tolerance);
  CHECK(std::isfinite(largest));
  CHECK(largest_difference(actual, expected) <= tolerance);
  // the image must matter, or agreement would say nothing
  CHECK(largest_difference(actual, other) > 100.0 * tolerance);
}

template <class Spec, ctnn::AnyShape In>
void check() {
  using Model = ctnn::Network<Spec, In>;
  double operations = 1.0;
  for (const ctnn::LayerInfo& layer : Model::layers) {
    double size = 1.0;
    for (std::size_t d = 0; d < layer.rank; ++d) size *= static_cast<double>(layer.output[d]);
    operations += static_cast<double>(layer.cost.macs + layer.cost.elementwise_ops) / size;
  }
  check(golden::engine<Model>, golden::engine<typename Model::Reference>,
        random_weights(Model::weights.data(), Model::weight_count, Model::weight_bytes / sizeof(float)), operations);
}

}  // namespace zoo_test
