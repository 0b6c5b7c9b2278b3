/// What is in a safetensors file: the tensors' names, types, shapes and places. Every byte is distrusted.
///
/// The format (https://huggingface.co/docs/safetensors, "Format"): 8 bytes with the header's length, little-endian; the
/// header, a JSON object {"name": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}, ..., "__metadata__":
/// {"key": "text"}}; the tensors' bytes, last index fastest, each after the one before, up to the end of the file.
#pragma once

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <limits>
#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <system_error>
#include <tuple>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include <ctnn/core/error.hpp>

namespace ctnn {

/// A tensor in a file.
struct TensorEntry {
  std::string name;
  std::string dtype;                 // "F32"
  std::vector<std::uint64_t> shape;  // empty for a scalar
  std::uint64_t begin = 0, end = 0;  // bytes of the file that hold it
};

/// What a file says of itself, by key: "format", and what its writer added.
using Metadata = std::map<std::string, std::string>;

namespace detail {

/// All but the numbers.
struct SafetensorsHeader {
  std::vector<TensorEntry> tensors;
  Metadata metadata;
};

/// Bytes of a file or of memory, by their place. `name` is what messages call them.
struct ByteSource {
  std::string name;
  std::uint64_t size = 0;
  std::function<void(std::uint64_t begin, void* to, std::size_t count)> read;  // within size
};

inline ByteSource source_of(std::span<const std::byte> bytes, std::string name) {
  return {std::move(name), bytes.size(), [bytes](std::uint64_t begin, void* to, std::size_t count) {
            if (count != 0) std::memcpy(to, bytes.data() + begin, count);
          }};
}

inline ByteSource source_of(const std::filesystem::path& path) {
  const auto unreadable = [name = path.string()](const std::error_code& why) {
    return Error(name + ": cannot be read: " + why.message());
  };
  std::error_code error;
  const std::uint64_t size = std::filesystem::file_size(path, error);  // fails for what is no regular file, too
  if (error) throw unreadable(error);
  errno = 0;
  const auto file = std::make_shared<std::ifstream>(path, std::ios::binary);
  if (!*file) throw unreadable({errno, std::generic_category()});
  return {path.string(), size, [=](std::uint64_t begin, void* to, std::size_t count) {
            errno = 0;
            file->seekg(static_cast<std::streamoff>(begin));
            file->read(static_cast<char*>(to), static_cast<std::streamsize>(count));
            // no error of the system's: the file has become shorter since it was measured
            if (!*file) throw unreadable({errno == 0 ? EIO : errno, std::generic_category()});
          }};
}

/// Text of a file as it may be shown: in quotes, all but printable ASCII as \xNN, cut where it is long.
inline std::string displayed(std::string_view text) {
  constexpr std::size_t longest = 120;  // a model's own names have at most 112 characters
  constexpr std::string_view digits = "0123456789abcdef";
  std::string result = "\"";
  for (const char c : text.substr(0, longest)) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte > 0x7e) {
      result.append({'\\', 'x', digits[byte / 16], digits[byte % 16]});
    } else {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
    }
  }
  return result + (text.size() > longest ? "...\"" : "\"");
}

/// "[5, 1, 3, 3]"
template <class Numbers>
std::string bracketed(const Numbers& numbers) {
  std::string text;
  for (const auto number : numbers) text.append(text.empty() ? "" : ", ").append(std::to_string(number));
  return "[" + text + "]";
}

