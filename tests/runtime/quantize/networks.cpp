// Quantizing whole networks: the weights fit the model, the report tells what the model does, and what cannot be
// quantized is refused.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include <ctnn/ctnn.hpp>
#include <ctnn/network/compare.hpp>
#include <ctnn/quantize/quantize.hpp>

#include "catch.hpp"
#include "runtime/quantize/output_errors.hpp"
#include "runtime/quantize/random.hpp"

namespace nn = ctnn;

namespace {

using Input = nn::Shape<8, 8, 3>;
// every kind of layer that quantizes: with and without batch norm and bias, clamps, joins, pools, movements of elements
using Spec = nn::Sequential<nn::Conv2d<8, nn::Kernel<3>, nn::Padding<1>, nn::NoBias>, nn::BatchNorm2d<>, nn::ReLU,  //
                            nn::DepthwiseConv2d<nn::Kernel<3>, nn::Padding<1>>, nn::BatchNorm2d<>, nn::ReLU6,       //
                            nn::Residual<nn::Sequential<nn::Conv2d<8, nn::Groups<2>>, nn::Clip<>>>,
                            nn::MaxPool2d<nn::Kernel<2>>, nn::Concat<nn::Conv2d<4>, nn::Identity>,
                            nn::ChannelShuffle<2>, nn::AvgPool2d<nn::Kernel<2>>, nn::Flatten, nn::Linear<10>>;
using Model = nn::Network<Spec, Input>;
using Model8 = nn::Network<Spec, Input, nn::Int8>;

const nn::Weights<Model> weights = random_weights<Model>(0.3F);
const auto images = random_images<Input>(24);

/// The report of quantizing with those options, whose figures are compared with what both models answer.
template <nn::Observer O>
nn::QuantizationReport checked_report(const nn::QuantizeOptions<O>& options) {
  const auto [weights8, report] = nn::quantize<Model8>(weights, images, options);
  const auto model = nn::make_model<Model>(weights);
  const auto model8 = nn::make_model<Model8>(weights8);
  CHECK(static_cast<double>(report.alike) == nn::agreement(*model, *model8, images) * 24.0);
  const OutputErrors errors = output_errors(*model, *model8, images);
  // the float networks differ by rounding: one runs fused, the other layer by layer
  CHECK(std::abs(report.tensors.back().snr - errors.decibels()) < 0.01);
  CHECK(std::abs(report.worst.front().largest_error - errors.largest) < 1e-4);
  return report;
}

struct FromMinusOneToOne {
  static constexpr std::string_view name = "from -1 to 1";
  void observe(std::span<const float> /*values*/) {}
  [[nodiscard]] nn::Interval range() const { return {-1.0F, 1.0F}; }
};

}  // namespace

TEST_CASE("a quantized network is close to the float one, and the report says how close") {
  const auto report = checked_report(nn::QuantizeOptions<nn::MinMax>{});
  CHECK(report.alike >= 23);
  REQUIRE(report.tensors.size() == 12);  // the input and eleven steps: no row for what is folded or fused
  for (const nn::QuantizedTensor& tensor : report.tensors) {
    INFO(tensor.path.view() << " " << tensor.layer);
    CHECK(tensor.clipped == 0.0);
    CHECK(tensor.own_snr > 28.0);
    CHECK(tensor.snr > 24.0);
    CHECK(tensor.snr <= tensor.own_snr + 1.0);  // what comes before adds to it
    CHECK(tensor.represented.lowest <= 0.0F);
    CHECK(tensor.represented.highest >= 0.0F);
    CHECK((std::isnan(tensor.error_bound) || tensor.own_error <= tensor.error_bound));
  }
}

TEST_CASE("a layer's range is that of its activation, movements have their input's") {
  const auto report = checked_report(nn::QuantizeOptions<nn::MinMax>{});
  CHECK(report.find("0")->represented.lowest == 0.0F);
  CHECK(report.find("0")->zero_point == -128);
  CHECK(report.find("3")->represented.highest <= 6.01F);
  const auto* clip = report.find("6.main.0");
  REQUIRE(clip != nullptr);
  CHECK(clip->represented.lowest >= -1.01F);
  CHECK(report.find("6")->rescales);  // the sum
  for (const char* path : {"7", "9", "10", "11"}) {
    INFO(path);
    CHECK(!report.find(path)->rescales);
  }
  CHECK(report.find("11")->represented == report.find("8")->represented);
}

