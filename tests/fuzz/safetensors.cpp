/// Fuzzes loading of safetensors files with libFuzzer: `fuzz_safetensors -max_len=4096 -max_total_time=300`.
#include "fuzz/safetensors.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>

// NOLINTBEGIN(readability-identifier-naming): libFuzzer's names

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t* data, std::size_t size, std::size_t max_size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string file(reinterpret_cast<const char*>(data), size);
  fuzz::loads<fuzz::FloatModel>(file);
  fuzz::loads<fuzz::IntegerModel>(file);
  return 0;
}

/// Starts from valid files, and half of the time changes the header only and sets its length right: random bytes alone
/// would hardly ever get past the first checks.
extern "C" std::size_t LLVMFuzzerCustomMutator(std::uint8_t* data, std::size_t size, std::size_t max_size,
                                               unsigned seed) {
  constexpr std::size_t prefix = 8;
  if (size < prefix) {
    const std::string file =
        seed % 2 == 0 ? fuzz::valid_file<fuzz::FloatModel>() : fuzz::valid_file<fuzz::IntegerModel>();
    size = std::min(file.size(), max_size);
    std::copy_n(file.begin(), size, data);
    return size;
  }
  std::uint64_t length = 0;
  std::memcpy(&length, data, prefix);
  if (seed / 2 % 2 == 0 || length > size - prefix) return LLVMFuzzerMutate(data, size, max_size);
  const std::string tail(data + prefix + length, data + size);
  length = LLVMFuzzerMutate(data + prefix, length, max_size - prefix - tail.size());
  std::memcpy(data, &length, prefix);
  std::copy(tail.begin(), tail.end(), data + prefix + length);
  return prefix + length + tail.size();
}

// NOLINTEND(readability-identifier-naming)
