/// What this core can do at best, measured in the process that measures everything else.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <iterator>
#include <vector>

#include <ctnn/simd/multiply_add.hpp>
#include <ctnn/simd/tiles.hpp>
#include <ctnn/simd/vector.hpp>

/// The best rate of many bursts of so many operations, in 1e9 a second.
template <class Burst>
double best_gflops(int bursts, double operations, Burst burst) {
  double best = 0.0;
  for (int i = 0; i < bursts; ++i) {
    const auto start = std::chrono::steady_clock::now();
    burst();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
    best = std::max(best, operations / seconds.count() * 1e-9);
  }
  return best;
}

/// Peak of multiply-adds of such inputs and weights, each counted as two operations, in 1e9 a second: the best of many
/// bursts of independent ones on registers, or tiles (by default over some 10 ms: the first few may be another
/// program's, or at a lower clock).
template <class Input = float, class Weight = Input, class Isa = ctnn::isa::Native>
double peak_gflops(int bursts = 200) {
  if constexpr (Isa::lanes == 1) {
    return 0.0;  // no vectors, no claim
  } else {
    using Atom = ctnn::simd::MultiplyAdd<Isa, Input, Weight>;
    if constexpr (ctnn::simd::has_tiles<Isa> && Atom::depth > 1) {
      if (ctnn::simd::tiles_permitted) {
        constexpr int rounds = 1'500;
        ctnn::simd::Tiles<Input, Weight> tiles(16, 64);
        const std::vector<Input> ones(16 * 64 / sizeof(Input), static_cast<Input>(1));
        ctnn::simd::unroll<8>([&](auto i) CTNN_INLINE_LAMBDA { tiles.template load<i>(ones.data(), 64); });
        return best_gflops(bursts, 2.0 * 4 * rounds * 16 * 16 * 64 / sizeof(Input), [&] {
          for (int r = 0; r < rounds; ++r) {
            tiles.template add_product<0, 4, 6>();
            tiles.template add_product<1, 5, 6>();
            tiles.template add_product<2, 4, 7>();
            tiles.template add_product<3, 5, 7>();
          }
        });
      }
    }
    constexpr std::size_t chains = 12;  // 2 ports x 4 cycles of latency, and to spare
    constexpr int rounds = 20'000;
    Input inputs[Atom::depth];
    Weight numbers[Isa::lanes * Atom::depth];
    volatile signed char one = 1;  // opaque
    std::fill(std::begin(inputs), std::end(inputs), static_cast<Input>(one));
    std::fill(std::begin(numbers), std::end(numbers), static_cast<Weight>(one));
    const auto input = Atom::input(inputs);
    const auto weights = Atom::weights(numbers);
    return best_gflops(bursts, 2.0 * chains * Isa::lanes * Atom::depth * rounds, [&] {
      typename Atom::Sum sum[chains];
      sum[0] = Atom::zero();  // none the same as another, for all that compilers know: they would add once for several
      for (std::size_t i = 1; i < chains; ++i) sum[i] = Atom::add(input, weights, sum[i - 1]);
      for (int r = 0; r < rounds; ++r) {
        ctnn::simd::unroll<chains>([&](auto i) CTNN_INLINE_LAMBDA { sum[i] = Atom::add(input, weights, sum[i]); });
      }
      auto total = ctnn::simd::joined(Atom::zero());
      for (const auto& s : sum) total = total + ctnn::simd::joined(s);
      benchmark::DoNotOptimize(total);
    });
  }
}

/// Bytes per second that this core moves at best over `bytes`, a multiple of 1024: the better of reading them (their
/// sum) and of y = scale * x (STREAM's second kernel), x and y together of that size; the best of some bursts. Which
/// cache, if any, they lie in is a matter of `bytes`.
template <class Isa = ctnn::isa::Native>
double stream_bytes_per_second(std::size_t bytes) {
  if constexpr (Isa::lanes == 1) {
    return 0.0;
  } else {
    using V = ctnn::simd::Vector<float, Isa>;
    struct alignas(64) Lines {
      float numbers[128];  // with AVX-512 eight sums: 2 loads a cycle, 4 cycles of latency
    };
    constexpr std::size_t vectors = 128 / Isa::lanes;
    const std::size_t lines = bytes / sizeof(Lines), half = lines / 2;
    const std::size_t rounds = std::max<std::size_t>(1, (std::size_t{32} << 20) / bytes);  // half a millisecond or more
    std::vector<Lines> memory(lines);
    volatile float opaque = 1.0F;
    const V scale(opaque);
    const auto write = [&](const Lines* from, Lines* to) {
      for (std::size_t line = 0; line < half; ++line) {
        for (std::size_t i = 0; i < 128; i += Isa::lanes) {
          (V::load_aligned(from[line].numbers + i) * scale).store_aligned(to[line].numbers + i);
        }
      }
    };
    const auto read = [&] {
      V sum[vectors];
      for (V& s : sum) s = scale;
      for (const Lines& line : memory) {
        ctnn::simd::unroll<vectors>(
            [&](auto v) CTNN_INLINE_LAMBDA { sum[v] = sum[v] + V::load_aligned(line.numbers + v * Isa::lanes); });
      }
      for (std::size_t v = 0; v < vectors; ++v) sum[v].store_aligned(memory[0].numbers + v * Isa::lanes);
    };
    double best = 0.0;
    for (int burst = 0; burst < 40; ++burst) {
      const auto start = std::chrono::steady_clock::now();
      for (std::size_t r = 0; r < rounds; ++r) {
        if (burst % 2 == 0) {
          read();
        } else {
          write(memory.data(), memory.data() + half);
          write(memory.data() + half, memory.data());  // back, so that every pass is needed
        }
      }
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      opaque = memory[half / 2].numbers[0];
      const double passes = (burst % 2 == 0 ? 1.0 : 2.0) * static_cast<double>(rounds);
      best = std::max(best, passes * static_cast<double>(bytes) / seconds.count());
    }
    return best;
  }
}
