// Quantizing what is no clamp: functions by table, learnt slopes, products, and outputs whose range is prescribed.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/quantize/quantize.hpp>

#include "catch.hpp"
#include "runtime/quantize/output_errors.hpp"
#include "runtime/quantize/random.hpp"

namespace nn = ctnn;

namespace {

using Input = nn::Shape<6, 6, 3>;
using SqueezeExcite =
    nn::Multiply<nn::Identity, nn::Sequential<nn::GlobalAvgPool2d, nn::PointwiseConv2d<8>, nn::Sigmoid>>;
using Spec = nn::Sequential<nn::Conv2d<8, nn::Kernel<3>>, nn::PReLU<>, SqueezeExcite, nn::HardSwish, nn::Flatten,
                            nn::Linear<10>, nn::Softmax>;
using Model = nn::Network<Spec, Input>;
using Model8 = nn::Network<Spec, Input, nn::Int8>;

}  // namespace

TEST_CASE("functions, slopes, products and prescribed ranges quantize") {
  const auto weights = random_weights<Model>(0.3F);
  const auto images = random_images<Input>(16);
  const auto [weights8, report] = nn::quantize<Model8>(weights, images);
  const auto model = nn::make_model<Model>(weights);
  const auto model8 = nn::make_model<Model8>(weights8);
  CHECK(std::abs(report.tensors.back().snr - output_errors(*model, *model8, images).decibels()) < 0.01);
  for (const nn::QuantizedTensor& tensor : report.tensors) {
    INFO(tensor.path.view() << " " << tensor.layer << ": " << tensor.own_snr << " dB alone, " << tensor.snr);
    CHECK(tensor.own_snr > 25.0);
    CHECK(tensor.snr > 18.0);
  }
  CHECK(report.tensors.back().scale == 1.0F / 256.0F);
  CHECK(report.tensors.back().zero_point == -128);
  CHECK(report.tensors.back().rescales);
  const auto* slopes = report.find("1");
  REQUIRE(slopes != nullptr);
  CHECK(slopes->rescales);
  // the slope of largest size is 127 steps
  const auto [slope, count] = static_cast<nn::WeightsView<Model8>>(weights8).get<"1.weight">();
  CHECK(std::max(*std::max_element(slope, slope + count),
                 static_cast<std::int8_t>(-*std::min_element(slope, slope + count))) == 127);
}
