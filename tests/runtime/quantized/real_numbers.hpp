/// Integer networks against the real numbers that their integers stand for.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include <ctnn/ctnn.hpp>

namespace real_numbers {

namespace nn = ctnn;

/// Small deterministic numbers, different for every seed.
constexpr std::int8_t pseudo(std::size_t i, std::size_t seed) {
  return static_cast<std::int8_t>(static_cast<int>((i * 37 + seed * 101 + i * i % 13) % 255) - 127);
}

/// A layer between quantized and real: runs `Spec` in an integer format with scales by hand and in F32 on what the
/// integers stand for, and returns the largest difference in units of the output's scale.
template <class Spec, class Input, nn::Quantized N = nn::Int8>
double largest_error(float output_scale, int output_zero_point) {
  using Int = nn::Network<Spec, Input, N>;
  using Real = nn::Network<Spec, Input>;
  nn::Weights<Int> integers;
  nn::Weights<Real> reals;
  const float input_scale = 0.02F;
  float* real = reals.f32().data();
  std::vector<float> scales;  // of the layer's output channels
  std::vector<std::int8_t> weights;
  for (std::size_t i = 0; i < Int::weight_count; ++i) {
    const nn::WeightInfo& info = Int::weights[i];
    const auto name = info.name.view();
    auto* f = static_cast<float*>(info.type == nn::ElementType::f32 ? integers.data(i) : nullptr);
    auto* i8 = static_cast<std::int8_t*>(info.type == nn::ElementType::i8 ? integers.data(i) : nullptr);
    auto* i32 = static_cast<std::int32_t*>(info.type == nn::ElementType::i32 ? integers.data(i) : nullptr);
    if (name == "input_scale") {
      *f = input_scale;
    } else if (name == "input_zero_point") {
      *i32 = std::is_signed_v<typename N::Activation> ? -5 : 123;
    } else if (name.ends_with("output_scale")) {
      *f = output_scale;
    } else if (name.ends_with("output_zero_point")) {
      *i32 = output_zero_point;
    } else if (name.ends_with("weight_scale")) {
      for (std::size_t c = 0; c < info.size; ++c) f[c] = 0.002F + 0.0005F * static_cast<float>(c % 5);
      scales.assign(f, f + info.size);
      for (std::size_t w = 0; w < weights.size(); ++w)
        *real++ = static_cast<float>(weights[w]) * f[w / (weights.size() / info.size)];
    } else if (i8 != nullptr) {
      for (std::size_t w = 0; w < info.size; ++w) i8[w] = pseudo(w, i);
      weights.assign(i8, i8 + info.size);
    } else if (Real::WeightTable::find(name) !=
               Real::weight_count) {                 // integer layers have a bias even where the others
      for (std::size_t c = 0; c < info.size; ++c) {  // have none: it stays 0
        i32[c] = 40 * pseudo(c, i);
        *real++ = static_cast<float>(i32[c]) * input_scale * scales[c];
      }
    }
  }
  const auto integer_model = nn::make_model<Int>(integers);
  const auto real_model = nn::make_model<Real>(reals);
  using Activation = typename N::Activation;
  nn::Tensor<Activation, Input> q;
  nn::Tensor<float, Input> x;
  for (std::size_t i = 0; i < Input::size; ++i) {
    q[i] = static_cast<Activation>(pseudo(i, 99) + (std::is_signed_v<Activation> ? 0 : 128));
    x[i] = integer_model->input_quantization().dequantize(q[i]);
  }
  const auto yq = (*integer_model)(q);
  const auto y = (*real_model)(x);
  const auto out = integer_model->output_quantization();
  double largest = 0.0;
  for (std::size_t i = 0; i < Int::Output::size; ++i) {
    const float lowest = out.dequantize(std::numeric_limits<Activation>::min());
    const float highest = out.dequantize(std::numeric_limits<Activation>::max());
    const float wanted = std::min(std::max(y[i], lowest), highest);
    largest = std::max(largest, std::abs(static_cast<double>((out.dequantize(yq[i]) - wanted) / out.scale)));
  }
  return largest;
}

// One rounding: half a unit, and float's own error.
inline constexpr double one_rounding = 0.51;

}  // namespace real_numbers
