// What files say of themselves: quantized weights go through a file with the report's account of how they came about.

#include <string>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/io/safetensors.hpp>
#include <ctnn/quantize/quantize.hpp>

#include "catch.hpp"
#include "fuzz/safetensors.hpp"
#include "runtime/io/temporary_folder.hpp"

namespace nn = ctnn;

namespace {

using Spec = nn::Sequential<nn::Linear<4>, nn::ReLU, nn::Linear<2>>;
using Input = nn::Shape<3>;
using Real = nn::Network<Spec, Input>;
using Integer = nn::Network<Spec, Input, nn::Int8>;
using Unsigned = nn::Network<Spec, Input, nn::UInt8>;

nn::QuantizationResult<Integer> quantized() {
  nn::Weights<Real> real;
  float w = -0.5F;
  for (float& x : real.f32()) x = w += 0.07F;
  const std::vector<nn::Tensor<float, Input>> inputs{{{1.0F, -2.0F, 0.5F}}, {{0.0F, 1.0F, 2.0F}}};
  return nn::quantize<Integer>(real, inputs, nn::QuantizeOptions<nn::Entropy>{.correct_bias = true});
}

}  // namespace

TEST_CASE("quantized weights come back from a file, and so does how they came about") {
  const TemporaryFolder folder;
  auto [weights, report] = quantized();
  nn::save_safetensors(folder / "w", weights, report.metadata());
  auto loaded = nn::load_safetensors<Integer>(folder / "w");
  CHECK(loaded.f32() == weights.f32());
  CHECK(loaded.i8() == weights.i8());
  CHECK(loaded.i32() == weights.i32());
  CHECK(nn::read_metadata(folder / "w") == nn::Metadata{{"format", "pt"},
                                                        {"ctnn.version", std::string{nn::version}},
                                                        {"ctnn.number_format", "Int8"},
                                                        {"ctnn.observer", "entropy"},
                                                        {"ctnn.weight_scales", "per channel"},
                                                        {"ctnn.equalized_pairs", "0"},
                                                        {"ctnn.bias_corrected", "true"},
                                                        {"ctnn.calibration_inputs", "2"}});
}

TEST_CASE("weights quantized for another number format are refused") {
  const TemporaryFolder folder;
  auto [weights, report] = quantized();
  nn::save_safetensors(folder / "w", weights, report.metadata());
  CHECK_THROWS_WITH(
      nn::load_safetensors<Unsigned>(folder / "w"),
      (folder / "w").string() + ": was quantized for the number format \"Int8\", and the model's is \"UInt8\"");
  nn::save_safetensors(folder / "silent", weights);
  CHECK_NOTHROW(nn::load_safetensors<Unsigned>(folder / "silent"));  // arrays alike
}

TEST_CASE("metadata is whatever its writer says, or an error") {
  const TemporaryFolder folder;
  const nn::Weights<Integer> weights;
  const nn::Metadata odd{{"", ""}, {"format", "np"}, {"__metadata__", "{}"}, {"\"\\\n", std::string(3000, '\t')}};
  nn::save_safetensors(folder / "odd", weights, odd);
  CHECK(nn::read_metadata(folder / "odd") == odd);
  CHECK_THROWS_AS(nn::save_safetensors(folder / "bytes", weights, {{"key", "\xff"}}), nn::Error);
  CHECK(!exists(folder / "bytes"));

  const auto complaint = [](const std::string& header) -> std::string {
    try {
      return nn::read_metadata(fuzz::bytes_of(fuzz::file_of(header)), "w").empty() ? "empty" : "read";
    } catch (const nn::Error& error) {
      return error.what();
    }
  };
  CHECK(complaint("{}") == "empty");
  CHECK(complaint(R"({"__metadata__":{"a":"b"}})") == "read");
  CHECK(complaint(R"({"__metadata__":{"a":["b"]}})") == R"(w: "__metadata__", "a": expected a string, found an array)");
  CHECK(complaint(R"({"__metadata__":{"a":"b","a":"c"}})") == R"(w: "__metadata__" has the key "a" twice)");
  CHECK(complaint(R"({"__metadata__":{"a":")"
                  "\xc3\x28"
                  R"("}})")
            .starts_with("w: its header cannot be parsed at byte "));
  const std::string lying = R"({"__metadata__":{"ctnn.number_format":")" + std::string(500, 'x') + "\"}}";
  CHECK_THROWS_AS(nn::load_safetensors<Integer>(fuzz::bytes_of(fuzz::file_of(lying)), "w"), nn::Error);
}
