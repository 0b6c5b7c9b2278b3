/// Layers against PyTorch: `check<Spec, Shape>(golden::case)` runs the spec on scalars and the build's own
/// instruction set.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"

namespace golden {

/// Which inputs a case has, and what its outputs are compared by.
enum class Values {
  ordinary,  ///< inputs in [-2, 2]; errors relative to the largest output, as sums cancel
  wide,      ///< inputs up to 100 of every magnitude; errors relative to each output, or to 1 where it is smaller
};

/// Operations that an output element passes through, from the network's cost: the roundings in its history.
inline double operations_per_output(const ctnn::LayerInfo* layers, std::size_t count) {
  double sum = 1.0;
  for (const ctnn::LayerInfo* layer = layers; layer != layers + count; ++layer) {
    double size = 1.0;
    for (std::size_t d = 0; d < layer->rank; ++d) size *= static_cast<double>(layer->output[d]);
    sum += static_cast<double>(layer->cost.macs + layer->cost.elementwise_ops) / size;
  }
  return sum;
}

inline std::string names_of(const ctnn::WeightInfo* infos, std::size_t count) {
  std::string names;
  for (std::size_t n = 0; n < count; ++n) {
    if (n != 0) names += ' ';
    names += infos[n].name.view();
  }
  return names;
}

inline void compare(const Golden& golden, const std::vector<float>& y, double operations, Values values) {
  // Every operation rounds by at most eps / 2 of a partial result; n such errors of random sign add up to
  // sqrt(n) * eps / 2. Twice, for PyTorch rounds too, and doubled for those that are not random: c = 2.
  constexpr double c = 2.0;
  const double tolerance = c * static_cast<double>(std::numeric_limits<float>::epsilon()) * std::sqrt(operations);
  double largest = 0.0;
  for (std::size_t i = 0; i < golden.size; ++i)
    largest = std::max(largest, std::abs(static_cast<double>(golden.outputs[i])));
  std::size_t wrong = 0, first_wrong = 0;
  double worst = 0.0;  // in tolerances
  for (std::size_t i = 0; i < golden.size; ++i) {
    const auto expected = static_cast<double>(golden.outputs[i]);
    const double scale = values == Values::wide ? std::max(1.0, std::abs(expected)) : largest;
    const double error = std::abs(static_cast<double>(y[i]) - expected) / (tolerance * scale);
    if (!(error <= 1.0) && wrong++ == 0) first_wrong = i;
    if (!(error <= worst)) worst = error;
  }
  INFO(wrong << " of " << golden.size << " outputs beyond the tolerance " << tolerance << ", the worst by " << worst
             << " tolerances; the first is y[" << first_wrong << "] = " << y[first_wrong] << ", expected "
             << golden.outputs[first_wrong]);
  CHECK(wrong == 0);
}

/// What a check needs of a network.
struct Facts {
  const ctnn::WeightInfo* weights;
  std::size_t weight_count;
  const ctnn::LayerInfo* layers;
  std::size_t layer_count;
  std::size_t weight_bytes, inputs, outputs;
};
template <class Model>
inline constexpr Facts facts_of{Model::weights.data(), Model::weight_count, Model::layers.data(), Model::layers.size(),
                                Model::weight_bytes,   Model::Input::size,  Model::Output::size};

inline void check(const Golden& golden, Values values, const Facts& facts, const std::vector<Engine>& engines) {
  INFO(golden.name);
  CHECK(names_of(facts.weights, facts.weight_count) == golden.parameters);
  REQUIRE(facts.outputs == golden.size);
  std::vector<float> weights(facts.weight_bytes / sizeof(float));
  fill_weights(facts.weights, facts.weight_count, weights.data());
  const auto x = input_of(facts.inputs, values == Values::wide);
  const double operations = operations_per_output(facts.layers, facts.layer_count);
  for (const Engine& engine : engines) {
    INFO(engine.isa);
    const auto y = run_guarded(engine, weights, x);
    compare(golden, y, operations, values);
    const auto again = run_guarded(engine, weights, x);
    CHECK(std::memcmp(y.data(), again.data(), y.size() * sizeof(float)) == 0);
  }
}

template <class Spec, ctnn::AnyShape In>
void check(const Golden& golden, Values values = Values::ordinary) {
  check(golden, values, facts_of<ctnn::Network<Spec, In, ctnn::F32, ctnn::isa::Scalar>>, engines<Spec, In>());
}

}  // namespace golden
