/// The ranges of what flows in a network, seen in sample inputs, and the scales and zero points that represent them.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <ctnn/core/error.hpp>
#include <ctnn/network/graph.hpp>
#include <ctnn/quantize/float_network.hpp>
#include <ctnn/quantize/observer.hpp>
#include <ctnn/quantize/steps.hpp>

namespace ctnn::detail {

template <class Model>
class QuantizationRanges : QuantizedSteps<Model> {
  using S = QuantizedSteps<Model>;
  using Network = FloatNetwork<Model>;
  using S::facts_at;
  using S::input_of;
  using S::is_integer;
  using S::is_quantized;
  using S::leaf_count;
  using S::output_of;
  using S::result;
  using S::steps;
  using S::value_count;
  using typename S::Quantization;
  using typename S::T;
  static constexpr std::int32_t lowest = Quantization::lowest, highest = Quantization::highest;

 public:
  std::array<Interval, value_count> seen{};              ///< of all values in all inputs
  std::array<Quantization, value_count> of_value{};      ///< of what integers stand for
  std::array<Quantization, leaf_count> of_float_read{};  ///< by which integer leaves read floats

  /// Runs the float network on the inputs, and chooses. Throws Error where a number is not finite.
  template <class Images, Observer O>
  void choose(const Images& images, const typename Network::Leaves& leaves, const O& observer,
              QuantizationProgress& progress) {
    const auto own = observed();
    std::vector<O> observers(value_count, observer);
    std::size_t input = 0;
    Network::for_each_input(images, leaves, progress, [&](const typename Network::Values& values) {
      check_finite(values, input++);
      for (std::size_t v = 0; v < value_count; ++v) {
        seen[v].include(values[v]);
        if (own[v]) observers[v].observe(values[v]);
      }
    });
    const auto range_of = [&](std::size_t value) -> Interval {
      // the answers themselves are not clipped: those that are tie
      return value == result ? seen[value] : Interval{observers[value].range()};
    };
    if (is_integer(0)) of_value[0] = quantization_of(range_of(0));
    for (const Step& step : steps) {
      if (!is_quantized(step)) continue;
      Interval floats;  // several are read by one scale
      for_each_float_read(step, [&](std::size_t value) {
        floats.include(std::array{range_of(value).lowest, range_of(value).highest});
      });
      if (!floats.is_empty()) of_float_read[static_cast<std::size_t>(step.leaf)] = quantization_of(floats);
      Quantization& output = of_value[output_of(step)];
      output = facts_at(step.leaf).quantization.value_or(of_input(step));
      if (facts_at(step.leaf).rescales) output = quantization_of(range_of(output_of(step)));
    }
  }

  /// How a step of an integer format reads its inputs.
  [[nodiscard]] const Quantization& of_input(const Step& step) const {
    return is_integer(input_of(step)) ? of_value[input_of(step)] : of_float_read[static_cast<std::size_t>(step.leaf)];
  }
  /// The real numbers that integers stand for.
  static Interval represented_by(const Quantization& quantization) {
    return {quantization.dequantize(static_cast<T>(lowest)), quantization.dequantize(static_cast<T>(highest))};
  }

 private:
  /// Whether a value's range is to be found: integers of a scale of their own stand for it, or an integer layer reads
  /// it.
  static std::array<bool, value_count> observed() {
    std::array<bool, value_count> own{};
    own[0] = is_integer(0);
    for (const Step& step : steps) {
      own[output_of(step)] = own[output_of(step)] || facts_at(step.leaf).rescales;
      for_each_float_read(step, [&](std::size_t value) { own[value] = true; });
    }
    return own;
  }
  /// Calls body(value) for every float that a step of an integer format reads.
  template <class Body>
  static void for_each_float_read(const Step& step, Body body) {
    for (std::size_t i = 0; is_quantized(step) && i < static_cast<std::size_t>(step.input_count); ++i) {
      const auto value = static_cast<std::size_t>(step.inputs[i]);
      if (!is_integer(value)) body(value);
    }
  }
  /// The quantization that represents a range, and zero exactly.
  static Quantization quantization_of(const Interval& range) {
    const double low = std::min(0.0, static_cast<double>(range.lowest));
    const double high = std::max(0.0, static_cast<double>(range.highest));
    const auto scale = static_cast<float>((high - low) / (highest - lowest));
    if (!std::isfinite(scale)) throw Error("quantize: an observer's range is not finite");
    Quantization quantization;  // a tensor that is all zeros: any scale serves
    quantization.zero_point = lowest;
    if (scale < std::numeric_limits<float>::min()) return quantization;
    quantization.scale = scale;
    const auto zero = static_cast<std::int32_t>(std::lround(lowest - low / static_cast<double>(scale)));
    quantization.zero_point = std::clamp(zero, lowest, highest);
    return quantization;
  }
  static void check_finite(const typename Network::Values& values, std::size_t input) {
    const auto finite = [](const std::vector<float>& numbers) {
      return std::all_of(numbers.begin(), numbers.end(), [](float x) { return std::isfinite(x); });
    };
    const auto refuse = [&](const std::string& what) {
      throw Error("quantize: calibration input " + std::to_string(input) + ": " + what + " that is not finite");
    };
    if (!finite(values[0])) refuse("it has a number");
    for (const Step& step : steps) {
      if (finite(values[output_of(step)])) continue;
      const LayerInfo& layer = Model::layers[static_cast<std::size_t>(step.leaf)];
      refuse("layer \"" + std::string{layer.path.view()} + "\", " + std::string{layer.name} + ", gives a number");
    }
  }
};

}  // namespace ctnn::detail
