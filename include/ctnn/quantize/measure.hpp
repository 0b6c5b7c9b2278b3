/// How exact an integer network is on sample inputs: it and the float network run side by side, layer by layer.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <type_traits>
#include <vector>

#include <ctnn/network/network.hpp>
#include <ctnn/network/weights.hpp>
#include <ctnn/numeric/f32.hpp>
#include <ctnn/quantize/error_bound.hpp>
#include <ctnn/quantize/float_network.hpp>
#include <ctnn/quantize/integer_weights.hpp>
#include <ctnn/quantize/leaves.hpp>
#include <ctnn/quantize/ranges.hpp>
#include <ctnn/quantize/report.hpp>
#include <ctnn/quantize/steps.hpp>

namespace ctnn::detail {

/// Sums over all inputs that a tensor's figures come from.
struct ErrorSums {
  double signal = 0.0, noise = 0.0, own_noise = 0.0, own_error = 0.0;
  std::size_t clipped = 0, values = 0;

  [[nodiscard]] double ratio(double of) const {
    return of == 0.0 ? std::numeric_limits<double>::infinity() : 10.0 * std::log10(signal / of);
  }
};

template <class Model>
class QuantizationMeasurement : QuantizedSteps<Model> {
  using S = QuantizedSteps<Model>;
  using Network = FloatNetwork<Model>;
  using Ranges = QuantizationRanges<Model>;
  using S::facts_at;
  using S::input_of;
  using S::is_integer;
  using S::is_linear_step;
  using S::is_quantized;
  using S::leaf_count;
  using S::output_of;
  using S::result;
  using S::steps;
  using S::value_count;
  using typename S::N;
  using typename S::Quantization;
  using typename S::T;
  using ModelLeaves = Leaves<typename S::B, typename S::NetworkFormat>;

 public:
  QuantizationMeasurement(const Network& network, const Ranges& ranges, const IntegerWeights<Model>& integers,
                          const Weights<Model>& weights)
      : network_{network}, ranges_{ranges}, integers_{integers}, leaves_{leaves_of(weights)} {}

  /// Runs both networks on the inputs: the report's tensors and outputs.
  template <class Images>
  QuantizationReport report(const Images& images, const typename Network::Leaves& exact_leaves,
                            QuantizationProgress& progress) const {
    QuantizationReport report;
    report.format = N::name.view();
    std::vector<ErrorSums> sums(value_count);
    // the integer network's values, and the float network's as a layer of the integer one reads them
    NetworkValues<T> values8{S::template make_values<float>(), S::template make_values<T>()}, exact = values8;
    Network::for_each_input(images, exact_leaves, progress, [&](const typename Network::Values& values) {
      for (std::size_t v = 0; v < value_count; ++v) {
        exact.real[v] = values[v];
        if (!is_integer(v)) continue;
        quantize_all(values[v], exact.integer[v], ranges_.of_value[v]);
        dequantize_all(exact.integer[v], exact.real[v], ranges_.of_value[v]);
      }
      values8.real[0] = exact.real[0];
      values8.integer[0] = exact.integer[0];
      add_to(sums[0], 0, values[0], exact.real[0], exact.real[0]);
      std::vector<T> numbers;
      std::vector<float> alone;
      for (const Step& step : steps) {
        const std::size_t v = output_of(step);
        run_step(step, values8, values8.integer[v], values8.real[v]);
        run_step(step, exact, numbers, alone);
        add_to(sums[v], v, values[v], values8.real[v], alone);
      }
      const OutputError error = output_error(report.inputs++, values[result], values8.real[result]);
      if (error.answered == error.wanted) ++report.alike;
      report.worst.push_back(error);
    });
    constexpr std::size_t worst = 5;  // enough to look at
    std::stable_sort(report.worst.begin(), report.worst.end(),
                     [](const OutputError& a, const OutputError& b) { return a.largest_error > b.largest_error; });
    report.worst.resize(std::min(report.worst.size(), worst));

    QuantizedTensor& input = report.tensors.emplace_back(tensor_of(0, sums[0]));
    input.layer = "input";
    input.rescales = is_integer(0);
    for (const Step& step : steps) {
      QuantizedTensor& tensor = report.tensors.emplace_back(tensor_of(output_of(step), sums[output_of(step)]));
      const LayerInfo& layer = Model::layers[static_cast<std::size_t>(step.leaf)];
      tensor.path = layer.path;
      tensor.layer = layer.name;
      tensor.rescales = facts_at(step.leaf).rescales || (is_quantized(step) && facts_at(step.leaf).quantization);
      if (is_linear_step(step) && is_quantized(step)) tensor.error_bound = bound_of(step);
    }
    return report;
  }

