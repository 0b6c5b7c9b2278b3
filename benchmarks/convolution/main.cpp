/// Convolution variants and fully connected layers in single precision and as Int8: time, FLOPs, GFLOP/s and share of
/// the measured peak; oneDNN's best algorithm and XNNPACK's beside each where they are installed. Compare within one
/// run:
///   benchmarks/peers.py build/release/benchmarks/benchmark_convolution
/// oneDNN chooses every layout itself, XNNPACK has no borders. Numbers are random (zeros would flatter).

#include "../row.hpp"

// apart because together they would compile for minutes
void add_f32_standard();
void add_f32_others();
void add_int8_standard();
void add_int8_others();

int main(int argc, char** argv) {
  add_f32_standard();
  add_f32_others();
  add_int8_standard();
  add_int8_others();
  return run_rows(argc, argv);
}
