/// How far a quantized network's outputs are from the float network's.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>

#include <ctnn/ctnn.hpp>

struct OutputErrors {
  double signal = 0.0, noise = 0.0;  // sums of squares
  double largest = 0.0;

  /// Real numbers, of the float network and of the quantized one.
  template <class Outputs, class Outputs8>
  void add(const Outputs& y, const Outputs8& y8) {
    for (std::size_t i = 0; i < y.size(); ++i) {
      const auto error = static_cast<double>(y8[i] - y[i]);
      signal += static_cast<double>(y[i]) * static_cast<double>(y[i]);
      noise += error * error;
      largest = std::max(largest, std::abs(error));
    }
  }
  [[nodiscard]] double decibels() const { return 10.0 * std::log10(signal / noise); }
};

template <class Model, class Model8, class Images>
OutputErrors output_errors(const Model& model, const Model8& model8, const Images& images) {
  OutputErrors errors;
  for (const auto& image : images) {
    ctnn::Tensor<std::int8_t, typename Model8::Input> q;
    std::transform(image.begin(), image.end(), q.begin(),
                   [&](float x) { return model8.input_quantization().quantize(x); });
    const auto y8 = model8(q);
    ctnn::Tensor<float, typename Model8::Output> real;
    std::transform(y8.begin(), y8.end(), real.begin(),
                   [&](auto y) { return model8.output_quantization().dequantize(y); });
    errors.add(model(image), real);
  }
  return errors;
}
