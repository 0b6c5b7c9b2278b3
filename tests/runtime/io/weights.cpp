/// Weights through files: what is written is read back, what does not fit is named.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <ctnn/ctnn.hpp>
#include <ctnn/io/safetensors.hpp>

#include "catch.hpp"
#include "fuzz/safetensors.hpp"
#include "runtime/io/temporary_folder.hpp"

namespace nn = ctnn;

namespace {

using Spec = nn::Sequential<nn::Conv2d<2, nn::Kernel<3>>, nn::ReLU, nn::Flatten, nn::Linear<3>>;
using Float = nn::Network<Spec, nn::Shape<4, 4, 1>>;
using Integer = nn::Network<Spec, nn::Shape<4, 4, 1>, nn::Int8>;
using Line = nn::Network<nn::Linear<2>, nn::Shape<3>>;  // weight (2, 3), bias (2)

/// All bytes of a model's weights, array by array.
template <class Model>
std::string content(const nn::Weights<Model>& weights) {
  std::string bytes;
  for (std::size_t i = 0; i < Model::weight_count; ++i) {
    const nn::WeightInfo& info = Model::weights[i];
    bytes.append(static_cast<const char*>(weights.data(i)), info.size * nn::bytes_of(info.type));
  }
  return bytes;
}

template <class Model>
nn::Weights<Model> numbered_weights() {
  nn::Weights<Model> weights;
  float f = -7.0F;
  for (float& w : weights.f32()) w = f += 0.37F;
  std::int8_t i = -100;
  for (std::int8_t& w : weights.i8()) w = i = static_cast<std::int8_t>(i + 3);
  std::int32_t n = -123456;
  for (std::int32_t& w : weights.i32()) w = n += 1003;
  return weights;
}

template <class Model>
nn::Weights<Model> load(const std::string& file) {
  return nn::load_safetensors<Model>(fuzz::bytes_of(file), "w.safetensors");
}

/// What loading the file into the model says.
template <class Model>
std::string complaint(const std::string& file) {
  try {
    load<Model>(file);
    return "";
  } catch (const nn::Error& error) {
    return error.what();
  }
}

std::string read_all(const std::filesystem::path& path) {
  std::ifstream file{path, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

}  // namespace

TEMPLATE_TEST_CASE("weights written to a file are read back to the bit", "", Float, Integer) {
  const TemporaryFolder folder;
  nn::Weights<TestType> weights = numbered_weights<TestType>();
  weights.f32()[0] = -0.0F;
  weights.f32()[1] = std::bit_cast<float>(0xffc12345U);  // quiet NaN with a sign and a payload
  weights.f32()[2] = std::bit_cast<float>(0x7f800001U);  // signalling NaN
  weights.f32()[3] = std::numeric_limits<float>::denorm_min();
  nn::save_safetensors(folder / "w.safetensors", weights);
  CHECK(content<TestType>(nn::load_safetensors<TestType>(folder / "w.safetensors")) == content<TestType>(weights));
  // nothing but the file is left
  CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 1);
}

TEST_CASE("a view of weights writes the same file as the weights") {
  const TemporaryFolder folder;
  const nn::Weights<Integer> weights = numbered_weights<Integer>();
  nn::save_safetensors(folder / "weights", weights);
  nn::save_safetensors(folder / "view", nn::WeightsView<Integer>{weights});
  CHECK(read_all(folder / "weights") == read_all(folder / "view"));
}

TEST_CASE("a network without weights has a file, too") {
  using Nothing = nn::Network<nn::ReLU, nn::Shape<3>>;
  const TemporaryFolder folder;
  nn::save_safetensors(folder / "w.safetensors", nn::Weights<Nothing>{});
  CHECK_NOTHROW(nn::load_safetensors<Nothing>(folder / "w.safetensors"));
  CHECK(nn::list_safetensors(folder / "w.safetensors").empty());
}

TEST_CASE("a written file is the header that other readers expect, then aligned tensors") {
  const TemporaryFolder folder;
  nn::save_safetensors(folder / "float", numbered_weights<Line>());
  const std::string header =
      R"({"__metadata__":{"format":"pt"},"bias":{"data_offsets":[24,32],"dtype":"F32","shape":[2]},)"
      R"("weight":{"data_offsets":[0,24],"dtype":"F32","shape":[2,3]}})";
  const std::string padded = header + std::string(7 - (header.size() + 7) % 8, ' ');
  CHECK(read_all(folder / "float") == fuzz::file_of(padded, content<Line>(numbered_weights<Line>())));

  nn::save_safetensors(folder / "integer", numbered_weights<Integer>());
  for (const nn::TensorEntry& entry : nn::list_safetensors(folder / "integer")) {
    CHECK((entry.begin % 4 == 0 || entry.dtype == "I8"));
  }
}

TEST_CASE("a file takes the place of an older one only when it is whole") {
  const TemporaryFolder folder;
  nn::save_safetensors(folder / "w.safetensors", nn::Weights<Line>{});
  nn::save_safetensors(folder / "w.safetensors", numbered_weights<Line>());
  CHECK(content<Line>(nn::load_safetensors<Line>(folder / "w.safetensors")) == content<Line>(numbered_weights<Line>()));

  std::filesystem::create_directories(folder / "taken/by a folder");
  const auto message_of = [](const std::filesystem::path& path) -> std::string {
    try {
      nn::save_safetensors(path, nn::Weights<Line>{});
      return "";
    } catch (const nn::Error& error) {
      return error.what();
    }
  };
  const auto reason = [](std::errc code) { return ": cannot be written: " + std::make_error_code(code).message(); };
  CHECK(message_of(folder / "taken") == (folder / "taken").string() + reason(std::errc::is_a_directory));
  CHECK(message_of(folder / "no/w") == (folder / "no/w").string() + reason(std::errc::no_such_file_or_directory));
  CHECK(std::distance(std::filesystem::directory_iterator{folder.path()}, {}) == 2);
}

TEST_CASE("two arrays of one name are not written") {
  using Half = nn::Named<"", nn::Sequential<nn::Linear<2>>>;  // leaves no trace in the path
  using Twins = nn::Network<nn::Sequential<Half, Half>, nn::Shape<3>>;
  const TemporaryFolder folder;
  const std::string path = (folder / "w").string();
  CHECK_THROWS_WITH(nn::save_safetensors(path, nn::Weights<Twins>{}),
                    path + ": cannot be written: two of its arrays are called \"0.weight\"");
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("one message lists everything in which a file does not fit the model") {
  CHECK(complaint<Float>(fuzz::file_of(R"({"0.bias":{"dtype":"I32","shape":[2],"data_offsets":[0,8]},)"
                                       R"("0.weight":{"dtype":"F32","shape":[2,3,3,1],"data_offsets":[8,80]},)"
                                       R"("3.weight":{"dtype":"F64","shape":[],"data_offsets":[80,88]},)"
                                       R"("4.weight\n":{"dtype":"U8","shape":[0,7],"data_offsets":[88,88]},)"
                                       R"("head.bias":{"dtype":"F32","shape":[],"data_offsets":[88,92]}})",
                                       std::string(92, '\0'))) ==
        "w.safetensors: does not fit the model:\n"
        "  \"0.weight\": expected F32 [2, 1, 3, 3], found F32 [2, 3, 3, 1]\n"
        "  \"0.bias\": expected F32 [2], found I32 [2]\n"
        "  \"3.weight\": expected F32 [3, 8], found F64 []\n"
        "  \"3.bias\" is missing: expected F32 [3]\n"
        "  \"4.weight\\x0a\" is not in the model: found U8 [0, 7]\n"
        "  \"head.bias\" is not in the model: found F32 []");
  CHECK(complaint<Line>(fuzz::valid_file<fuzz::IntegerModel>("F32")) ==
        "w.safetensors: does not fit the model:\n"
        "  \"weight\": expected F32 [2, 3], found I8 [2, 3]\n"
        "  \"bias\": expected F32 [2], found I32 [2]\n"
        "  \"input_scale\" is not in the model: found F32 [1]\n"
        "  \"input_zero_point\" is not in the model: found I32 [1]\n"
        "  \"output_scale\" is not in the model: found F32 [1]\n"
        "  \"output_zero_point\" is not in the model: found I32 [1]\n"
        "  \"weight_scale\" is not in the model: found F32 [2]");
  CHECK(complaint<Line>(fuzz::file_of("{}")) ==
        "w.safetensors: does not fit the model:\n"
        "  \"weight\" is missing: expected F32 [2, 3]\n"
        "  \"bias\" is missing: expected F32 [2]");
}

TEST_CASE("a sequence's kernel is (output channels, input channels, length)") {
  using Model = nn::Network<nn::Conv1d<5, nn::Kernel<3>, nn::NoBias>, nn::Shape<10, 4>>;
  CHECK(complaint<Model>(fuzz::file_of("{}")) ==
        "w.safetensors: does not fit the model:\n  \"weight\" is missing: expected F32 [5, 4, 3]");
}

TEST_CASE("the counter of PyTorch's batch norms is ignored") {
  const std::string tensors =
      R"("0.weight":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]},"0.bias":{"dtype":"F32","shape":[2],"data_offsets":[24,32]},)"
      R"("1.weight":{"dtype":"F32","shape":[2],"data_offsets":[32,40]},"1.bias":{"dtype":"F32","shape":[2],"data_offsets":[40,48]},)"
      R"("1.running_mean":{"dtype":"F32","shape":[2],"data_offsets":[48,56]},)"
      R"("1.running_var":{"dtype":"F32","shape":[2],"data_offsets":[56,64]},)";
  const std::string data(72, 'x');
  const auto with = [&](const std::string& name) {
    return fuzz::file_of("{" + tensors + "\"" + name + R"(":{"dtype":"I64","shape":[],"data_offsets":[64,72]}})", data);
  };
  CHECK(complaint<fuzz::FloatModel>(with("1.num_batches_tracked")).empty());
  CHECK(complaint<fuzz::FloatModel>(with("num_batches_tracked")).empty());
  CHECK(complaint<fuzz::FloatModel>(with("1.my_num_batches_tracked")) ==
        "w.safetensors: does not fit the model:\n  \"1.my_num_batches_tracked\" is not in the model: found I64 []");
}

TEST_CASE("a parameter of one element may have no axis") {
  using Model = nn::Network<nn::PReLU<1>, nn::Shape<3>>;
  for (const char* shape : {"[]", "[1]"}) {
    const std::string file =
        fuzz::file_of(R"({"weight":{"dtype":"F32","shape":)" + std::string{shape} + R"(,"data_offsets":[0,4]}})",
                      std::string("\x00\x00\x80\x3e", 4));
    CHECK(load<Model>(file).f32()[0] == 0.25F);
  }
  CHECK(complaint<Model>(fuzz::file_of(R"({"weight":{"dtype":"F32","shape":[1,1],"data_offsets":[0,4]}})", "1234")) ==
        "w.safetensors: does not fit the model:\n  \"weight\": expected F32 [1], found F32 [1, 1]");
}

TEST_CASE("halves and bfloat16s become floats of the same value") {
  using Model = nn::Network<nn::Linear<256, nn::NoBias>, nn::Shape<256>>;  // one weight for every pattern of 16 bits
  std::string data;
  for (unsigned bits = 0; bits < 65536; ++bits) {
    data.append({static_cast<char>(bits & 255U), static_cast<char>(bits >> 8U)});
  }
  const auto loaded = [&](const std::string& dtype) {
    return load<Model>(
               fuzz::file_of(R"({"weight":{"dtype":")" + dtype + R"(","shape":[256,256],"data_offsets":[0,131072]}})",
                             data))
        .f32();
  };
  // (-1)^sign * 2^(exponent - bias) * (1 + mantissa / 2^digits); without the 1 at the lowest exponent
  const auto value = [](unsigned bits, unsigned digits, int bias) {
    const unsigned exponent = (bits & 0x7fffU) >> digits, top = 0x7fffU >> digits;
    const unsigned mantissa = bits & ((1U << digits) - 1);
    const double fraction = static_cast<double>(mantissa) / static_cast<double>(1U << digits);
    double magnitude =
        exponent == 0 ? std::ldexp(fraction, 1 - bias) : std::ldexp(1 + fraction, static_cast<int>(exponent) - bias);
    if (exponent == top) magnitude = mantissa == 0 ? HUGE_VAL : std::nan("");
    return bits < 0x8000U ? magnitude : -magnitude;
  };
  const auto wrong = [&](const std::vector<float>& floats, unsigned digits, int bias) {
    unsigned count = 0;
    for (unsigned bits = 0; bits < 65536; ++bits) {
      const double expected = value(bits, digits, bias);
      const unsigned payload = std::bit_cast<std::uint32_t>(floats[bits]) & 0x7fffffU;
      const bool same = std::isnan(expected)
                            ? std::isnan(floats[bits]) && payload >> (23 - digits) == (bits & ((1U << digits) - 1))
                            : static_cast<double>(floats[bits]) == expected;
      if (!same || std::signbit(floats[bits]) != (bits >= 0x8000U)) ++count;
    }
    return count;
  };
  CHECK(wrong(loaded("F16"), 10, 15) == 0);
  CHECK(wrong(loaded("BF16"), 7, 127) == 0);
}

TEST_CASE("files made by others are listed") {
#ifdef CTNN_FIXTURES
  std::size_t files = 0;
  for (const auto& file : std::filesystem::directory_iterator{std::filesystem::path{CTNN_FIXTURES} / "mlperf-tiny"}) {
    if (file.path().extension() != ".safetensors") continue;
    ++files;
    INFO(file.path());
    // the description beside it names every constant once or, where operators share it, more often
    std::filesystem::path description = file.path();
    const auto model = nlohmann::json::parse(read_all(description.replace_extension(".json")));
    std::map<std::string, std::pair<std::string, std::vector<std::uint64_t>>> expected;
    for (const auto& operation : model.at("operators")) {
      for (const auto& input : operation.at("inputs")) {
        if (!input.contains("constant")) continue;
        std::string dtype = input.at("type");
        std::transform(dtype.begin(), dtype.end(), dtype.begin(), [](char c) {
          return c == 'f' ? 'F' : c == 'i' ? 'I' : c;
        });
        expected[input.at("constant")] = {dtype, input.at("shape").get<std::vector<std::uint64_t>>()};
      }
    }
    const std::vector<nn::TensorEntry> entries = nn::list_safetensors(file.path());
    CHECK(!entries.empty());
    std::map<std::string, std::pair<std::string, std::vector<std::uint64_t>>> found;
    for (const nn::TensorEntry& entry : entries) found[entry.name] = {entry.dtype, entry.shape};
    CHECK(found == expected);
    CHECK(entries.back().end == std::filesystem::file_size(file.path()));
  }
  CHECK(files == 8);
#else
  skip("files made by others", "CTNN_FIXTURES is not set");
#endif
}
