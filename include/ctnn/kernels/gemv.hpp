/// Matrix times vector: a block of output vectors stays in registers while the weights stream past once.
#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>

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
  constexpr std::size_t group = simd::grid_group<W>;
  constexpr std::size_t together = group != 0 ? group : std::lcm(partial, simd::period_of<W>);  // steps in a turn
  const auto clear = [](V(&sum)[partial][vectors]) CTNN_INLINE_LAMBDA {
    simd::unroll<partial>([&](auto p) CTNN_INLINE_LAMBDA {
      simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA { sum[p][v] = Atom::zero(); });
    });
  };
  const auto add_partial_sums = [](V(&sum)[partial][vectors]) CTNN_INLINE_LAMBDA {
    simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      simd::unroll<partial - 1>([&](auto p) CTNN_INLINE_LAMBDA { sum[0][v] = sum[0][v] + sum[p + 1][v]; });
    });
  };
  // `count` steps of a block, from one on: step(input, weights, partial sum's number)
  const auto for_steps = [&](std::size_t from, std::size_t count, auto own_weight, auto step) CTNN_INLINE_LAMBDA {
    const T* own_x = x + from * Atom::depth;
    own_weight += from * block * Atom::depth;
    const auto at = [&](std::size_t k, auto p) CTNN_INLINE_LAMBDA {
      step(Atom::input(own_x + k * Atom::depth), own_weight + k * block * Atom::depth, p);
    };
    for (std::size_t turn = 0; turn < count / together; ++turn) {
      simd::unroll<together>([&](auto k)
                                 CTNN_INLINE_LAMBDA { at(k, std::integral_constant<std::size_t, k % partial>{}); });
      own_x += together * Atom::depth;
      own_weight = simd::advanced<together * block * Atom::depth>(own_weight);
    }
    for (std::size_t k = 0; k < count % together; ++k) at(k, std::integral_constant<std::size_t, 0>{});
  };
  for (std::size_t number = 0; number * block < Outputs; ++number) {
    const auto block_weight = simd::block_of_weights<Isa, vectors>(weight, number, steps * Atom::depth);
    const std::size_t first = number * block;
    V sum[partial][vectors];
    clear(sum);
    simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA { sum[0][v] = Atom::start(bias + first + v * Isa::lanes); });
    if constexpr (group == 0) {
      simd::Totals<Atom, partial, vectors> totals;
      for (std::size_t i = 0; i < steps;) {
        const std::size_t count = totals.next(steps - i, sum, partial);
        for_steps(
            i, count, block_weight, [&](const auto& own_input, const auto& own_weight, auto p) CTNN_INLINE_LAMBDA {
              simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
                sum[p][v] = Atom::add(own_input, Atom::weights(own_weight + v * Isa::lanes * Atom::depth), sum[p][v]);
              });
            });
        i += count;
      }
      totals.finish(sum);
      add_partial_sums(sum);
    } else {  // a group's sum of integers is scaled once, and its offset is multiplied with the sum of inputs
      for (std::size_t i = 0; i < steps; i += group) {
        V own[partial][vectors], inputs = Atom::zero();
        clear(own);
        for_steps(i, std::min(group, steps - i), block_weight,
                  [&](const auto& own_input, const auto& own_weight, auto p) CTNN_INLINE_LAMBDA {
                    inputs = inputs + own_input;
                    simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
                      own[p][v] = Atom::add(own_input, (own_weight + v * Isa::lanes).load_integers(), own[p][v]);
                    });
                  });
        add_partial_sums(own);
        simd::unroll<vectors>([&](auto v) CTNN_INLINE_LAMBDA {
          const auto grids = (block_weight + (i * block + v * Isa::lanes)).load_grids();
          sum[0][v] = fma(own[0][v], grids.scale, fma(inputs, grids.offset, sum[0][v]));
        });
      }
    }
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
  }
}

}  // namespace ctnn::kernels