 private:
  // ---- running the integer network

  [[nodiscard]] ModelLeaves leaves_of(const Weights<Model>& weights) const {
    const auto as_numbers = [](const Quantization& q) { return ScaleAndZero{q.scale, q.zero_point}; };
    std::vector<QuantizationAround> around(leaf_count);
    for (const Step& step : steps) {
      const auto leaf = static_cast<std::size_t>(step.leaf);
      for (std::size_t i = 0; i < static_cast<std::size_t>(step.input_count); ++i) {
        const auto value = static_cast<std::size_t>(step.inputs[i]);
        around[leaf].inputs[i] = as_numbers(is_integer(value) ? ranges_.of_value[value] : ranges_.of_float_read[leaf]);
      }
      around[leaf].output = as_numbers(ranges_.of_value[output_of(step)]);
      if (step.first_activation != none) {
        QuantizationAround& activation = around[static_cast<std::size_t>(step.first_activation)];
        activation.inputs[0] = activation.output = around[leaf].output;
      }
    }
    return {weights, around, network_.linear};
  }
  static void quantize_all(const std::vector<float>& from, std::vector<T>& to, const Quantization& quantization) {
    to.resize(from.size());
    std::transform(from.begin(), from.end(), to.begin(), [&](float x) { return quantization.quantize(x); });
  }
  static void dequantize_all(const std::vector<T>& from, std::vector<float>& to, const Quantization& quantization) {
    to.resize(from.size());
    std::transform(from.begin(), from.end(), to.begin(), [&](T q) { return quantization.dequantize(q); });
  }
  /// Runs a step on values; its output in `real`, and where it is of integers, in `integer`.
  void run_step(const Step& step, const NetworkValues<T>& values, std::vector<T>& integer,
                std::vector<float>& real) const {
    std::array<const void*, kernels::max_inputs> inputs{};
    std::array<std::vector<T>, kernels::max_inputs> converted;
    for (std::size_t i = 0; i < static_cast<std::size_t>(step.input_count); ++i) {
      const auto v = static_cast<std::size_t>(step.inputs[i]);
      if (!is_quantized(step)) {
        inputs[i] = values.real[v].data();
      } else if (is_integer(v)) {
        inputs[i] = values.integer[v].data();
      } else {
        quantize_all(values.real[v], converted[i], ranges_.of_float_read[static_cast<std::size_t>(step.leaf)]);
        inputs[i] = converted[i].data();
      }
    }
    const std::size_t size = facts_at(step.leaf).leaf.out.size();
    real.resize(size);
    if (!is_quantized(step)) return S::run_step(leaves_, step, inputs.data(), real.data());
    integer.resize(size);
    S::run_step(leaves_, step, inputs.data(), integer.data());
    dequantize_all(integer, real, ranges_.of_value[output_of(step)]);
  }

  // ---- figures

