/// Cross-layer equalisation: ReLU(s x) = s ReLU(x) for s > 0, so that a channel may be made smaller in one layer and
/// its weights larger in the next without a change of what the network computes. Channels of one size quantize best. M.
/// Nagel et al., "Data-Free Quantization Through Weight Equalization and Bias Correction", arXiv 1906.04721.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <type_traits>
#include <vector>

#include <ctnn/kernels/activation.hpp>
#include <ctnn/quantize/leaves.hpp>

namespace ctnn::detail {

/// Whether f(s x) = s f(x) for s > 0.
template <class F>
inline constexpr bool is_homogeneous = std::is_same_v<F, kernels::Rectify>;
template <class Slope>
inline constexpr bool is_homogeneous<kernels::LeakyRectify<Slope>> = true;

/// Two leaves between which a channel's size is of no matter.
struct EqualizedPair {
  std::size_t before = 0, after = 0;
};

/// Calls body(weight, channel) for every weight that reads an output channel of the layer before, whose image may have
/// been flattened: then several inputs in a row are of one channel.
template <class Body>
void for_each_reader(LinearWeights& layer, std::size_t channels, Body body) {
  const std::size_t window = layer.taps / layer.group_inputs, inputs = layer.groups * layer.group_inputs;
  for (std::size_t output = 0; output < layer.outputs; ++output) {
    const std::size_t first = output / (layer.outputs / layer.groups) * layer.group_inputs;
    for (std::size_t tap = 0; tap < layer.taps; ++tap) {
      const std::size_t input = first + tap / window;
      body(layer.row(output)[tap], input / (inputs / channels));
    }
  }
}

inline float largest_of(std::span<const float> values) {
  float largest = 0.0F;
  for (const float x : values) largest = std::max(largest, std::abs(x));
  return largest;
}

/// Gives every channel between the two layers the same largest weight on both sides. Returns the largest factor, or its
/// inverse, that a channel was scaled by.
inline float equalize(LinearWeights& before, LinearWeights& after) {
  std::vector<float> reading(before.outputs);  // largest weights that read a channel
  for_each_reader(after, before.outputs,
                  [&](float weight, std::size_t c) { reading[c] = std::max(reading[c], std::abs(weight)); });
  std::vector<float> factor(before.outputs, 1.0F);
  float largest = 1.0F;
  for (std::size_t c = 0; c < before.outputs; ++c) {
    const float making = largest_of(before.row(c));
    if (making == 0.0F || reading[c] == 0.0F) continue;  // a channel that is constant, or that nobody reads
    factor[c] = std::sqrt(making / reading[c]);
    largest = std::max({largest, factor[c], 1.0F / factor[c]});
    for (float& weight : before.row(c)) weight /= factor[c];
    before.bias[c] /= factor[c];
  }
  for_each_reader(after, before.outputs, [&](float& weight, std::size_t c) { weight *= factor[c]; });
  return largest;
}

/// All pairs, over and over until none changes any more: each upsets its neighbours.
inline void equalize(std::span<LinearWeights> layers, std::span<const EqualizedPair> pairs) {
  constexpr std::size_t most_rounds = 50;  // chains of tens of layers settle in fewer
  constexpr float settled = 1.0F + 1e-3F;  // an eighth of the weights' step
  for (std::size_t round = 0; round < most_rounds; ++round) {
    float largest = 1.0F;
    for (const EqualizedPair& pair : pairs) {
      largest = std::max(largest, equalize(layers[pair.before], layers[pair.after]));
    }
    if (largest < settled) break;
  }
}

}  // namespace ctnn::detail
