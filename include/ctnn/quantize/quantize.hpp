/// Post-training quantization: the integer weights of a network from its float weights and sample inputs.
///
///   using Model = nn::Network<Spec, nn::Shape<28, 28, 1>>;
///   using Model8 = nn::Network<Spec, nn::Shape<28, 28, 1>, nn::Int8>;
///   auto [weights8, report] = nn::quantize<Model8>(weights, images);
///   nn::print_report(std::cout, report);
///   Model8 model8{weights8};
///
/// Host code: allocates, and throws Error.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <ctnn/core/error.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/network/compare.hpp>
#include <ctnn/network/network.hpp>
#include <ctnn/network/weights.hpp>
#include <ctnn/numeric/f32.hpp>
#include <ctnn/quantize/equalize.hpp>
#include <ctnn/quantize/error_bound.hpp>
#include <ctnn/quantize/leaves.hpp>
#include <ctnn/quantize/observer.hpp>
#include <ctnn/quantize/report.hpp>
#include <ctnn/quantize/steps.hpp>
#include <ctnn/simd/denormals.hpp>

namespace ctnn {

/// How `quantize` goes about it.
template <Observer O = MinMax>
struct QuantizeOptions {
  O observer{};  ///< copied for every tensor that has a range of its own
  WeightScales weight_scales = WeightScales::per_channel;
  bool equalize = false;      ///< cross-layer equalisation first (quantize/equalize.hpp)
  bool correct_bias = false;  ///< take from every bias what the rounded weights add on average, arXiv 1906.04721
  /// Called after every step: how many are done, and how many there are.
  std::function<void(std::size_t done, std::size_t all)> progress{};
};

/// What `quantize` makes.
template <class Model>
struct QuantizationResult {
  Weights<Model> weights;
  QuantizationReport report;
};

namespace detail {

/// The work of `quantize`; all but the observer's part is compiled once for a model.
template <class Model>
class Quantizer : QuantizedSteps<Model> {
  using S = QuantizedSteps<Model>;
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
  using typename S::B;
  using typename S::N;
  using typename S::Quantization;
  using typename S::T;
  using Table = typename Model::WeightTable;
  using FloatLeaves = Leaves<B, F32>;
  using ModelLeaves = Leaves<B, N>;
  using Reals = std::vector<std::vector<float>>;  // by value
  static constexpr std::int32_t lowest = Quantization::lowest, highest = Quantization::highest;
  static constexpr std::int32_t largest_weight = 127;  // symmetric, so that -128 has no use

  // ---- the float network, batch norms folded