  /// Adds the errors of a value: x in the float network, in the integer one, and of its maker alone.
  void add_to(ErrorSums& sums, std::size_t value, const std::vector<float>& x,
              const std::vector<float>& with_all_before, const std::vector<float>& alone) const {
    const Interval represented = Ranges::represented_by(ranges_.of_value[value]);
    const float half = 0.5F * ranges_.of_value[value].scale;
    for (std::size_t i = 0; i < x.size(); ++i) {
      const auto real = static_cast<double>(x[i]);
      const double error = static_cast<double>(with_all_before[i]) - real;
      const double own_error = static_cast<double>(alone[i]) - real;
      sums.signal += real * real;
      sums.noise += error * error;
      sums.own_noise += own_error * own_error;
      sums.own_error = std::max(sums.own_error, std::abs(own_error));
      const bool inside = x[i] >= represented.lowest - half && x[i] <= represented.highest + half;
      if (is_integer(value) && !inside) ++sums.clipped;
    }
    sums.values += x.size();
  }
  static OutputError output_error(std::size_t input, const std::vector<float>& wanted, const std::vector<float>& got) {
    const auto position_of_largest = [](const std::vector<float>& numbers) {
      return static_cast<std::size_t>(std::max_element(numbers.begin(), numbers.end()) - numbers.begin());
    };
    OutputError error{.input = input, .wanted = position_of_largest(wanted), .answered = position_of_largest(got)};
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      error.largest_error = std::max(error.largest_error, static_cast<double>(std::abs(got[i] - wanted[i])));
    }
    return error;
  }
  [[nodiscard]] QuantizedTensor tensor_of(std::size_t value, const ErrorSums& sums) const {
    const Quantization& quantization = ranges_.of_value[value];
    QuantizedTensor tensor;
    tensor.seen = tensor.represented = ranges_.seen[value];
    if (is_integer(value)) {
      tensor.format = N::name.view();
      tensor.represented = Ranges::represented_by(quantization);
      tensor.scale = quantization.scale;
      tensor.zero_point = quantization.zero_point;
    } else {
      tensor.format = F32::name.view();
    }
    tensor.clipped = static_cast<double>(sums.clipped) / static_cast<double>(sums.values);
    tensor.snr = sums.ratio(sums.noise);
    tensor.own_snr = sums.ratio(sums.own_noise);
    tensor.own_error = sums.own_error;
    return tensor;
  }
  /// Largest distance of what was seen to what the integers represent.
  [[nodiscard]] double largest_error(std::size_t value, const Quantization& q) const {
    const Interval represented = Ranges::represented_by(q);
    const Interval& seen = ranges_.seen[value];
    const float outside = std::max(represented.lowest - seen.lowest, seen.highest - represented.highest);
    return std::max(QuantizationErrors::half_step(static_cast<double>(q.scale)), static_cast<double>(outside));
  }
  /// The largest error that a convolution or fully connected layer can have.
  [[nodiscard]] double bound_of(const Step& step) const {
    const auto leaf = static_cast<std::size_t>(step.leaf);
    const LinearWeights& linear = network_.linear[leaf];
    const IntegerLeaf& integer = integers_.leaf[leaf];
    const Interval& x = ranges_.seen[input_of(step)];
    const Quantization &input = ranges_.of_input(step), &output = ranges_.of_value[output_of(step)];
    double bound = 0.0;
    for (std::size_t c = 0; c < linear.outputs; ++c) {
      const auto weight_scale = static_cast<double>(integer.scale[c]), bias = static_cast<double>(linear.bias[c]);
      double weight_error = QuantizationErrors::half_step(weight_scale);
      for (std::size_t tap = 0; tap < linear.taps; ++tap) {  // more than half a step where weights have four bits
        const double rounded = weight_scale * integer.weight[c * linear.taps + tap];
        weight_error = std::max(weight_error, std::abs(static_cast<double>(linear.row(c)[tap]) - rounded));
      }
      QuantizationErrors errors{.taps = linear.taps,
                                .largest_input = static_cast<double>(std::max(-x.lowest, x.highest)),
                                .input_error = largest_error(input_of(step), input),
                                .weight_error = weight_error,
                                .bias = std::abs(bias),
                                .output_error = largest_error(output_of(step), output)};
      for (const float weight : linear.row(c)) errors.weight_sum += std::abs(static_cast<double>(weight));
      // of two roundings the first is of at most half a step's half
      if constexpr (std::is_same_v<typename N::Rounding, numeric::DoubleRounding>) {
        errors.output_error += 0.25 * static_cast<double>(output.scale);
      }
      // corrected biases are off on purpose
      errors.bias_error = std::abs(bias - static_cast<double>(input.scale) * weight_scale * integer.bias[c]);
      bound = std::max(bound, worst_case_error(errors));
    }
    return bound;
  }

  const Network& network_;
  const Ranges& ranges_;
  const IntegerWeights<Model>& integers_;
  ModelLeaves leaves_;
};

}  // namespace ctnn::detail
