/// Matrix times vector: a block of output vectors stays in registers while the weights stream past once.
#pragma once

#include <algorithm>
#include <cstddef>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Vectors of outputs in a block: up to eight, enough to hide the multiply-add's latency (2 ports x 4 cycles) and to
/// share each broadcast input; fewer where that wastes no lanes.
template <class Isa>
constexpr std::size_t gemv_vectors(std::size_t outputs) {
  const std::size_t needed = blocks(outputs, Isa::lanes);
  return blocks(needed, blocks(needed, 8));
}

/// y = epilogue(bias + weight * x); weights are (outputs / block, Inputs, block), the block Vectors * lanes.
template <class Isa, std::size_t Inputs, std::size_t Outputs, class Epilogue>
void gemv_packed(const float* x, const float* weight, const float* bias, float* y, const Epilogue& epilogue) {
  using V = simd::Vector<float, Isa>;
  constexpr std::size_t vectors = gemv_vectors<Isa>(Outputs);
  constexpr std::size_t block = vectors * Isa::lanes;
  // few vectors: several partial sums each, for the latency
  constexpr std::size_t partial = std::min<std::size_t>(Inputs, blocks(8, vectors));
  for (std::size_t first = 0; first < Outputs; first += block) {
    V sum[partial][vectors];
    simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      sum[0][v] = simd::load<Isa>(bias + first + v * Isa::lanes);
      simd::unroll<partial - 1>([&](auto p) CTNN_INLINE_LAMBDA { sum[p + 1][v] = V(0.0F); });
    });
    const auto accumulate = [&](std::size_t i, auto p) CTNN_INLINE_LAMBDA {
      const V input(x[i]);
      simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
        sum[p][v] = simd::fma(input, simd::load<Isa>(weight + i * block + v * Isa::lanes), sum[p][v]);
      });
    };
    std::size_t i = 0;
    for (; i + partial <= Inputs; i += partial) {
      simd::unroll<partial>([&](auto p) CTNN_INLINE_LAMBDA { accumulate(i + p, p); });
    }
    if constexpr (Inputs % partial != 0) {
      for (; i < Inputs; ++i) accumulate(i, std::integral_constant<std::size_t, 0>{});
    }
    simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      simd::unroll<partial - 1>([&](auto p) CTNN_INLINE_LAMBDA { sum[0][v] = sum[0][v] + sum[p + 1][v]; });
      const std::size_t at = first + v * Isa::lanes;
      if (at < Outputs) {
        const auto value = epilogue.template apply<Isa>(sum[0][v], at, Outputs - at);
        simd::store_up_to<Isa>(y + at, value, Outputs - at);
      }
    });
    weight += Inputs * block;
  }
}

}  // namespace ctnn::kernels
