/// Weights and biases rounded to integers, biases corrected for what the rounding adds, and all written where the
/// integer network has them.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include <ctnn/network/weights.hpp>
#include <ctnn/numeric/integer_words.hpp>
#include <ctnn/quantize/equalize.hpp>
#include <ctnn/quantize/float_network.hpp>
#include <ctnn/quantize/ranges.hpp>
#include <ctnn/quantize/report.hpp>
#include <ctnn/quantize/steps.hpp>

namespace ctnn::detail {

/// A leaf's.
struct IntegerLeaf {
  std::vector<std::int8_t> weight;
  std::vector<float> scale;  // by output channel
  std::vector<std::int32_t> bias;
};

template <class Model>
class IntegerWeights : QuantizedSteps<Model> {
  using S = QuantizedSteps<Model>;
  using Network = FloatNetwork<Model>;
  using Ranges = QuantizationRanges<Model>;
  using S::input_of;
  using S::is_linear_step;
  using S::is_quantized;
  using S::leaf_count;
  using S::output_of;
  using S::steps;
  using typename S::Quantization;
  using Nibbles = numeric::NibbleBlock<1>;
  static constexpr std::int32_t largest_weight = 127;  // symmetric, so that -128 has no use
  // half of an accumulator's range; the products, 127 * 255 each, have the other up to 33,000 taps
  static constexpr double largest_bias = 1 << 30;

 public:
  std::vector<IntegerLeaf> leaf = std::vector<IntegerLeaf>(leaf_count);

  IntegerWeights(const Network& network, const Ranges& ranges, WeightScales scales) {
    for (std::size_t i = 0; i < leaf_count; ++i) {
      if (network.slopes[i].empty()) continue;
      const float scale = weight_scale(largest_of(network.slopes[i]), largest_weight, 0.0);
      leaf[i].scale.assign(1, scale);
      for (const float slope : network.slopes[i]) leaf[i].weight.push_back(integer_weight(slope, scale));
    }
    for_each_integer_step(ranges, [&](const Step&, std::size_t i, const Quantization& input) {
      round(network.linear[i], static_cast<double>(input.scale), scales, S::facts[i].leaf.word_depth != 0, leaf[i]);
    });
  }

  /// Takes from every bias what rounded weights and inputs add to an output channel, averaged over the outputs that the
  /// activation after it hands on: those that it bounds are often most, and their error is of no matter.
  template <class Images>
  void correct_biases(const Images& images, const Network& network, const typename Network::Leaves& exact,
                      const Ranges& ranges, QuantizationProgress& progress) {
    const auto rounded = network.leaves(dequantized(network.linear, ranges));
    std::vector<std::vector<double>> excess(leaf_count), count(leaf_count);
    Network::for_each_input(images, exact, progress, [&](const typename Network::Values& values) {
      std::vector<float> x, exact_y, rounded_y;
      for_each_integer_step(ranges, [&](const Step& step, std::size_t i, const Quantization& quantization) {
        const std::vector<float>& input = values[input_of(step)];
        x.resize(input.size());
        std::transform(input.begin(), input.end(), x.begin(),
                       [&](float number) { return quantization.dequantize(quantization.quantize(number)); });
        exact_y.resize(values[output_of(step)].size());
        rounded_y.resize(exact_y.size());
        const void* exact_x = input.data();
        const void* rounded_x = x.data();
        exact.run(step.leaf, &exact_x, exact_y.data());
        rounded.run(step.leaf, &rounded_x, rounded_y.data());
        const std::size_t channels = network.linear[i].outputs;
        excess[i].resize(channels);
        count[i].resize(channels);
        for (std::size_t k = 0; k < exact_y.size(); ++k) {
          if (values[output_of(step)][k] != exact_y[k]) continue;  // bounded
          excess[i][k % channels] += static_cast<double>(rounded_y[k]) - static_cast<double>(exact_y[k]);
          count[i][k % channels] += 1.0;
        }
      });
    });
    for_each_integer_step(ranges, [&](const Step&, std::size_t i, const Quantization& input) {
      for (std::size_t c = 0; c < network.linear[i].outputs; ++c) {
        const double unit = static_cast<double>(input.scale) * static_cast<double>(leaf[i].scale[c]);
        const double mean = excess[i][c] / std::max(count[i][c], 1.0);
        const double bias = static_cast<double>(network.linear[i].bias[c]) - mean;
        leaf[i].bias[c] = integer_bias(static_cast<float>(bias), unit);
      }
    });
  }