/// Takes the header from the JSON parser piece by piece, so that what does not belong there is met where it stands:
/// nothing is built of it, however deep or large, and no key can replace an earlier one unseen.
class HeaderReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  /// The header as it is written: tensors' begin and end not yet checked, and counted from the end of the header.
  static SafetensorsHeader read(std::string_view header, const std::string& file) {
    HeaderReader reader{header, file};
    nlohmann::json::sax_parse(header.begin(), header.end(), &reader);
    return {std::move(reader.entries_), std::move(reader.metadata_)};
  }

  bool key(std::string& key) override {
    std::string& name = depth_ == in_header ? name_ : field_;
    name = key;
    if (depth_ == in_entry && !in_metadata() && field_ != "dtype" && field_ != "shape" && field_ != "data_offsets") {
      throw Error(file_ + ": tensor " + displayed(name_) + " has the field " + displayed(field_) +
                  ", expected dtype, shape and data_offsets only");
    }
    if (!keys_.at(depth_ - 1).insert(std::move(key)).second) {
      throw Error(file_ + ": " + (depth_ == in_header ? "its header" : place(in_header)) + " has the key " +
                  displayed(name) + " twice");
    }
    return true;
  }
  bool start_object(std::size_t) override {
    if (depth_ >= in_entry) reject("an object");
    ++depth_;
    if (depth_ == in_entry && !in_metadata()) entries_.push_back({.name = name_, .dtype = {}, .shape = {}});
    return true;
  }
  bool end_object() override {
    --depth_;
    if (depth_ == in_header && !in_metadata()) {
      for (const char* field : {"dtype", "shape", "data_offsets"}) {
        if (!keys_[1].contains(field)) reject("one without " + std::string{field});
      }
    }
    keys_[1].clear();
    return true;
  }
  bool start_array(std::size_t) override {
    if (depth_ != in_entry || in_metadata() || field_ == "dtype") reject("an array");
    depth_ = in_array;
    numbers_.clear();
    return true;
  }
  bool end_array() override {
    depth_ = in_entry;
    if (field_ == "shape") {
      entries_.back().shape = numbers_;
    } else {
      if (numbers_.size() != 2) reject(bracketed(numbers_));
      entries_.back().begin = numbers_[0];
      entries_.back().end = numbers_[1];
    }
    return true;
  }
  bool string(std::string& value) override {
    if (depth_ != in_entry || !(in_metadata() || field_ == "dtype")) reject(displayed(value));
    (in_metadata() ? metadata_[field_] : entries_.back().dtype) = std::move(value);
    return true;
  }
  bool number_unsigned(std::uint64_t value) override {
    if (depth_ != in_array) reject(std::to_string(value));
    constexpr std::size_t most_axes = 64;  // as PyTorch
    if (numbers_.size() == most_axes) reject("more than " + std::to_string(most_axes));
    numbers_.push_back(value);
    return true;
  }
  bool number_integer(std::int64_t value) override { reject(value == 0 ? "-0" : std::to_string(value)); }
  bool number_float(double, const std::string& spelling) override { reject(spelling.substr(0, 40)); }
  bool boolean(bool value) override { reject(value ? "true" : "false"); }
  bool null() override { reject("null"); }
  bool binary(binary_t&) override { reject("bytes"); }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    const std::string_view read = header_.substr(0, position);
    throw Error(file_ + ": its header cannot be parsed at byte " + std::to_string(position) + ", after " +
                displayed(read.substr(read.size() - std::min<std::size_t>(read.size(), 20))));
  }

 private:
  HeaderReader(std::string_view header, const std::string& file) : header_{header}, file_{file} {}

  [[nodiscard]] bool in_metadata() const { return name_ == "__metadata__"; }
  [[nodiscard]] std::string place(std::size_t depth) const {
    return (in_metadata() ? "" : "tensor ") + displayed(name_) + (depth == in_header ? "" : ", " + displayed(field_));
  }
  [[noreturn]] void reject(const std::string& found) const {
    const char* expected = "a whole number";
    if (depth_ == in_header) {
      expected = in_metadata() ? "an object of strings" : "an object with dtype, shape and data_offsets";
    } else if (depth_ == in_entry) {
      expected = in_metadata() || field_ == "dtype" ? "a string"
                 : field_ == "shape"                ? "an array of whole numbers"
                                                    : "an array of two whole numbers";
    }
    throw Error(file_ + ": " + place(depth_) + ": expected " + expected + ", found " + found);
  }

  static constexpr std::size_t in_header = 1, in_entry = 2, in_array = 3;

  std::string_view header_;
  const std::string& file_;
  std::size_t depth_ = 0;
  std::array<std::set<std::string>, 2> keys_;  // of the header, of the entry that is being read
  std::string name_, field_;
  std::vector<std::uint64_t> numbers_;
  std::vector<TensorEntry> entries_;
  Metadata metadata_;
};

/// Bytes of an element, 0 for a type that is unknown. (The format's types of less than a byte are.)
inline std::uint64_t bytes_of_dtype(std::string_view dtype) {
  static constexpr std::pair<std::string_view, std::uint64_t> sizes[] = {
      {"BOOL", 1},        {"U8", 1},  {"I8", 1},  {"F8_E5M2", 1}, {"F8_E4M3", 1}, {"F8_E8M0", 1}, {"F8_E4M3FNUZ", 1},
      {"F8_E5M2FNUZ", 1}, {"I16", 2}, {"U16", 2}, {"F16", 2},     {"BF16", 2},    {"I32", 4},     {"U32", 4},
      {"F32", 4},         {"I64", 8}, {"U64", 8}, {"F64", 8},     {"C64", 8}};
  for (const auto& [name, size] : sizes) {
    if (name == dtype) return size;
  }
  return 0;
}