  template <std::size_t I>
  void read_leaf(const TableView<FloatTable<Model>>& weights) {
    using L = Leaf<B, I>;
    if constexpr (is_linear(traits_of<L>.operation)) {
      const auto fields = weights.template leaf<I>();
      LinearWeights& linear = linear_[I];
      linear.outputs = L::Weight::dims[0];
      linear.taps = L::Weight::size / linear.outputs;
      linear.group_inputs = linear.taps;
      if constexpr (requires { L::geometry; }) {
        linear.groups = L::geometry.groups;
        linear.group_inputs = L::geometry.group_inputs();
      }
      const auto weight = fields.template get<"weight">();
      linear.weight.assign(weight.begin(), weight.end());
      linear.bias.assign(linear.outputs, 0.0F);
      if constexpr (decltype(fields)::template has<"bias">) {
        const auto bias = fields.template get<"bias">();
        linear.bias.assign(bias.begin(), bias.end());
      }
    } else if constexpr (folded_batch_norms<B, N>[I]) {
      const auto affine = L::affine_of(weights.template leaf<I>());
      scale_[I].assign(affine.scale.begin(), affine.scale.end());
      shift_[I].assign(affine.shift.begin(), affine.shift.end());
    } else if constexpr (FieldViews<typename S::template LeafFormat<I>::template Fields<L>>::template has<
                             "weight_scale">) {  // slopes
      const auto slopes = weights.template leaf<I>().template get<"weight">();
      const float scale = weight_scale(largest_of({slopes.data(), slopes.size()}), 0.0);
      integer_[I].scale.assign(1, scale);
      for (const float slope : slopes) integer_[I].weight.push_back(integer_weight(slope, scale));
    }
    if constexpr (Floating<typename S::template LeafFormat<I>>) {  // its arrays lie one behind the other
      const auto fields = weights.template leaf<I>();
      if constexpr (std::tuple_size_v<decltype(fields.holders)> != 0) {
        const float* first = std::get<0>(fields.holders).data();
        const auto last = std::get<std::tuple_size_v<decltype(fields.holders)> - 1>(fields.holders);
        float_arrays_[I].assign(first, last.data() + last.size());
      }
    }
  }
  void fold_batch_norms() {
    for (const Step& step : steps) {
      if (step.batch_norm == none) continue;
      LinearWeights& linear = linear_[static_cast<std::size_t>(step.leaf)];
      const auto norm = static_cast<std::size_t>(step.batch_norm);
      for (std::size_t c = 0; c < linear.outputs; ++c) {
        for (float& weight : linear.row(c)) weight *= scale_[norm][c];
        linear.bias[c] = linear.bias[c] * scale_[norm][c] + shift_[norm][c];
      }
    }
  }

  // ---- running

  [[nodiscard]] FloatLeaves float_leaves(std::span<const LinearWeights> linear) const {
    const std::vector<QuantizationAround> around(leaf_count);
    return {float_weights_, around, linear};
  }
  /// How a step of an integer format reads its inputs.
  [[nodiscard]] const Quantization& quantization_of_input(const Step& step) const {
    return is_integer(input_of(step)) ? quantization_[input_of(step)] : foreign_[static_cast<std::size_t>(step.leaf)];
  }
  static void quantize_all(const std::vector<float>& from, std::vector<T>& to, const Quantization& quantization) {
    to.resize(from.size());
    std::transform(from.begin(), from.end(), to.begin(), [&](float x) { return quantization.quantize(x); });
  }
  static void dequantize_all(const std::vector<T>& from, std::vector<float>& to, const Quantization& quantization) {
    to.resize(from.size());
    std::transform(from.begin(), from.end(), to.begin(), [&](T q) { return quantization.dequantize(q); });
  }
  /// Runs a step of the integer network on values; its output in `real`, and where it is of integers, in `integer`.
  void run_model_step(const ModelLeaves& leaves, const Step& step, const NetworkValues<T>& values,
                      std::vector<T>& integer, std::vector<float>& real) const {
    std::array<const void*, kernels::max_inputs> inputs{};
    std::array<std::vector<T>, kernels::max_inputs> converted;
    for (std::size_t i = 0; i < static_cast<std::size_t>(step.input_count); ++i) {
      const auto v = static_cast<std::size_t>(step.inputs[i]);
      if (!is_quantized(step)) {
        inputs[i] = values.real[v].data();
      } else if (is_integer(v)) {
        inputs[i] = values.integer[v].data();
      } else {
        quantize_all(values.real[v], converted[i], foreign_[static_cast<std::size_t>(step.leaf)]);
        inputs[i] = converted[i].data();
      }
    }
    const std::size_t size = facts_at(step.leaf).leaf.out.size();
    real.resize(size);
    if (!is_quantized(step)) return S::run_step(leaves, step, inputs.data(), real.data());
    integer.resize(size);
    S::run_step(leaves, step, inputs.data(), integer.data());
    dequantize_all(integer, real, quantization_[output_of(step)]);
  }

