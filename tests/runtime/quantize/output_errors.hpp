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

  [[nodiscard]] double decibels() const { return 10.0 * std::log10(signal / noise); }
};

template <class Model, class Model8, class Images>
OutputErrors output_errors(const Model& model, const Model8& model8, const Images& images) {
  OutputErrors errors;
  for (const auto& image : images) {
    ctnn::Tensor<std::int8_t, typename Model8::Input> q;
    std::transform(image.begin(), image.end(), q.begin(),
                   [&](float x) { return model8.input_quantization().quantize(x); });
    const auto y = model(image);
    const auto y8 = model8(q);
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double error = static_cast<double>(model8.output_quantization().dequantize(y8[i]) - y[i]);
      errors.signal += static_cast<double>(y[i]) * static_cast<double>(y[i]);
      errors.noise += error * error;
      errors.largest = std::max(errors.largest, std::abs(error));
    }
  }
  return errors;
}
