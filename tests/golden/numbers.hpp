/// Numbers that generate.py and the tests both make from integers, so that golden files need hold outputs only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include <ctnn/ctnn.hpp>

namespace golden {

/// What PyTorch made of a case.
struct Golden {
  std::string_view name;
  std::string_view parameters;  // state_dict's names, separated by spaces
  const float* outputs;         // channels last
  std::size_t size;
};

/// Seed of a network's input; its weights have seeds 0, 1, 2, ... in state_dict order.
inline constexpr std::uint32_t input_seed = 1000;

/// Element i of the tensor with that seed: multiples of 1/500 in [-2, 2].
constexpr float number(std::uint32_t seed, std::size_t i) {
  std::uint32_t h = static_cast<std::uint32_t>(i) * 0x9E3779B1U + seed * 0x85EBCA77U + 1U;
  h ^= h >> 15U;
  h *= 0x2C1B3C6DU;
  h ^= h >> 12U;
  return static_cast<float>(static_cast<int>(h % 2001U) - 1000) / 500.0F;
}

/// The same over four magnitudes, up to 100: for activations.
constexpr float wide_number(std::uint32_t seed, std::size_t i) {
  constexpr std::array<float, 4> magnitude{0.0078125F, 0.5F, 4.0F, 50.0F};
  return number(seed, i) * magnitude[i % 4];
}

/// Element i of a weight array: variances positive, arrays of several axes divided by about the root of what is summed.
constexpr float weight(const ctnn::WeightInfo& info, std::uint32_t seed, std::size_t i) {
  const float value = number(seed, i);
  if (info.name.view().ends_with("running_var")) return 0.5F + (value < 0 ? -value : value);
  float scale = 1.0F;
  if (info.rank > 1) {
    while (scale * scale < static_cast<float>(info.size / info.dims[0])) scale *= 2.0F;
  }
  return value / scale;
}

/// All weights of a model's table, in order.
constexpr void fill_weights(const ctnn::WeightInfo* infos, std::size_t count, float* numbers) {
  for (std::size_t n = 0; n < count; ++n) {
    for (std::size_t i = 0; i < infos[n].size; ++i) *numbers++ = weight(infos[n], static_cast<std::uint32_t>(n), i);
  }
}
/// All weights of a floating-point model.
template <class Model>
std::vector<float> weights_of() {
  std::vector<float> numbers(Model::weight_bytes / sizeof(float));
  fill_weights(Model::weights.data(), Model::weight_count, numbers.data());
  return numbers;
}

/// The input of a case.
inline std::vector<float> input_of(std::size_t size, bool wide = false) {
  std::vector<float> numbers(size);
  for (std::size_t i = 0; i < size; ++i) numbers[i] = wide ? wide_number(input_seed, i) : number(input_seed, i);
  return numbers;
}

}  // namespace golden
