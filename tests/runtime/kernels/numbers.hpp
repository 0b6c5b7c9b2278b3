/// Deterministic integers for tests.
#pragma once

#include <cstddef>
#include <cstdint>

namespace kernel_tests {

/// 32 bits, different for every seed.
constexpr std::uint32_t bits(std::size_t i, std::uint32_t seed) {
  std::uint32_t h = static_cast<std::uint32_t>(i) * 0x9E3779B1U + seed * 0x85EBCA77U + 1U;
  h ^= h >> 15U;
  h *= 0x2C1B3C6DU;
  h ^= h >> 12U;
  h *= 0x297A2D39U;
  return h ^ (h >> 15U);
}

}  // namespace kernel_tests
