// Quantizing networks of which parts stay in float: their weights are as they were, values are converted at the border,
// and layers whose signal-to-noise ratio was low are as good as their inputs.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/network/compare.hpp>
#include <ctnn/quantize/quantize.hpp>

#include "catch.hpp"
#include "runtime/quantize/output_errors.hpp"
#include "runtime/quantize/random.hpp"

namespace nn = ctnn;

namespace {

using Input = nn::Shape<6, 6, 3>;
using Middle = nn::Sequential<nn::Conv2d<8>, nn::BatchNorm2d<>, nn::ReLU>;
template <class Middle, class Block, class Last>
using Spec = nn::Sequential<nn::Conv2d<8, nn::Kernel<3>>, nn::ReLU, Middle, nn::MaxPool2d<nn::Kernel<2>>, Block,
                            nn::Flatten, Last>;
using Block = nn::Residual<nn::Conv2d<8>>;
using Plain = Spec<Middle, Block, nn::Linear<5>>;
using Mixed = Spec<nn::With<nn::F32, Middle>, nn::With<nn::F32, Block>, nn::With<nn::F32, nn::Linear<5>>>;
using Model = nn::Network<Plain, Input>;
using Model8 = nn::Network<Mixed, Input, nn::Int8>;

}  // namespace

TEST_CASE("parts of a network stay in float when it is quantized") {
  const auto weights = random_weights<Model>(0.4F);
  const auto images = random_images<Input>(16);
  const nn::QuantizeOptions<> options{.equalize = true, .correct_bias = true};
  auto [weights8, report] = nn::quantize<Model8>(weights, images, options);
  CHECK(report.equalized_pairs == 0);  // no two integer layers with nothing but ReLU between

  const auto model = nn::make_model<Model>(weights);
  const auto model8 = nn::make_model<Model8>(weights8);
  OutputErrors errors;
  for (const auto& image : images) {
    nn::Tensor<std::int8_t, Input> q;
    std::transform(image.begin(), image.end(), q.begin(),
                   [&](float x) { return model8->input_quantization().quantize(x); });
    const nn::Tensor<float, nn::Shape<5>> y8 = (*model8)(q);
    errors.add((*model)(image), y8);
  }
  CHECK(std::abs(report.tensors.back().snr - errors.decibels()) < 0.01);
  CHECK(report.tensors.back().snr > 25.0);

  const auto* middle = report.find("2.0");
  REQUIRE(middle != nullptr);
  CHECK(middle->format == "F32");
  CHECK(!middle->rescales);
  CHECK(report.find("4")->format == "F32");   // the sum
  CHECK(report.find("3")->format == "Int8");  // a pool of floats: converted before it
  CHECK(report.find("3")->scale > 0.0F);
  for (const auto path : report.below(1000.0)) {
    CHECK(path != "2.0");
    CHECK(path != "6");
  }
  const auto exact = nn::quantize<nn::Network<Plain, Input, nn::Int8>>(weights, images).report;
  CHECK(report.find("2.0")->own_snr > exact.find("2.0")->own_snr);
  CHECK(report.find("6")->own_snr > exact.find("6")->own_snr);
  // the float arrays are the float network's
  const nn::WeightsView<Model8> view = weights8;
  const nn::WeightsView<Model> original = weights;
  CHECK(std::ranges::equal(view.leaf<3>().get<"running_var">(), original.leaf<3>().get<"running_var">()));
  const auto [kept, count] = view.get<"6.weight">();
  CHECK(std::equal(kept, kept + count, original.get<"6.weight">().first));
}

TEST_CASE("parts of a float network are quantized") {
  using Parts = Spec<nn::With<nn::Int8, Middle>, nn::With<nn::Int8, Block>, nn::Linear<5>>;
  using PartlyInt8 = nn::Network<Parts, Input>;
  const auto weights = random_weights<Model>(0.4F);
  const auto images = random_images<Input>(16);
  const nn::QuantizeOptions<> options{.correct_bias = true};
  const auto [mixed, report] = nn::quantize<PartlyInt8>(weights, images, options);

  const auto model = nn::make_model<Model>(weights);
  const auto partly = nn::make_model<PartlyInt8>(mixed);
  OutputErrors errors;
  for (const auto& image : images) errors.add((*model)(image), (*partly)(image));
  CHECK(std::abs(report.tensors.back().snr - errors.decibels()) < 0.01);
  CHECK(report.tensors.back().snr > 25.0);
  CHECK(report.format == "Int8");
  CHECK(report.find("0")->format == "F32");
  CHECK(!(report.find("0")->own_snr < 100.0));  // as it was
  CHECK(report.find("2.0")->format == "Int8");
  CHECK(report.find("3")->format == "F32");
  CHECK(report.find("6")->format == "F32");
  const nn::WeightsView<PartlyInt8> view = mixed;
  const nn::WeightsView<Model> original = weights;
  const auto [kept, count] = view.get<"6.weight">();
  CHECK(std::equal(kept, kept + count, original.get<"6.weight">().first));
}