/// Checks one entry in itself.
inline void check_entry(const TensorEntry& entry, const std::string& file) {
  const std::string tensor = file + ": tensor " + displayed(entry.name) + ": ";
  std::uint64_t size = bytes_of_dtype(entry.dtype);
  if (size == 0) {
    throw Error(tensor + "the dtype " + displayed(entry.dtype) + " is unknown, expected one like F32, F16, I8 or I32");
  }
  const std::string described = entry.dtype + " " + bracketed(entry.shape);
  for (const std::uint64_t dim : entry.shape) {
    if (dim != 0 && size > std::numeric_limits<std::uint64_t>::max() / dim) {
      throw Error(tensor + described + " takes more than 2^64 bytes");
    }
    size *= dim;
  }
  const std::string offsets = "data_offsets " + bracketed(std::array{entry.begin, entry.end});
  if (entry.begin > entry.end) throw Error(tensor + offsets + " end before they begin");
  if (entry.end - entry.begin != size) {
    throw Error(tensor + described + " takes " + std::to_string(size) + " bytes, but " + offsets + " hold " +
                std::to_string(entry.end - entry.begin));
  }
}

/// The header of a safetensors file, its tensors in the order in which they lie there. Throws Error unless the whole
/// file is accounted for.
inline SafetensorsHeader read_header(const ByteSource& file) {
  constexpr std::uint64_t prefix = 8, longest_header = 100'000'000;  // the reference implementation's limit
  const auto text = [](std::uint64_t number) { return std::to_string(number); };
  const auto refuse = [&](const std::string& why) { throw Error(file.name + ": " + why); };

  if (file.size < prefix) refuse("is truncated: expected at least 8 bytes, found " + text(file.size));
  std::array<unsigned char, prefix> bytes{};
  file.read(0, bytes.data(), bytes.size());
  std::uint64_t length = 0;
  for (std::size_t i = 0; i < prefix; ++i) length |= std::uint64_t{bytes[i]} << (8 * i);
  if (length > longest_header) {
    refuse("is not a safetensors file: its first 8 bytes give a header of " + text(length) +
           " bytes, expected at most " + text(longest_header));
  }
  if (length > file.size - prefix) {
    refuse("is truncated: its header takes " + text(length) + " bytes, found " + text(file.size - prefix));
  }
  std::string header(length, ' ');
  file.read(prefix, header.data(), header.size());
  if (!header.starts_with('{')) refuse("its header starts with " + displayed(header.substr(0, 1)) + ", expected \"{\"");
  const std::size_t nul = header.find('\0');
  if (nul != std::string::npos) {  // the JSON parser would take it for the end
    refuse("its header cannot be parsed at byte " + text(nul + 1) + ", a NUL");
  }

  SafetensorsHeader result = HeaderReader::read(header, file.name);
  std::vector<TensorEntry>& entries = result.tensors;
  for (const TensorEntry& entry : entries) check_entry(entry, file.name);
  std::sort(entries.begin(), entries.end(), [](const TensorEntry& a, const TensorEntry& b) {
    return std::tie(a.begin, a.end) < std::tie(b.begin, b.end);
  });
  std::uint64_t end = 0;
  for (const TensorEntry& entry : entries) {
    if (entry.begin != end) {
      refuse("tensor " + displayed(entry.name) + ": data_offsets " + bracketed(std::array{entry.begin, entry.end}) +
             " leave a gap or overlap: expected to begin at " + text(end));
    }
    end = entry.end;
  }
  const std::uint64_t data_begin = prefix + length, data_size = file.size - data_begin;
  if (end != data_size) {
    refuse(std::string{end > data_size ? "is truncated" : "is oversized"} + ": its tensors take " + text(end) +
           " bytes, found " + text(data_size));
  }
  for (TensorEntry& entry : entries) {
    entry.begin += data_begin;
    entry.end += data_begin;
  }
  return result;
}

}  // namespace detail

/// The tensors of a safetensors file, in the order in which they lie there; their numbers are not read. Throws Error
/// where the file cannot be read or breaks a rule of the format.
[[nodiscard]] inline std::vector<TensorEntry> list_safetensors(const std::filesystem::path& path) {
  return detail::read_header(detail::source_of(path)).tensors;
}

/// What a safetensors file says of itself; empty where it says nothing. Throws Error as list_safetensors does.
[[nodiscard]] inline Metadata read_metadata(const std::filesystem::path& path) {
  return detail::read_header(detail::source_of(path)).metadata;
}
/// The same from a file's content in memory. `name` is what messages call it.
[[nodiscard]] inline Metadata read_metadata(std::span<const std::byte> content, std::string name) {
  return detail::read_header(detail::source_of(content, std::move(name))).metadata;
}

}  // namespace ctnn
