/// What quantization chose, layer by layer, and what it costs in exactness.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <limits>
#include <map>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <ctnn/core/version.hpp>
#include <ctnn/network/graph.hpp>
#include <ctnn/network/summary.hpp>
#include <ctnn/quantize/observer.hpp>

namespace ctnn {

/// Whether every output channel's weights have a scale of their own.
enum class WeightScales { per_channel, per_tensor };

/// Of one tensor in a quantized network: the network's input, or a layer's output (after the activation that its loop
/// clamps with). Signal-to-noise ratios are 10 log10(sum of x^2 / sum of (x' - x)^2) over all calibration inputs, x in
/// float and x' what the integers stand for; infinite where they are the same.
struct QuantizedTensor {
  Path path;                ///< of the layer; empty for the input
  std::string_view layer;   ///< "Conv2d<5, Kernel<3>>"; "input"
  std::string_view format;  ///< "Int8"; "F32" where the layer stays in float
  bool rescales = false;    ///< it has a quantization of its own, and not its input's
  Interval seen;            ///< of all values in calibration
  Interval represented;     ///< by the integers
  float scale = 0.0F;
  std::int32_t zero_point = 0;
  double clipped = 0.0;    ///< share (0 to 1) of the values that the range cuts off
  double snr = 0.0;        ///< dB, of the integer network up to here
  double own_snr = 0.0;    ///< dB, of this layer alone: its inputs are the float network's, quantized
  double own_error = 0.0;  ///< the largest |x' - x| of this layer alone
  double error_bound = std::numeric_limits<double>::quiet_NaN();  ///< which it cannot exceed (worst_case_error); NaN
                                                                  ///< for what is no convolution or Linear
};

/// A calibration input and how far the output is off.
struct OutputError {
  std::size_t input = 0;                 ///< its number
  double largest_error = 0.0;            ///< of the outputs, in real numbers
  std::size_t wanted = 0, answered = 0;  ///< position of the largest output in float and in integers
};

/// All that `quantize` did. The float network it compares with is the one that was quantized: after equalisation, which
/// changes what flows between layers but no output.
struct QuantizationReport {
  std::vector<QuantizedTensor> tensors;  ///< the input, then by layer in the order they run
  std::vector<OutputError> worst;        ///< the inputs whose output is furthest off, the worst first
  std::size_t inputs = 0;                ///< of calibration
  std::size_t alike = 0;                 ///< of them have their largest output at the same position
  std::string_view format, observer;
  WeightScales weight_scales = WeightScales::per_channel;
  std::size_t equalized_pairs = 0;  ///< of layers
  bool bias_corrected = false;

  /// The integer layers whose own signal-to-noise ratio is below a budget (dB): those to keep in float first, by With.
  [[nodiscard]] std::vector<std::string_view> below(double snr) const {
    std::vector<std::string_view> paths;
    for (std::size_t i = 1; i < tensors.size(); ++i) {  // the first is the input
      if (tensors[i].format == format && tensors[i].own_snr < snr) paths.push_back(tensors[i].path.view());
    }
    return paths;
  }
  /// The tensor of a layer's output, null where that path has none.
  [[nodiscard]] const QuantizedTensor* find(std::string_view path) const {
    const auto found = std::find_if(tensors.begin(), tensors.end(),
                                    [&](const QuantizedTensor& tensor) { return tensor.path.view() == path; });
    return found == tensors.end() ? nullptr : &*found;
  }
  /// How the weights came about, for a weights file (save_safetensors).
  [[nodiscard]] std::map<std::string, std::string> metadata() const {
    return {{"ctnn.version", std::string{version}},
            {"ctnn.number_format", std::string{format}},
            {"ctnn.observer", std::string{observer}},
            {"ctnn.weight_scales", weight_scales == WeightScales::per_channel ? "per channel" : "per tensor"},
            {"ctnn.equalized_pairs", std::to_string(equalized_pairs)},
            {"ctnn.bias_corrected", bias_corrected ? "true" : "false"},
            {"ctnn.calibration_inputs", std::to_string(inputs)}};
  }
};

namespace detail {

/// "0.01234"; "-" for what is no number.
inline std::string significant(double number) {
  if (!std::isfinite(number)) return "-";
  std::ostringstream text;
  text << std::setprecision(4) << number;
  return text.str();
}
/// "34.5", in decibels; "-" for infinite ones: there is no noise, or no signal.
inline std::string tenths(double number) {
  if (!std::isfinite(number)) return "-";
  std::ostringstream text;
  text << std::fixed << std::setprecision(1) << number;
  return text.str();
}

inline std::vector<std::vector<std::string>> rows_of(const QuantizationReport& report) {
  std::vector<std::vector<std::string>> rows{{"", "layer", "format", "lowest", "highest", "scale", "zero point",
                                              "clipped %", "SNR dB", "alone dB", "largest error", "at most"}};
  for (const QuantizedTensor& tensor : report.tensors) {
    rows.push_back({std::string{tensor.path.view()}, std::string{tensor.layer}, std::string{tensor.format},
                    significant(static_cast<double>(tensor.represented.lowest)),
                    significant(static_cast<double>(tensor.represented.highest)),
                    tensor.rescales ? significant(static_cast<double>(tensor.scale)) : "-",
                    tensor.rescales ? std::to_string(tensor.zero_point) : "-", significant(100.0 * tensor.clipped),
                    tenths(tensor.snr), tenths(tensor.own_snr), significant(tensor.own_error),
                    significant(tensor.error_bound)});
  }
  return rows;
}

}  // namespace detail

/// Prints a report as a table, a row per layer: the range that the integers represent, scale and zero point ("-" where
/// they are the input's), share of clipped values, signal-to-noise ratio against float of the network up to there and
/// of the layer alone (dB), the layer's largest error alone and what it cannot exceed. As text or Markdown, also how
/// often the networks give the same answer, and the inputs they differ most on.
inline void print_report(std::ostream& out, const QuantizationReport& report, TableFormat format = TableFormat::text) {
  detail::print_table(out, detail::rows_of(report), format, 3);
  if (format == TableFormat::csv || format == TableFormat::json) return;
  out << (format == TableFormat::markdown ? "\n" : "") << report.format << " by " << report.observer << " of "
      << detail::grouped(report.inputs) << " inputs, weights "
      << (report.weight_scales == WeightScales::per_channel ? "per channel" : "per tensor") << ", "
      << "pairs of layers equalised: " << report.equalized_pairs << ", biases " << (report.bias_corrected ? "" : "not ")
      << "corrected\nsame answer as in float to " << detail::grouped(report.alike) << " of "
      << detail::grouped(report.inputs) << " inputs, " << detail::percent(report.alike, report.inputs) << '\n';
  for (const OutputError& error : report.worst) {
    out << "input " << error.input << ": an output is off by " << detail::significant(error.largest_error)
        << ", answer " << error.answered << (error.answered == error.wanted ? " as in float" : ", in float ")
        << (error.answered == error.wanted ? "" : std::to_string(error.wanted)) << '\n';
  }
}

}  // namespace ctnn
