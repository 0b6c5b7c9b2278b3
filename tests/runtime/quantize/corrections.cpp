// Cross-layer equalisation and bias correction: what they leave alone, and what they gain.

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/quantize/quantize.hpp>

#include "catch.hpp"
#include "runtime/quantize/random.hpp"

namespace nn = ctnn;

namespace {

using Input = nn::Shape<8, 8, 3>;
using nn::Kernel, nn::Padding;
template <class Activation>
using Separable = nn::Sequential<nn::Conv2d<8, Kernel<3>, Padding<1>>, Activation,
                                 nn::DepthwiseConv2d<Kernel<3>, Padding<1>>, Activation, nn::PointwiseConv2d<12>,
                                 Activation, nn::MaxPool2d<Kernel<2>>, nn::Flatten, nn::Linear<6>>;

/// Makes the channels of the first and third layer differ in size by up to 2^12, and undoes it in the layers after, so
/// that the network computes what it did: what batch norms do to depthwise layers.
template <class Model>
nn::Weights<Model> unequal(nn::Weights<Model> weights) {
  const auto scale = [&](std::size_t array, std::size_t channel, float factor, std::size_t first, std::size_t last) {
    static_cast<void>(channel);
    auto* numbers = static_cast<float*>(weights.data(array));
    for (std::size_t i = first; i < last; ++i) numbers[i] *= factor;
  };
  for (std::size_t c = 0; c < 8; ++c) {
    const float factor = std::ldexp(1.0F, static_cast<int>(3 * (c % 5)) - 6);
    scale(0, c, factor, c * 27, (c + 1) * 27);       // 0.weight (8, 3, 3, 3)
    scale(1, c, factor, c, c + 1);                   // 0.bias
    scale(2, c, 1.0F / factor, c * 9, (c + 1) * 9);  // 2.weight (8, 1, 3, 3)
  }
  return weights;
}

template <class Spec>
nn::QuantizationReport report_of(const nn::Weights<nn::Network<Spec, Input>>& weights, bool equalize) {
  const nn::QuantizeOptions<> options{.weight_scales = nn::WeightScales::per_tensor, .equalize = equalize};
  return nn::quantize<nn::Network<Spec, Input, nn::Int8>>(weights, random_images<Input>(16), options).report;
}

}  // namespace

TEST_CASE("equalisation makes channels of different sizes quantize as if they were of one") {
  using Spec = Separable<nn::ReLU>;
  using Model = nn::Network<Spec, Input>;
  const auto even = random_weights<Model>(0.3F), uneven = unequal<Model>(even);
  const auto before = report_of<Spec>(uneven, false), after = report_of<Spec>(uneven, true);
  const auto reference = report_of<Spec>(even, true);
  CHECK(after.equalized_pairs == 3);  // also through the pool and the Flatten
  INFO(before.tensors.back().snr << " dB, equalised " << after.tensors.back().snr << " dB; never uneven "
                                 << reference.tensors.back().snr << " dB");
  CHECK(before.tensors.back().snr < 15.0);
  CHECK(after.tensors.back().snr > before.tensors.back().snr + 10.0);
  CHECK(std::abs(after.tensors.back().snr - reference.tensors.back().snr) < 1.0);
}

TEST_CASE("functions that are not homogeneous keep their layers apart") {
  using Spec = Separable<nn::ReLU6>;
  const auto report = report_of<Spec>(random_weights<nn::Network<Spec, Input>>(0.3F), true);
  CHECK(report.equalized_pairs == 0);
}

TEST_CASE("equalised layers compute what they did, whatever their groups and what is between") {
  ctnn::detail::LinearWeights before{.outputs = 4, .taps = 3, .groups = 1, .weight = {}, .bias = {}, .group_inputs = 3};
  ctnn::detail::LinearWeights after{.outputs = 6, .taps = 8, .groups = 2, .weight = {}, .bias = {}, .group_inputs = 2};
  Normal normal{5};
  before.weight.resize(12);
  before.bias.resize(4);
  after.weight.resize(48);
  for (float& w : before.weight) w = normal();
  for (float& b : before.bias) b = normal();
  for (float& w : after.weight) w = 10.0F * normal();
  before.row(1)[0] = before.row(1)[1] = before.row(1)[2] = 0.0F;  // a constant channel
  const auto y = [&](std::size_t output, std::size_t position) {  // of x = (1, 2, 3), each window's positions alike
    double sum = 0.0;
    for (std::size_t tap = 0; tap < 8; ++tap) {
      const std::size_t c = output / 3 * 2 + tap / 4;
      double x = static_cast<double>(before.bias[c]);
      for (std::size_t k = 0; k < 3; ++k) x += static_cast<double>(before.row(c)[k]) * static_cast<double>(k + 1);
      sum += std::max(x, 0.0) * static_cast<double>(after.row(output)[tap]) * static_cast<double>(position + tap);
    }
    return sum;
  };
  std::vector<double> wanted;
  for (std::size_t output = 0; output < 6; ++output) wanted.push_back(y(output, output));
  CHECK(ctnn::detail::equalize(before, after) > 2.0F);
  for (std::size_t output = 0; output < 6; ++output) {
    CHECK(std::abs(y(output, output) - wanted[output]) < 1e-4 * (1.0 + std::abs(wanted[output])));
  }
  for (std::size_t c : {0U, 2U, 3U}) {
    float reading = 0.0F;
    for (std::size_t output = c / 2 * 3; output < c / 2 * 3 + 3; ++output) {
      reading = std::max(reading, ctnn::detail::largest_of(after.row(output).subspan(c % 2 * 4, 4)));
    }
    CHECK(std::abs(ctnn::detail::largest_of(before.row(c)) / reading - 1.0F) < 1e-5F);
  }
  CHECK(ctnn::detail::largest_of(before.row(1)) == 0.0F);
}

TEST_CASE("bias correction takes away the mean error") {
  using Spec = nn::Linear<8>;
  using Real = nn::Network<Spec, nn::Shape<40>>;
  using Integer = nn::Network<Spec, nn::Shape<40>, nn::Int8>;
  const auto real = random_weights<Real>(1.0F);
  auto images = random_images<nn::Shape<40>>(64);
  for (auto& image : images) {
    for (float& x : image) x = std::abs(x) + 2.0F;  // of mean far from zero, as ReLU's outputs
  }
  const auto mean_error = [&](bool correct) {
    const auto result = nn::quantize<Integer>(real, images, nn::QuantizeOptions<>{.correct_bias = correct});
    const Real model{real};
    const Integer integer{result.weights};
    std::vector<double> sums(8);
    for (const auto& x : images) {
      nn::Tensor<std::int8_t, nn::Shape<40>> q;
      for (std::size_t i = 0; i < 40; ++i) q[i] = integer.input_quantization().quantize(x[i]);
      const auto y = model(x);
      const auto y8 = integer(q);
      for (std::size_t i = 0; i < 8; ++i) {
        sums[i] += static_cast<double>(integer.output_quantization().dequantize(y8[i]) - y[i]) / 64.0;
      }
    }
    double square = 0.0;
    for (const double sum : sums) square += sum * sum;
    return std::sqrt(square / 8.0) / static_cast<double>(result.report.tensors.back().scale);
  };
  const double without = mean_error(false), with = mean_error(true);
  INFO(without << " steps, corrected " << with);
  CHECK(without > 0.3);
  CHECK(with < 0.15);  // what 64 roundings of the output average to
}
