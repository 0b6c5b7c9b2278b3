/// What this core can do at best, measured in the process that measures everything else.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <memory>

#include <ctnn/simd/vector.hpp>

/// Peak of single-precision multiply-adds in GFLOP/s: the best of some bursts of independent ones on registers.
template <class Isa = ctnn::isa::Native>
double peak_gflops() {
  if constexpr (Isa::lanes == 1) {
    return 0.0;  // no vectors, no claim
  } else {
    using V = ctnn::simd::Vector<float, Isa>;
    constexpr std::size_t chains = 12;  // 2 ports x 4 cycles of latency, and to spare
    constexpr int rounds = 20'000;
    double best = 0.0;
    for (int burst = 0; burst < 20; ++burst) {
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

/// Bytes read and written per second by y = scale * x (STREAM's second kernel), x and y of half of `bytes` each: the
/// best of some bursts. The default lies in L2 of any recent core, where a small network's layers find their inputs.
template <class Isa = ctnn::isa::Native, std::size_t bytes = std::size_t{512} * 1024>
double stream_bytes_per_second() {
  if constexpr (Isa::lanes == 1) {
    return 0.0;
  } else {
    using V = ctnn::simd::Vector<float, Isa>;
    constexpr std::size_t count = bytes / (2 * sizeof(float));
    constexpr int rounds = static_cast<int>((std::size_t{64} << 20) / bytes);  // 64 MiB: some milliseconds
    struct Buffers {
      alignas(64) float x[count], y[count];
    };
    const auto buffers = std::make_unique<Buffers>();
    std::fill(buffers->x, buffers->x + count, 1.0F);
    volatile float opaque = 1.0F;
    const V scale(opaque);
    const auto pass = [&](const float* from, float* to) {
      for (std::size_t i = 0; i < count; i += Isa::lanes) (V::load_aligned(from + i) * scale).store_aligned(to + i);
    };
    double best = 0.0;
    for (int burst = 0; burst < 20; ++burst) {
      const auto start = std::chrono::steady_clock::now();
      for (int r = 0; r < rounds; r += 2) {
        pass(buffers->x, buffers->y);
        pass(buffers->y, buffers->x);  // so that every round is needed
      }
      const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - start;
      opaque = buffers->x[count / 2];
      best = std::max(best, static_cast<double>(bytes) * rounds / seconds.count());
    }
    return best;
  }
}
