// Weights of four bits beside activations of eight: how groups are rounded, and that W4A8 is Int8 of such weights.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

#include <ctnn/ctnn.hpp>
#include <ctnn/quantize/quantize.hpp>

#include "catch.hpp"
#include "runtime/kernels/numbers.hpp"
#include "runtime/quantize/output_errors.hpp"
#include "runtime/quantize/random.hpp"

namespace nn = ctnn;

namespace {

using Block = nn::numeric::NibbleBlock<3>;
using Group = std::array<float, Block::group>;

double squared_error(std::span<const float> weights, int factor) {
  double sum = 0.0;
  for (const float weight : weights) {
    const double q = std::clamp(std::round(static_cast<double>(weight) / factor), -7.0, 7.0);
    sum += (static_cast<double>(weight) - q * factor) * (static_cast<double>(weight) - q * factor);
  }
  return sum;
}

using Input = nn::Shape<8, 8, 3>;
// of four bits are the second convolution and the first fully connected layer
using Spec = nn::Sequential<nn::Conv2d<12, nn::Kernel<3>, nn::Padding<1>>, nn::BatchNorm2d<>, nn::ReLU,
                            nn::Conv2d<20, nn::Kernel<3>>, nn::ReLU, nn::DepthwiseConv2d<nn::Kernel<3>>, nn::Flatten,
                            nn::Linear<24>, nn::ReLU, nn::Linear<10>>;
using Model = nn::Network<Spec, Input>;
using Model8 = nn::Network<Spec, Input, nn::Int8>;
using Model4 = nn::Network<Spec, Input, nn::W4A8>;

/// Five bits a weight, groups filled up.
constexpr std::size_t four_bit_bytes(std::size_t outputs, std::size_t inputs) {
  return outputs * ((inputs + 31) / 32) * 20;
}
static_assert(Model8::weight_bytes - Model4::weight_bytes ==
              20 * 108 - four_bit_bytes(20, 108) + 24 * 320 - four_bit_bytes(24, 320));
static_assert(Model4::layers[3].format == "W4A8" && Model4::layers[3].precision == nn::Precision::int8);
static_assert(Model4::layers[3].weight_bytes < Model8::layers[3].weight_bytes);
static_assert(Model4::layers[0].weight_bytes == Model8::layers[0].weight_bytes);
static_assert(Model4::layers[3].bytes_accessed < Model8::layers[3].bytes_accessed);

}  // namespace

TEST_CASE("W4A8: a group has the factor of the least error, and what is of its form stays") {
  std::array<nn::numeric::NibbleWord, Block::size(70)> words{};
  for (std::uint32_t seed = 0; seed < 200; ++seed) {
    Group weights{};
    const int largest = 1 + static_cast<int>(seed) % 127;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const auto any = static_cast<int>(kernel_tests::bits(i, seed) % static_cast<unsigned>(2 * largest + 1));
      weights[i] = static_cast<float>(any - largest);
    }
    const int factor = Block::factor_of(weights);
    double least = std::numeric_limits<double>::infinity();
    for (int other = 1; other <= 17; ++other) least = std::min(least, squared_error(weights, other));
    CHECK(squared_error(weights, factor) == least);

    words.fill({});
    Block::pack(words.data(), 1, 2, weights, 0.0F);
    Group rounded{};
    for (std::size_t i = 0; i < rounded.size(); ++i) {
      const int integer = Block::at(words.data(), Block::group + i, 2);
      rounded[i] = static_cast<float>(integer);
      CHECK(integer == factor * Block::nearest(weights[i], factor));
      CHECK(Block::at(words.data(), i, 2) == 0);                 // another group's
      CHECK(Block::at(words.data(), Block::group + i, 1) == 0);  // another channel's
    }
    CHECK(squared_error(rounded, Block::factor_of(rounded)) == 0.0);
  }
}

TEST_CASE("W4A8: quantize makes weights of four bits, with which it is Int8") {
  const auto weights = random_weights<Model>(0.3F);
  const auto images = random_images<Input>(24);
  for (const bool correct_bias : {false, true}) {
    const nn::QuantizeOptions<> options{.correct_bias = correct_bias};
    const auto [weights4, report] = nn::quantize<Model4>(weights, images, options);
    CHECK(report.format == "W4A8");
    nn::Weights<Model8> weights8;
    for (std::size_t i = 0; i < Model8::weight_count; ++i) {
      const auto& info = Model8::weights[i];
      CHECK(info.name.view() == Model4::weights[i].name.view());
      std::memcpy(weights8.data(i), weights4.data(i), info.size * (info.type == nn::ElementType::i8 ? 1 : 4));
    }
    const auto model = nn::make_model<Model>(weights);
    const auto model4 = nn::make_model<Model4>(weights4);
    const auto model8 = nn::make_model<Model8>(weights8);
    const auto quantization = model4->input_quantization();
    for (const auto& image : images) {
      nn::Tensor<std::int8_t, Input> x;
      std::transform(image.begin(), image.end(), x.begin(), [&](float value) { return quantization.quantize(value); });
      const auto y4 = (*model4)(x), y8 = (*model8)(x);
      CHECK(std::equal(y4.begin(), y4.end(), y8.begin()));
    }
    // the report's figures are the network's
    const OutputErrors errors = output_errors(*model, *model4, images);
    CHECK(std::abs(report.tensors.back().snr - errors.decibels()) < 0.01);
    CHECK(report.tensors.back().snr > 10.0);
    for (const nn::QuantizedTensor& tensor : report.tensors) {
      INFO(tensor.path.view() << " " << tensor.layer);
      CHECK((std::isnan(tensor.error_bound) || tensor.own_error <= tensor.error_bound));
    }
  }
}
