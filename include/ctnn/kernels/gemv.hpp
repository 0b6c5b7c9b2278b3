/// Matrix times vector: a block of output vectors stays in registers while the weights stream past once.
#pragma once

#include <algorithm>
#include <cstddef>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/simd/multiply_add.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Vectors of outputs in a block: up to eight, enough to hide the multiply-add's latency (2 ports x 4 cycles) and to
/// share each broadcast input; fewer where that wastes no lanes.
template <class Isa>
constexpr std::size_t gemv_vectors(std::size_t outputs) {
  const std::size_t needed = blocks(outputs, Isa::lanes);
  return blocks(needed, blocks(needed, 8));
}

/// Vectors of results that are stored together: of bytes, a register.
inline constexpr std::size_t most_stored = 4;

/// y = epilogue(bias + weight * x), the first output at `position`; weights are (outputs / block, Inputs / depth,
/// block, depth), the block Vectors * lanes. Where the atom's depth does not divide Inputs, weights and x go on to the
/// next multiple, the weights as zeros.
template <class Isa, std::size_t Inputs, std::size_t Outputs, class T, class W, class B, class Y, class Epilogue>
void gemv_packed(const T* x, const W* weight, const B* bias, Y* y, std::size_t position, const Epilogue& epilogue) {
  using Atom = simd::MultiplyAdd<Isa, T, W>;
  using V = typename Atom::Sum;
  constexpr std::size_t vectors = gemv_vectors<Isa>(Outputs);
  constexpr std::size_t block = vectors * Isa::lanes;
  constexpr std::size_t steps = blocks(Inputs, Atom::depth);
  // few vectors: several partial sums each, for the latency
  constexpr std::size_t partial = std::min<std::size_t>(steps, blocks(8, vectors));
  for (std::size_t first = 0; first < Outputs; first += block) {
    V sum[partial][vectors];
    simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      sum[0][v] = Atom::start(bias + first + v * Isa::lanes);
      simd::unroll<partial - 1>([&](auto p) CTNN_INLINE_LAMBDA { sum[p + 1][v] = Atom::zero(); });
    });
    const auto accumulate = [&](std::size_t i, auto p) CTNN_INLINE_LAMBDA {
      const auto input = Atom::input(x + i * Atom::depth);
      simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
        const auto weights = Atom::weights(weight + (i * block + v * Isa::lanes) * Atom::depth);
        sum[p][v] = Atom::add(input, weights, sum[p][v]);
      });
    };
    std::size_t i = 0;
    for (; i + partial <= steps; i += partial) {
      simd::unroll<partial>([&](auto p) CTNN_INLINE_LAMBDA { accumulate(i + p, p); });
    }
    if constexpr (steps % partial != 0) {
      for (; i < steps; ++i) accumulate(i, std::integral_constant<std::size_t, 0>{});
    }
    simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      simd::unroll<partial - 1>([&](auto p) CTNN_INLINE_LAMBDA { sum[0][v] = sum[0][v] + sum[p + 1][v]; });
    });
    simd::unroll<blocks(vectors, most_stored)>([&](auto part) CTNN_INLINE_LAMBDA {
      constexpr std::size_t begin = part * most_stored, count = std::min(most_stored, vectors - begin);
      const std::size_t at = first + begin * Isa::lanes;
      V own[count];
      simd::unroll<count>([&](auto v) CTNN_INLINE_LAMBDA { own[v] = sum[0][begin + v]; });
      if (at + (count - 1) * Isa::lanes < Outputs) {
        epilogue.template store<Isa>(y, position + at, own, at, Outputs - at);
      } else {  // vectors beyond the last output
        simd::unroll<count - 1>([&](auto v) CTNN_INLINE_LAMBDA {
          const std::size_t own_at = at + v * Isa::lanes;
          if (own_at < Outputs) epilogue.template store<Isa>(y, position + own_at, own[v], own_at, Outputs - own_at);
        });
      }
    });
    weight += steps * Atom::depth * block;
  }
}

}  // namespace ctnn::kernels