TEST_CASE("every option leaves the report true") {
  checked_report(nn::QuantizeOptions<nn::Entropy>{.equalize = true});
  checked_report(nn::QuantizeOptions<nn::Percentile>{.observer = nn::Percentile{0.999}, .correct_bias = true});
  checked_report(nn::QuantizeOptions<nn::MeanSquaredError>{.weight_scales = nn::WeightScales::per_tensor});
  const auto report = checked_report(nn::QuantizeOptions<FromMinusOneToOne>{});
  CHECK(report.observer == "from -1 to 1");
  CHECK(report.find("0")->clipped > 0.05);
  CHECK(report.find("12")->clipped == 0.0);  // the output never is
}

TEST_CASE("progress counts to the end, step by step") {
  std::size_t last = 0;
  bool in_order = true;
  nn::QuantizeOptions<> options{.correct_bias = true};
  options.progress = [&](std::size_t done, std::size_t all) {
    in_order = in_order && done == last + 1 && all == 3 * images.size();
    last = done;
  };
  static_cast<void>(nn::quantize<Model8>(weights, images, options));
  CHECK(in_order);
  CHECK(last == 3 * images.size());
}

TEST_CASE("per-tensor weights have one scale a layer") {
  const nn::QuantizeOptions<> options{.weight_scales = nn::WeightScales::per_tensor};
  const auto per_tensor = nn::quantize<Model8>(weights, images, options);
  const auto per_channel = nn::quantize<Model8>(weights, images);
  const auto scales = [](const nn::Weights<Model8>& w) {
    const auto [first, count] = static_cast<nn::WeightsView<Model8>>(w).get<"0.weight_scale">();
    return std::set<float>(first, first + count);
  };
  CHECK(scales(per_tensor.weights).size() == 1);
  CHECK(scales(per_channel.weights).size() == 8);
}

TEST_CASE("the report prints in every form") {
  const auto report = nn::quantize<Model8>(weights, images).report;
  const auto printed = [&](nn::TableFormat format) {
    std::ostringstream text;
    nn::print_report(text, report, format);
    return text.str();
  };
  const std::string text = printed(nn::TableFormat::text);
  CHECK(text.find("Conv2d<8, Kernel<3>, Padding<1>, NoBias>") != std::string::npos);
  CHECK(text.find("Int8 by min-max of 24 inputs, weights per channel") != std::string::npos);
  const std::string markdown = printed(nn::TableFormat::markdown), csv = printed(nn::TableFormat::csv);
  CHECK(markdown.starts_with("|  | layer | format | lowest"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 13);
  const auto json = nlohmann::json::parse(printed(nn::TableFormat::json));
  REQUIRE(json.size() == 12);
  CHECK(json[11].at("path") == "12");
  CHECK(json[11].at("SNR dB").get<double>() > 20.0);
  CHECK(json[5].at("scale").is_null());  // a pool
}

TEST_CASE("layers below a budget are named") {
  const auto report = nn::quantize<Model8>(weights, images).report;
  CHECK(report.below(0.0).empty());
  CHECK(report.below(200.0).size() == 11);
  double least = 1000.0;
  std::string_view worst;
  for (const nn::QuantizedTensor& tensor : report.tensors) {
    if (!tensor.path.view().empty() && tensor.own_snr < least) least = tensor.own_snr, worst = tensor.path.view();
  }
  REQUIRE(report.below(least + 1e-9).size() == 1);
  CHECK(report.below(least + 1e-9).front() == worst);
}

TEST_CASE("what cannot be calibrated is refused") {
  using Catch::Matchers::Contains;
  CHECK_THROWS_WITH(nn::quantize<Model8>(weights, std::vector<nn::Tensor<float, Input>>{}),
                    "quantize: there are no calibration inputs");
  auto broken = images;
  broken[3][7] = std::numeric_limits<float>::quiet_NaN();
  CHECK_THROWS_WITH(nn::quantize<Model8>(weights, broken),
                    "quantize: calibration input 3: it has a number that is not finite");
  for (float& x : broken[3]) x = 3e38F;
  CHECK_THROWS_WITH(nn::quantize<Model8>(weights, broken),
                    Contains("quantize: calibration input 3: layer \"0\", Conv2d<8") && Contains("not finite"));
}