  void count_step() {
    ++steps_done_;
    if (progress_) progress_(steps_done_, steps_in_all_);
  }
  /// Calls body(values of the float network) for every input.
  template <class Images, class Body>
  void for_each_input(const Images& images, const FloatLeaves& leaves, Body body) {
    auto values = S::template make_values<float>();
    const simd::FlushDenormals flush;
    for (const auto& image : images) {
      const View<const float, typename Model::Input> x = image;
      std::copy(x.begin(), x.end(), values[0].begin());
      S::run_floats(leaves, values);
      body(values);
      count_step();
    }
  }

  // ---- ranges

  void check_finite(const Reals& values, std::size_t input) const {
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
  /// Whether a value's range is to be found: integers of a scale of their own stand for it, or an integer layer reads
  /// it.
  static std::array<bool, value_count> observed() {
    std::array<bool, value_count> own{};
    own[0] = is_integer(0);
    for (const Step& step : steps) {
      own[output_of(step)] = own[output_of(step)] || facts_at(step.leaf).rescales;
      for_each_foreign_input(step, [&](std::size_t value) { own[value] = true; });
    }
    return own;
  }
  /// Calls body(value) for every float that a step of an integer format reads.
  template <class Body>
  static void for_each_foreign_input(const Step& step, Body body) {
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
  static Interval represented_by(const Quantization& quantization) {
    return {quantization.dequantize(static_cast<T>(lowest)), quantization.dequantize(static_cast<T>(highest))};
  }
  template <class Images, Observer O>
  void choose_ranges(const Images& images, const FloatLeaves& leaves, const O& observer) {
    const auto own = observed();
    std::vector<O> observers(value_count, observer);
    std::size_t input = 0;
    for_each_input(images, leaves, [&](const Reals& values) {
      check_finite(values, input++);
      for (std::size_t v = 0; v < value_count; ++v) {
        seen_[v].include(values[v]);
        if (own[v]) observers[v].observe(values[v]);
      }
    });
    const auto range_of = [&](std::size_t value) -> Interval {
      // the answers themselves are not clipped: those that are tie
      return value == result ? seen_[value] : Interval{observers[value].range()};
    };
    if (is_integer(0)) quantization_[0] = quantization_of(range_of(0));
    for (const Step& step : steps) {
      if (!is_quantized(step)) continue;
      Interval foreign;  // several floats are read by one scale
      for_each_foreign_input(step, [&](std::size_t value) {
        foreign.include(std::array{range_of(value).lowest, range_of(value).highest});
      });
      if (!foreign.is_empty()) foreign_[static_cast<std::size_t>(step.leaf)] = quantization_of(foreign);
      Quantization& output = quantization_[output_of(step)];
      output = facts_at(step.leaf).quantization.value_or(quantization_of_input(step));
      if (facts_at(step.leaf).rescales) output = quantization_of(range_of(output_of(step)));
    }
  }

  // ---- weights

  struct IntegerWeights {
    std::vector<std::int8_t> weight;
    std::vector<float> scale;  // by output channel
    std::vector<std::int32_t> bias;
  };
  /// The scale of weights of which that is the largest, and at least what the bias needs.
  static float weight_scale(float largest, double least) {
    const auto scale = static_cast<float>(std::max(static_cast<double>(largest) / largest_weight, least));
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
  void quantize_weights() {
    for (const Step& step : steps) {
      if (!is_linear_step(step) || !is_quantized(step)) continue;
      const auto leaf = static_cast<std::size_t>(step.leaf);
      const LinearWeights& linear = linear_[leaf];
      const auto input_scale = static_cast<double>(quantization_of_input(step).scale);
      IntegerWeights& integer = integer_[leaf];
      integer.weight.resize(linear.weight.size());
      integer.scale.resize(linear.outputs);
      integer.bias.resize(linear.outputs);
      const float whole = largest_of(linear.weight);
      for (std::size_t c = 0; c < linear.outputs; ++c) {
        const bool per_channel = weight_scales_ == WeightScales::per_channel;
        const float largest = per_channel ? largest_of(linear.row(c)) : whole;
        const double for_bias = std::abs(static_cast<double>(linear.bias[c])) / (input_scale * largest_bias);
        const float scale = integer.scale[c] = weight_scale(largest, for_bias);
        std::transform(linear.row(c).begin(), linear.row(c).end(), integer.weight.data() + c * linear.taps,
                       [&](float weight) { return integer_weight(weight, scale); });
        integer.bias[c] = integer_bias(linear.bias[c], input_scale * static_cast<double>(scale));
      }
    }
  }
  /// The float network with the weights that the integers stand for.
  [[nodiscard]] std::vector<LinearWeights> dequantized_weights() const {
    std::vector<LinearWeights> dequantized = linear_;
    for (const Step& step : steps) {
      if (!is_linear_step(step) || !is_quantized(step)) continue;
      const auto leaf = static_cast<std::size_t>(step.leaf);
      LinearWeights& linear = dequantized[leaf];
      for (std::size_t c = 0; c < linear.outputs; ++c) {
        const float scale = integer_[leaf].scale[c];
        for (std::size_t tap = 0; tap < linear.taps; ++tap) {
          linear.row(c)[tap] = scale * static_cast<float>(integer_[leaf].weight[c * linear.taps + tap]);
        }
      }
    }
    return dequantized;
  }
  /// Takes from every bias what rounded weights and inputs add to an output channel, averaged over the outputs that the
  /// activation after it hands on: those that it bounds are often most, and their error is of no matter.
  template <class Images>
  void correct_biases(const Images& images, const FloatLeaves& exact) {
    const FloatLeaves rounded = float_leaves(dequantized_weights());
    std::vector<std::vector<double>> excess(leaf_count), count(leaf_count);
    for_each_input(images, exact, [&](const Reals& values) {
      std::vector<float> x, exact_y, rounded_y;
      for (const Step& step : steps) {
        if (!is_linear_step(step) || !is_quantized(step)) continue;
        const std::vector<float>& input = values[input_of(step)];
        const Quantization& quantization = quantization_of_input(step);
        x.resize(input.size());
        std::transform(input.begin(), input.end(), x.begin(),
                       [&](float number) { return quantization.dequantize(quantization.quantize(number)); });
        exact_y.resize(values[output_of(step)].size());
        rounded_y.resize(exact_y.size());
        const void* exact_x = input.data();
        const void* rounded_x = x.data();
        exact.run(step.leaf, &exact_x, exact_y.data());
        rounded.run(step.leaf, &rounded_x, rounded_y.data());
        const auto leaf = static_cast<std::size_t>(step.leaf);
        const std::size_t channels = linear_[leaf].outputs;
        excess[leaf].resize(channels);
        count[leaf].resize(channels);
        for (std::size_t i = 0; i < exact_y.size(); ++i) {
          if (values[output_of(step)][i] != exact_y[i]) continue;  // bounded
          excess[leaf][i % channels] += static_cast<double>(rounded_y[i]) - static_cast<double>(exact_y[i]);
          count[leaf][i % channels] += 1.0;
        }
      }
    });
    for (const Step& step : steps) {
      if (!is_linear_step(step) || !is_quantized(step)) continue;
      const auto leaf = static_cast<std::size_t>(step.leaf);
      for (std::size_t c = 0; c < linear_[leaf].outputs; ++c) {
        const double unit =
            static_cast<double>(quantization_of_input(step).scale) * static_cast<double>(integer_[leaf].scale[c]);
        const double mean = excess[leaf][c] / std::max(count[leaf][c], 1.0);
        const double bias = static_cast<double>(linear_[leaf].bias[c]) - mean;
        integer_[leaf].bias[c] = integer_bias(static_cast<float>(bias), unit);
      }
    }
  }

  /// Writes all arrays of the integer model, by their names.
  void fill(Weights<Model>& weights) const {
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
      set_quantization(index, Table::infos[index].name.view(), quantization_[0]);
    }
    for (std::size_t leaf = 0; leaf < leaf_count; ++leaf) {
      std::size_t done = 0;
      for (std::size_t index = Table::first[leaf]; index < Table::first[leaf + 1] && !S::facts[leaf].leaf.quantized;
           ++index) {
        const auto first = float_arrays_[leaf].begin() + static_cast<std::ptrdiff_t>(done);
        done += Table::infos[index].size;
        std::copy_n(first, Table::infos[index].size, static_cast<float*>(weights.data(index)));
      }
    }
    for (const Step& step : steps) {
      if (!is_quantized(step)) continue;
      const auto leaf = static_cast<std::size_t>(step.leaf);
      for (std::size_t index = Table::first[leaf]; index < Table::first[leaf + 1]; ++index) {
        std::string_view name = Table::infos[index].name.view();
        name = name.substr(name.rfind('.') + 1);
        if (name == "weight") {
          set(index, integer_[leaf].weight);
        } else if (name == "weight_scale") {
          set(index, integer_[leaf].scale);
        } else if (name == "bias") {
          set(index, integer_[leaf].bias);
        } else {
          set_quantization(index, name, name.starts_with("input_") ? foreign_[leaf] : quantization_[output_of(step)]);
        }
      }
    }
  }

  // ---- the report

  /// Sums over all inputs that a tensor's figures come from.
  struct Sums {
    double signal = 0.0, noise = 0.0, own_noise = 0.0, own_error = 0.0;
    std::size_t clipped = 0, values = 0;

    [[nodiscard]] double ratio(double of) const { return of == 0.0 ? infinity : 10.0 * std::log10(signal / of); }
    static constexpr double infinity = std::numeric_limits<double>::infinity();
  };
  /// Largest distance of what was seen to what the integers represent.
  [[nodiscard]] double largest_error(std::size_t value, const Quantization& q) const {
    const Interval represented = represented_by(q);
    const float outside =
        std::max(represented.lowest - seen_[value].lowest, seen_[value].highest - represented.highest);
    return std::max(QuantizationErrors::half_step(static_cast<double>(q.scale)), static_cast<double>(outside));
  }
  [[nodiscard]] double bound_of(const Step& step) const {
    const auto leaf = static_cast<std::size_t>(step.leaf);
    const LinearWeights& linear = linear_[leaf];
    const Interval& x = seen_[input_of(step)];
    const auto input_scale = static_cast<double>(quantization_of_input(step).scale);
    double bound = 0.0;
    for (std::size_t c = 0; c < linear.outputs; ++c) {
      const auto weight_scale = static_cast<double>(integer_[leaf].scale[c]);
      QuantizationErrors errors{.taps = linear.taps,
                                .largest_input = static_cast<double>(std::max(-x.lowest, x.highest)),
                                .input_error = largest_error(input_of(step), quantization_of_input(step)),
                                .weight_error = QuantizationErrors::half_step(weight_scale),
                                .bias = std::abs(static_cast<double>(linear.bias[c])),
                                .output_error = largest_error(output_of(step), quantization_[output_of(step)])};
      for (const float weight : linear.row(c)) errors.weight_sum += std::abs(static_cast<double>(weight));
      // of two roundings the first is of at most half a step's half
      if constexpr (std::is_same_v<typename N::Rounding, numeric::DoubleRounding>) {
        errors.output_error += 0.25 * static_cast<double>(quantization_[output_of(step)].scale);
      }
      // corrected biases are off on purpose
      errors.bias_error =
          std::abs(static_cast<double>(linear.bias[c]) - input_scale * weight_scale * integer_[leaf].bias[c]);
      bound = std::max(bound, worst_case_error(errors));
    }
    return bound;
  }
  [[nodiscard]] ModelLeaves model_leaves(const Weights<Model>& weights) const {
    const auto as_numbers = [](const Quantization& q) { return ScaleAndZero{q.scale, q.zero_point}; };
    std::vector<QuantizationAround> around(leaf_count);
    for (const Step& step : steps) {
      const auto leaf = static_cast<std::size_t>(step.leaf);
      for (std::size_t i = 0; i < static_cast<std::size_t>(step.input_count); ++i) {
        const auto value = static_cast<std::size_t>(step.inputs[i]);
        around[leaf].inputs[i] = as_numbers(is_integer(value) ? quantization_[value] : foreign_[leaf]);
      }
      around[leaf].output = as_numbers(quantization_[output_of(step)]);
      if (step.first_activation != none) {
        QuantizationAround& activation = around[static_cast<std::size_t>(step.first_activation)];
        activation.inputs[0] = activation.output = around[leaf].output;
      }
    }
    return {weights, around, linear_};
  }
  static std::size_t position_of_largest(const std::vector<float>& numbers) {
    return static_cast<std::size_t>(std::max_element(numbers.begin(), numbers.end()) - numbers.begin());
  }

  /// Adds the errors of a value: x in the float network, in the integer one, and of its maker alone.
  void add_to(Sums& sums, std::size_t value, const std::vector<float>& x, const std::vector<float>& with_all_before,
              const std::vector<float>& alone) const {
    const Interval represented = represented_by(quantization_[value]);
    const float half = 0.5F * quantization_[value].scale;
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
  [[nodiscard]] QuantizedTensor tensor_of(std::size_t value, const Sums& sums) const {
    QuantizedTensor tensor;
    tensor.seen = tensor.represented = seen_[value];
    if (is_integer(value)) {
      tensor.format = N::name.view();
      tensor.represented = represented_by(quantization_[value]);
      tensor.scale = quantization_[value].scale;
      tensor.zero_point = quantization_[value].zero_point;
    } else {
      tensor.format = F32::name.view();
    }
    tensor.clipped = static_cast<double>(sums.clipped) / static_cast<double>(sums.values);
    tensor.snr = sums.ratio(sums.noise);
    tensor.own_snr = sums.ratio(sums.own_noise);
    tensor.own_error = sums.own_error;
    return tensor;
  }

  template <class Images>
  QuantizationReport make_report(const Images& images, const FloatLeaves& leaves, const Weights<Model>& weights) {
    const ModelLeaves integer = model_leaves(weights);
    QuantizationReport report;
    report.format = N::name.view();
    report.weight_scales = weight_scales_;
    std::vector<Sums> sums(value_count);
    // the integer network's values, and the float network's as a layer of the integer one reads them
    NetworkValues<T> values8{S::template make_values<float>(), S::template make_values<T>()}, exact = values8;
    for_each_input(images, leaves, [&](const Reals& values) {
      for (std::size_t v = 0; v < value_count; ++v) {
        exact.real[v] = values[v];
        if (!is_integer(v)) continue;
        quantize_all(values[v], exact.integer[v], quantization_[v]);
        dequantize_all(exact.integer[v], exact.real[v], quantization_[v]);
      }
      values8.real[0] = exact.real[0];
      values8.integer[0] = exact.integer[0];
      add_to(sums[0], 0, values[0], exact.real[0], exact.real[0]);
      std::vector<T> integers;
      std::vector<float> alone;
      for (const Step& step : steps) {
        const std::size_t v = output_of(step);
        run_model_step(integer, step, values8, values8.integer[v], values8.real[v]);
        run_model_step(integer, step, exact, integers, alone);
        add_to(sums[v], v, values[v], values8.real[v], alone);
      }
      OutputError error{.input = report.inputs++,
                        .wanted = position_of_largest(values[result]),
                        .answered = position_of_largest(values8.real[result])};
      for (std::size_t i = 0; i < values[result].size(); ++i) {
        const float difference = values8.real[result][i] - values[result][i];
        error.largest_error = std::max(error.largest_error, static_cast<double>(std::abs(difference)));
      }
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

 public:
  explicit Quantizer(const TableView<FloatTable<Model>>& weights) : float_weights_{weights} {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (read_leaf<I>(weights), ...); }
    (std::make_index_sequence<leaf_count>{});
    fold_batch_norms();
  }

  template <class Images, Observer O>
  QuantizationResult<Model> run(const Images& images, const QuantizeOptions<O>& options) {
    const auto inputs = static_cast<std::size_t>(std::distance(std::begin(images), std::end(images)));
    if (inputs == 0) throw Error("quantize: there are no calibration inputs");
    progress_ = options.progress;
    steps_in_all_ = inputs * (options.correct_bias ? 3 : 2);  // times the inputs are looked at
    weight_scales_ = options.weight_scales;
    const auto equalized = options.equalize ? S::equalizable_pairs() : std::vector<EqualizedPair>{};
    detail::equalize(linear_, equalized);
    const FloatLeaves leaves = float_leaves(linear_);
    choose_ranges(images, leaves, options.observer);
    quantize_weights();
    if (options.correct_bias) correct_biases(images, leaves);
    QuantizationResult<Model> done;
    fill(done.weights);
    done.report = make_report(images, leaves, done.weights);
    done.report.observer = O::name;
    done.report.equalized_pairs = equalized.size();
    done.report.bias_corrected = options.correct_bias;
    return done;
  }

 private:
  // half of an accumulator's range; the products, 127 * 255 each, have the other up to 33,000 taps
  static constexpr double largest_bias = 1 << 30;

  TableView<FloatTable<Model>> float_weights_;
  WeightScales weight_scales_ = WeightScales::per_channel;
  std::function<void(std::size_t, std::size_t)> progress_;
  std::size_t steps_done_ = 0, steps_in_all_ = 0;
  std::vector<LinearWeights> linear_ = std::vector<LinearWeights>(leaf_count);
  std::vector<std::vector<float>> scale_ = std::vector<std::vector<float>>(leaf_count), shift_ = scale_;  // batch norms
  std::array<Interval, value_count> seen_{};
  std::array<Quantization, value_count> quantization_{};     // of what integers stand for
  std::array<Quantization, leaf_count> foreign_{};           // by which integer leaves read floats
  std::array<std::vector<float>, leaf_count> float_arrays_;  // of the leaves that stay in float
  std::vector<IntegerWeights> integer_ = std::vector<IntegerWeights>(leaf_count);
};

}  // namespace detail

/// Quantizes a network: `Model` is the integer network, `weights` the float network's of the same spec and input shape,
/// `images` the calibration inputs, a range (looked at two or three times) of what converts to View<const float,
/// Input>. Batch norms fold into the layers before them.
///
/// Weights are symmetric in [-127, 127]; activations asymmetric per tensor, in the observer's range widened to hold
/// zero; biases 32-bit at the input's scale times the weights'. A layer's range is that of its output after the ReLU,
/// ReLU6 or Clip that follows it. What does not rescale (most pools, movements of elements) has its input's
/// quantization; sigmoid, tanh and softmax have what their function prescribes; the network's own output has all its
/// range, whatever the observer, because answers that are clipped tie.
///
/// Parts of the network may stay in float, `With<F32, Linear<10>>`; their weights are as they were.
///
/// Returns the weights, ready for Model, and a report of what was chosen and how exact the integer network is on the
/// calibration inputs. Throws Error where there are no inputs, or where an input or a layer's output is not finite.
template <class Model, class Images, Observer O = MinMax>
  requires Quantized<typename Model::Format> && detail::InputOf<detail::ElementOf<const Images>, Model>
[[nodiscard]] QuantizationResult<Model> quantize(const TableView<detail::FloatTable<Model>>& weights,
                                                 const Images& images, const QuantizeOptions<O>& options = {}) {
  static_assert(detail::is_quantizable<Model>,
                "quantize: parts of the network in another number format must be in F32");
  return detail::Quantizer<Model>{weights}.run(images, options);
}

}  // namespace ctnn
