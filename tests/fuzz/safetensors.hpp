/// What must hold of loading whatever the file: weights, or an Error that can be shown; nothing else.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

#include <ctnn/ctnn.hpp>
#include <ctnn/io/safetensors.hpp>

namespace fuzz {

using FloatModel = ctnn::Network<ctnn::Sequential<ctnn::Linear<2>, ctnn::BatchNorm1d<>>, ctnn::Shape<3>>;
using IntegerModel = ctnn::Network<ctnn::Linear<2>, ctnn::Shape<3>, ctnn::Int8>;

/// A file of that header, its length before it.
inline std::string file_of(std::string_view header, std::string_view data = {}) {
  std::string file(8, '\0');
  const std::uint64_t length = header.size();
  std::memcpy(file.data(), &length, 8);
  return file.append(header).append(data);
}

inline std::span<const std::byte> bytes_of(std::string_view file) { return std::as_bytes(std::span{file}); }

/// A file that a model loads, and that says for which number format it is. Its bytes of data are 0, 1, 2, ...
template <class Model>
std::string valid_file(std::string_view format = Model::Format::name.view()) {
  std::string header = R"({"__metadata__":{"format":"pt","epoch":"3","ctnn.number_format":")", data;
  header.append(format).append("\"}");
  for (std::size_t i = 0; i < Model::weight_count; ++i) {
    const ctnn::WeightInfo& info = Model::weights[i];
    header.append(",\"").append(info.name.view()).append("\":{\"dtype\":\"");
    header.append(info.type == ctnn::ElementType::f32 ? "F32" : info.type == ctnn::ElementType::i8 ? "I8" : "I32");
    header.append("\",\"shape\":[");
    for (std::size_t d = 0; d < info.rank; ++d) header.append(d == 0 ? "" : ",").append(std::to_string(info.dims[d]));
    header.append("],\"data_offsets\":[").append(std::to_string(data.size())).append(",");
    const std::size_t bytes = info.size * ctnn::bytes_of(info.type);
    for (std::size_t b = 0; b < bytes; ++b) data.push_back(static_cast<char>(data.size()));
    header.append(std::to_string(data.size())).append("]}");
  }
  return file_of(header + "}", data);
}

/// Whether a model loads the file; throws where that fails in any way that it should not.
template <class Model>
bool loads(std::string_view file) {
  try {
    const ctnn::Weights<Model> weights = ctnn::load_safetensors<Model>(bytes_of(file), "fuzzed");
    static_cast<void>(weights);
    // a file that loads also says what it is, and not that it is for another model
    const ctnn::Metadata metadata = ctnn::read_metadata(bytes_of(file), "fuzzed");
    const auto format = metadata.find("ctnn.number_format");
    if (format != metadata.end() && format->second != Model::Format::name.view()) {
      throw std::logic_error("weights for another number format");
    }
    return true;
  } catch (const ctnn::Error& error) {
    const std::string_view message = error.what();
    if (!message.starts_with("fuzzed: ")) throw std::logic_error("an error without the file's name");
    for (const char c : message) {
      if (c != '\n' && (c < ' ' || c > '~')) throw std::logic_error("an error that cannot be shown");
    }
    if (message.size() > 1000 + 10 * file.size()) throw std::logic_error("an error far longer than the file");
    return false;
  }
}

}  // namespace fuzz
