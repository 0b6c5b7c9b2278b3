/// What this core can do at best, measured in the process that measures everything else.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <vector>

#include <ctnn/simd/vector.hpp>

/// Peak of single-precision multiply-adds in GFLOP/s: the best of many bursts of independent ones on registers
/// (by default over some 10 ms: the first few may be another program's, or at a lower clock).
template <class Isa = ctnn::isa::Native>
double peak_gflops(int bursts = 200) {
  if constexpr (Isa::lanes == 1) {
    return 0.0;  // no vectors, no claim
  } else {
    using V = ctnn::simd::Vector<float, Isa>;
    constexpr std::size_t chains = 12;  // 2 ports x 4 cycles of latency, and to spare
    constexpr int rounds = 20'000;
    double best = 0.0;
    for (int burst = 0; burst < bursts; ++burst) {
      V sum[chains];
      for (std::size_t i = 0; i < chains; ++i) sum[i] = V(static_cast<float>(i));
      V scale(0.999F), shift(0.001F);
      const auto start = std::chrono::steady_clock::now();
      for (int r = 0; r < rounds; ++r) {
        ctnn::simd::unroll<chains>([&](auto i) CTNN_INLINE_LAMBDA { sum[i] = ctnn::simd::fma(sum[i], scale, shift); });
      }
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      V total(0.0F);
      for (const V& s : sum) total = total + s;
      alignas(64) float sink[Isa::lanes];
      total.store_aligned(sink);
      volatile float keep = sink[0];
      static_cast<void>(keep);
      best = std::max(best, 2.0 * chains * Isa::lanes * rounds / seconds.count() * 1e-9);
    }
    return best;
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