  /// Writes all arrays of the integer model, by their names.
  void write(const Network& network, const Ranges& ranges, Weights<Model>& weights) const {
    using Table = typename Model::WeightTable;
    const auto set = [&](std::size_t index, const auto& numbers) {
      std::copy(numbers.begin(), numbers.end(),
                static_cast<typename std::decay_t<decltype(numbers)>::value_type*>(weights.data(index)));
    };
    const auto set_quantization = [&](std::size_t index, std::string_view name, const Quantization& quantization) {
      if (name.ends_with("_scale")) {
        set(index, std::array{quantization.scale});
      } else {
        set(index, std::array{quantization.zero_point});
      }
    };
    for (std::size_t index = 0; index < Table::first[0]; ++index) {
      set_quantization(index, Table::infos[index].name.view(), ranges.of_value[0]);
    }
    for (std::size_t i = 0; i < leaf_count; ++i) {
      auto floats = network.arrays[i].begin();
      for (std::size_t index = Table::first[i]; index < Table::first[i + 1] && !S::facts[i].leaf.quantized; ++index) {
        std::copy_n(floats, Table::infos[index].size, static_cast<float*>(weights.data(index)));
        floats += static_cast<std::ptrdiff_t>(Table::infos[index].size);
      }
    }
    for (const Step& step : steps) {
      if (!is_quantized(step)) continue;
      const auto i = static_cast<std::size_t>(step.leaf);
      for (std::size_t index = Table::first[i]; index < Table::first[i + 1]; ++index) {
        std::string_view name = Table::infos[index].name.view();
        name = name.substr(name.rfind('.') + 1);
        if (name == "weight") {
          set(index, leaf[i].weight);
        } else if (name == "weight_scale") {
          set(index, leaf[i].scale);
        } else if (name == "bias") {
          set(index, leaf[i].bias);
        } else {
          set_quantization(index, name,
                           name.starts_with("input_") ? ranges.of_float_read[i] : ranges.of_value[output_of(step)]);
        }
      }
    }
  }

 private:
  /// Calls body(step, its leaf, its input's quantization) for every convolution and fully connected layer in integers.
  template <class Body>
  static void for_each_integer_step(const Ranges& ranges, Body body) {
    for (const Step& step : steps) {
      if (is_linear_step(step) && is_quantized(step)) {
        body(step, static_cast<std::size_t>(step.leaf), ranges.of_input(step));
      }
    }
  }
  /// The scale of weights of which that is the largest, as an integer too, and at least what the bias needs.
  static float weight_scale(float largest, std::int32_t largest_integer, double least) {
    const auto scale = static_cast<float>(std::max(static_cast<double>(largest) / largest_integer, least));
    return scale < std::numeric_limits<float>::min() ? 1.0F : scale;  // no weights, no bias
  }
  static std::int8_t integer_weight(float weight, float scale) {
    return static_cast<std::int8_t>(std::clamp<long>(std::lround(weight / scale), -largest_weight, largest_weight));
  }
  /// A bias in units of the input's times the weights' scale.
  static std::int32_t integer_bias(float bias, double unit) {
    return static_cast<std::int32_t>(
        std::clamp<double>(std::round(static_cast<double>(bias) / unit), -largest_bias, largest_bias));
  }
  static void round(const LinearWeights& linear, double input_scale, WeightScales scales, bool in_nibbles,
                    IntegerLeaf& integer) {
    const std::int32_t largest_integer = in_nibbles ? Nibbles::highest_weight : largest_weight;
    integer.weight.resize(linear.weight.size());
    integer.scale.resize(linear.outputs);
    integer.bias.resize(linear.outputs);
    const float whole = largest_of(linear.weight);
    for (std::size_t c = 0; c < linear.outputs; ++c) {
      const float largest = scales == WeightScales::per_channel ? largest_of(linear.row(c)) : whole;
      const double for_bias = std::abs(static_cast<double>(linear.bias[c])) / (input_scale * largest_bias);
      const float scale = integer.scale[c] = weight_scale(largest, largest_integer, for_bias);
      const std::span own{integer.weight.data() + c * linear.taps, linear.taps};
      if (in_nibbles) {
        round_to_nibbles(linear, c, scale, own);
      } else {
        std::transform(linear.row(c).begin(), linear.row(c).end(), own.begin(),
                       [&](float weight) { return integer_weight(weight, scale); });
      }
      integer.bias[c] = integer_bias(linear.bias[c], input_scale * static_cast<double>(scale));
    }
  }
  /// Groups are of taps in the order (window, inputs).
  static void round_to_nibbles(const LinearWeights& linear, std::size_t channel, float scale,
                               std::span<std::int8_t> integers) {
    const std::size_t window = linear.taps / linear.group_inputs;
    const auto natural = [&](std::size_t tap) {
      return tap % linear.group_inputs * window + tap / linear.group_inputs;
    };
    for (std::size_t first = 0; first < linear.taps; first += Nibbles::group) {
      std::array<float, Nibbles::group> weights{};
      const std::size_t count = std::min(Nibbles::group, linear.taps - first);
      for (std::size_t i = 0; i < count; ++i) weights[i] = linear.row(channel)[natural(first + i)] / scale;
      const int factor = Nibbles::factor_of({weights.data(), count});
      for (std::size_t i = 0; i < count; ++i) {
        integers[natural(first + i)] = static_cast<std::int8_t>(factor * Nibbles::nearest(weights[i], factor));
      }
    }
  }
  /// The float network's weights with those that the integers stand for.
  [[nodiscard]] std::vector<LinearWeights> dequantized(std::vector<LinearWeights> linear, const Ranges& ranges) const {
    for_each_integer_step(ranges, [&](const Step&, std::size_t i, const Quantization&) {
      for (std::size_t k = 0; k < linear[i].weight.size(); ++k) {
        linear[i].weight[k] = leaf[i].scale[k / linear[i].taps] * static_cast<float>(leaf[i].weight[k]);
      }
    });
    return linear;
  }
};

}  // namespace ctnn::detail
