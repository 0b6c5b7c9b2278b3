/// Denormal numbers cost a hundred cycles an operation and say nothing in a network: they are flushed while one runs.
#pragma once

#include <cstdint>

#if defined(__SSE2__)
#include <xmmintrin.h>
#endif

namespace ctnn::simd {

/// Flushes denormal floats to zero on this thread while it lives, and restores the thread's mode after. Does nothing
/// where the processor's mode cannot be set.
class FlushDenormals {
 public:
#if defined(__SSE2__)
  FlushDenormals() noexcept : before_{_mm_getcsr()} {
    _mm_setcsr(before_ | flush_to_zero | denormals_are_zero);
    keep_order();
  }
  ~FlushDenormals() {
    keep_order();
    _mm_setcsr(before_);
  }
#elif defined(__aarch64__)
  FlushDenormals() noexcept {
    asm volatile("mrs %0, fpcr" : "=r"(before_));
    asm volatile("msr fpcr, %0" ::"r"(before_ | flush_to_zero));
    keep_order();
  }
  ~FlushDenormals() {
    keep_order();
    asm volatile("msr fpcr, %0" ::"r"(before_));
  }
#else
  FlushDenormals() noexcept {}
  ~FlushDenormals() {}
#endif
  FlushDenormals(const FlushDenormals&) = delete;
  FlushDenormals& operator=(const FlushDenormals&) = delete;
  FlushDenormals(FlushDenormals&&) = delete;
  FlushDenormals& operator=(FlushDenormals&&) = delete;

 private:
  /// Compilers do not know that arithmetic depends on the mode: no load or store, so no arithmetic between them, may
  /// move across a change of it.
  static void keep_order() noexcept { asm volatile("" ::: "memory"); }

#if defined(__SSE2__)
  static constexpr unsigned flush_to_zero = 1U << 15, denormals_are_zero = 1U << 6;
  unsigned before_;
#elif defined(__aarch64__)
  static constexpr std::uint64_t flush_to_zero = 1U << 24;
  std::uint64_t before_;
#endif
};

}  // namespace ctnn::simd
