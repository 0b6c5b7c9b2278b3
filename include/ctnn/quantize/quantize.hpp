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

#include <cstddef>
#include <functional>
#include <iterator>
#include <vector>

#include <ctnn/core/error.hpp>
#include <ctnn/network/compare.hpp>
#include <ctnn/network/weights.hpp>
#include <ctnn/quantize/equalize.hpp>
#include <ctnn/quantize/float_network.hpp>
#include <ctnn/quantize/integer_weights.hpp>
#include <ctnn/quantize/measure.hpp>
#include <ctnn/quantize/observer.hpp>
#include <ctnn/quantize/ranges.hpp>
#include <ctnn/quantize/report.hpp>
#include <ctnn/quantize/steps.hpp>

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

/// Quantizes a network: `Model` is the integer network, `weights` the float network's of the same layers and input
/// shape, `images` the calibration inputs, a range (looked at two or three times) of what converts to View<const float,
/// Input>. Batch norms fold into the layers before them.
///
/// Weights are symmetric in [-127, 127]; activations asymmetric per tensor, in the observer's range widened to hold
/// zero; biases 32-bit at the input's scale times the weights'. A layer's range is that of its output after the ReLU,
/// ReLU6 or Clip that follows it. What does not rescale (most pools, movements of elements) has its input's
/// quantization; sigmoid, tanh and softmax have what their function prescribes; the network's own output has all its
/// range, whatever the observer, because answers that are clipped tie.
///
/// Parts of the network may stay in float, `With<F32, Linear<10>>`, or parts of a float network be of integers,
/// `With<Int8, ...>`; the weights of what stays in float are as they were.
///
/// Returns the weights, ready for Model, and a report of what was chosen and how exact the integer network is on the
/// calibration inputs. Throws Error where there are no inputs, or where an input or a layer's output is not finite.
template <class Model, class Images, Observer O = MinMax>
  requires detail::InputOf<detail::ElementOf<const Images>, Model>
[[nodiscard]] QuantizationResult<Model> quantize(const TableView<detail::FloatTable<Model>>& weights,
                                                 const Images& images, const QuantizeOptions<O>& options = {}) {
  static_assert(detail::is_quantizable<Model>,
                "quantize: the network, or parts of it, must be in one integer format, and all else in F32");
  if constexpr (detail::is_quantizable<Model>) {
    const auto inputs = static_cast<std::size_t>(std::distance(std::begin(images), std::end(images)));
    if (inputs == 0) throw Error("quantize: there are no calibration inputs");
    const std::size_t rounds = options.correct_bias ? 3 : 2;  // times the inputs are looked at
    detail::QuantizationProgress progress{.report = options.progress, .all = inputs * rounds};

    detail::FloatNetwork<Model> network{weights};
    using Steps = detail::QuantizedSteps<Model>;
    const auto equalized = options.equalize ? Steps::equalizable_pairs() : std::vector<detail::EqualizedPair>{};
    detail::equalize(network.linear, equalized);
    const auto leaves = network.leaves(network.linear);

    detail::QuantizationRanges<Model> ranges;
    ranges.choose(images, leaves, options.observer, progress);

    detail::IntegerWeights<Model> integers{network, ranges, options.weight_scales};
    if (options.correct_bias) integers.correct_biases(images, network, leaves, ranges, progress);
    QuantizationResult<Model> done;
    integers.write(network, ranges, done.weights);

    const detail::QuantizationMeasurement<Model> measurement{network, ranges, integers, done.weights};
    done.report = measurement.report(images, leaves, progress);
    done.report.observer = O::name;
    done.report.weight_scales = options.weight_scales;
    done.report.equalized_pairs = equalized.size();
    done.report.bias_corrected = options.correct_bias;
    return done;
  }
}

}  // namespace ctnn
