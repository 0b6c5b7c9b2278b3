/// Weights from and to safetensors files, as PyTorch reads and writes them: the library's natural names, shapes and
/// order are PyTorch's, so numbers are copied as they are.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <map>
#include <numeric>
#include <random>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <ctnn/core/error.hpp>
#include <ctnn/core/fixed_string.hpp>
#include <ctnn/io/safetensors_header.hpp>
#include <ctnn/network/weights.hpp>

namespace ctnn {

namespace detail {

static_assert(std::endian::native == std::endian::little,
              "safetensors files are little-endian, and are copied as they are");

/// A half (IEEE binary16) as the float of the same value. A NaN keeps its sign and payload.
constexpr float float_from_half(std::uint16_t half) {
  const std::uint32_t sign = (half & 0x8000U) << 16, exponent = (half >> 10) & 31U, mantissa = half & 1023U;
  constexpr std::uint32_t bias = 127 - 15;
  if (exponent == 31) return std::bit_cast<float>(sign | 0x7f800000U | mantissa << 13);
  if (exponent != 0) return std::bit_cast<float>(sign | (exponent + bias) << 23 | mantissa << 13);
  const float magnitude = static_cast<float>(mantissa) * 0x1p-24F;  // subnormal, or zero
  return std::bit_cast<float>(sign | std::bit_cast<std::uint32_t>(magnitude));
}

/// A bfloat16 as the float of the same value.
constexpr float float_from_bfloat16(std::uint16_t bits) { return std::bit_cast<float>(std::uint32_t{bits} << 16); }

inline std::string dtype_of(ElementType type) {
  return type == ElementType::f32 ? "F32" : type == ElementType::i8 ? "I8" : "I32";
}

/// Whether a tensor of that type becomes the model's without any loss.
inline bool converts(const std::string& dtype, ElementType type) {
  return dtype == dtype_of(type) || (type == ElementType::f32 && (dtype == "F16" || dtype == "BF16"));
}

inline std::span<const std::size_t> shape_of(const WeightInfo& info) { return {info.dims.data(), info.rank}; }

inline bool same_shape(std::span<const std::uint64_t> shape, const WeightInfo& info) {
  const bool scalar = shape.empty() && info.rank == 1 && info.size == 1;
  return scalar || std::ranges::equal(shape, shape_of(info));
}

/// Reads every array of a model from the file's tensor of its name, or throws all the reasons why not. `format` is the
/// model's number format.
inline void load_arrays(const ByteSource& file, std::string_view format, std::span<const WeightInfo> infos,
                        std::span<void* const> arrays) {
  const auto [entries, metadata] = read_header(file);
  const auto made_for = metadata.find("ctnn.number_format");
  if (made_for != metadata.end() && made_for->second != format) {
    throw Error(file.name + ": was quantized for the number format " + displayed(made_for->second) +
                ", and the model's is " + displayed(format));
  }
  std::map<std::string_view, const TensorEntry*> unclaimed;
  for (const TensorEntry& entry : entries) unclaimed.emplace(entry.name, &entry);

  std::string problems;
  const auto report = [&](std::string_view name, const std::string& problem) {
    problems.append("\n  ").append(displayed(name)).append(problem);
  };
  std::vector<const TensorEntry*> chosen;
  for (const WeightInfo& info : infos) {
    const auto found = unclaimed.extract(info.name.view());
    const std::string expected = ": expected " + dtype_of(info.type) + " " + bracketed(shape_of(info));
    if (found.empty()) {
      report(info.name.view(), " is missing" + expected);
      continue;
    }
    const TensorEntry& entry = *chosen.emplace_back(found.mapped());
    if (!converts(entry.dtype, info.type) || !same_shape(entry.shape, info)) {
      report(entry.name, expected + ", found " + entry.dtype + " " + bracketed(entry.shape));
    }
  }
  for (const auto& [name, entry] : unclaimed) {
    if (name.substr(name.rfind('.') + 1) == "num_batches_tracked") continue;
    report(name, " is not in the model: found " + entry->dtype + " " + bracketed(entry->shape));
  }
  if (!problems.empty()) throw Error(file.name + ": does not fit the model:" + problems);

  for (std::size_t i = 0; i < infos.size(); ++i) {
    const TensorEntry& entry = *chosen[i];
    if (entry.dtype == dtype_of(infos[i].type)) {
      file.read(entry.begin, arrays[i], infos[i].size * bytes_of(infos[i].type));
    } else {
      std::vector<std::uint16_t> bits(infos[i].size);
      file.read(entry.begin, bits.data(), bits.size() * sizeof(std::uint16_t));
      std::transform(bits.begin(), bits.end(), static_cast<float*>(arrays[i]),
                     entry.dtype == "F16" ? float_from_half : float_from_bfloat16);
    }
  }
}

template <class Table>
TableStorage<Table> load_weights(const ByteSource& file) {
  TableStorage<Table> weights;
  std::array<void*, Table::count> arrays{};
  for (std::size_t i = 0; i < arrays.size(); ++i) arrays[i] = weights.data(i);
  load_arrays(file, Table::Format::name.view(), {Table::infos.data(), Table::count}, arrays);
  return weights;
}

/// Writes a model's arrays to a new file that takes the place of `path` once it is whole.
inline void save_arrays(const std::filesystem::path& path, std::span<const WeightInfo> infos,
                        std::span<const void* const> arrays, const Metadata& metadata) {
  const auto unwritable = [&](const std::string& why) { return Error(path.string() + ": cannot be written: " + why); };

  // large elements first, as the reference implementation does: then every tensor is aligned
  std::vector<std::size_t> order(infos.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return bytes_of(infos[a].type) > bytes_of(infos[b].type); });
  nlohmann::json header;
  header["__metadata__"] = metadata;
  header["__metadata__"].emplace("format", "pt");  // without it some readers ask where the file comes from
  std::size_t end = 0;
  for (const std::size_t i : order) {
    const std::string name{infos[i].name.view()};
    if (header.contains(name)) throw unwritable("two of its arrays are called " + displayed(name));
    const std::size_t begin = end;
    end += infos[i].size * bytes_of(infos[i].type);
    const std::vector<std::size_t> shape(infos[i].dims.begin(),
                                         infos[i].dims.begin() + static_cast<std::ptrdiff_t>(infos[i].rank));
    header[name] = {{"dtype", dtype_of(infos[i].type)}, {"shape", shape}, {"data_offsets", {begin, end}}};
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception& error) {
    throw unwritable(std::string{"a name or the metadata is not UTF-8: "} + error.what());
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');  // the tensors begin aligned

  std::filesystem::path part = path;
  part += ".part" + std::to_string(std::random_device{}());
  int error = 0;
  errno = 0;
  std::FILE* file = std::fopen(part.string().c_str(), "wbx");  // x: never a file that is there already
  if (file == nullptr) throw unwritable(std::generic_category().message(errno));
  const auto write = [&](const void* bytes, std::size_t count) {
    if (error == 0 && std::fwrite(bytes, 1, count, file) != count) error = errno;
  };
  const std::uint64_t length = text.size();
  write(&length, sizeof(length));
  write(text.data(), text.size());
  for (const std::size_t i : order) write(arrays[i], infos[i].size * bytes_of(infos[i].type));
  if (std::fclose(file) != 0 && error == 0) error = errno;
  std::error_code failure{error, std::generic_category()};
  if (!failure) std::filesystem::rename(part, path, failure);
  if (failure) {
    std::error_code ignored;
    std::filesystem::remove(part, ignored);
    throw unwritable(failure.message());
  }
}

/// The name of array `index` of a model, as a template argument.
template <class Table, std::size_t index>
inline constexpr auto weight_name = [] {
  constexpr std::string_view name = Table::infos[index].name.view();
  char text[name.size() + 1]{};
  std::copy(name.begin(), name.end(), text);
  return FixedString{text};
}();

/// All elements of one type, null where there are none.
template <ElementType type, class Table>
const void* elements_of(const TableView<Table>& weights) {
  constexpr std::size_t index = [] {
    std::size_t i = 0;
    while (i < Table::count && Table::infos[i].type != type) ++i;
    return i;
  }();
  if constexpr (index < Table::count) {
    return weights.template get<weight_name<Table, index>>().first;  // the first of its type
  } else {
    return nullptr;
  }
}

}  // namespace detail

/// The weights of a model from a safetensors file, which must hold exactly the arrays in Model::weights, by their names
/// and shapes. Two liberties: a tensor of one element may have no axis instead of one, and "num_batches_tracked", the
/// counter of PyTorch's batch norms, is ignored, because inference has no use for it.
///
/// Every number is loaded exactly: where the model has F32 the file may have F16 or BF16, whose values floats hold. F64
/// is refused, as it would have to be rounded; so are integers of another size, and a file whose metadata say that it
/// was quantized for another number format.
///
/// Throws Error where the file cannot be read, breaks a rule of the format, or does not fit the model; in the last case
/// the message lists every tensor that is missing, superfluous, or of another type or shape.
template <class Model>
[[nodiscard]] Weights<Model> load_safetensors(const std::filesystem::path& path) {
  return detail::load_weights<typename Model::WeightTable>(detail::source_of(path));
}

/// The same from a file's content in memory. `name` is what messages call it.
template <class Model>
[[nodiscard]] Weights<Model> load_safetensors(std::span<const std::byte> content, std::string name) {
  return detail::load_weights<typename Model::WeightTable>(detail::source_of(content, std::move(name)));
}

/// Writes weights to a safetensors file that load_safetensors, and PyTorch, read back to the bit. The metadata, any
/// texts by key (a quantization report's metadata()), go with them; read_metadata reads them. The file is written
/// beside `path` and then renamed: whatever happens, `path` holds its old content or all of the new. Throws Error where
/// that fails.
template <class Table>
void save_safetensors(const std::filesystem::path& path, const TableView<Table>& weights,
                      const Metadata& metadata = {}) {
  const void* f32 = detail::elements_of<ElementType::f32>(weights);
  const void* i8 = detail::elements_of<ElementType::i8>(weights);
  const void* i32 = detail::elements_of<ElementType::i32>(weights);
  std::array<const void*, Table::count> arrays{};
  for (std::size_t i = 0; i < arrays.size(); ++i) {
    const WeightInfo& info = Table::infos[i];
    const void* elements = info.type == ElementType::f32 ? f32 : info.type == ElementType::i8 ? i8 : i32;
    arrays[i] = static_cast<const std::byte*>(elements) + info.offset * bytes_of(info.type);
  }
  detail::save_arrays(path, {Table::infos.data(), Table::count}, arrays, metadata);
}
template <class Table>
void save_safetensors(const std::filesystem::path& path, const TableStorage<Table>& weights,
                      const Metadata& metadata = {}) {
  save_safetensors(path, static_cast<TableView<Table>>(weights), metadata);
}

}  // namespace ctnn
