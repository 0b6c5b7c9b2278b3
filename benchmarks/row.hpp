/// A row of a benchmark: what runs, its constant costs and its measured time side by side.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <memory>
#include <random>
#include <string>

#include <ctnn/ctnn.hpp>

#include "peak.hpp"

/// This core, as measured when the program starts.
inline const ctnn::Machine machine{.flops_per_second = peak_gflops() * 1e9,
                                   .bytes_per_second = stream_bytes_per_second()};

/// Random numbers: zeros would flatter.
inline void fill(float* first, std::size_t count) {
  std::mt19937 generator{7};
  std::normal_distribution<float> normal{0.0F, 0.1F};
  for (std::size_t i = 0; i < count; ++i) first[i] = normal(generator);
}

/// The counters of a row, from what one run costs and from the roofline model's time for it.
inline void report(benchmark::State& state, const ctnn::Cost& cost, double roofline_seconds) {
  const double done = static_cast<double>(cost.flops()) * static_cast<double>(state.iterations());
  state.counters["macs"] = static_cast<double>(cost.macs);
  state.counters["flops"] = static_cast<double>(cost.flops());
  state.counters["memory_access"] = static_cast<double>(cost.memory_access);
  state.counters["GFLOP/s"] = benchmark::Counter(done * 1e-9, benchmark::Counter::kIsRate);
  if (machine.flops_per_second == 0.0) return;
  state.counters["roofline_us"] = roofline_seconds * 1e6;
  state.counters["of_peak"] = benchmark::Counter(done / machine.flops_per_second, benchmark::Counter::kIsRate);
}

/// A whole network.
template <class Model>
void run_network(benchmark::State& state) {
  ctnn::Weights<Model> weights;
  fill(weights.f32().data(), weights.f32().size());
  const auto model = ctnn::make_model<Model>(weights);
  const auto x = std::make_unique<ctnn::Tensor<float, typename Model::Input>>();
  const auto y = std::make_unique<ctnn::Tensor<float, typename Model::Output>>();
  const auto arena = std::make_unique<typename Model::Arena>();
  fill(x->data(), x->size());
  for (auto _ : state) {
    model->run(*x, *y, *arena);
    benchmark::DoNotOptimize(y->data());
    benchmark::ClobberMemory();
  }
  report(state, Model::cost, Model::roofline_seconds(machine));
}

/// Runs what is registered, as the command line says.
inline int run_rows(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("instruction_set", std::string{ctnn::isa::Native::name});
  benchmark::AddCustomContext("peak_gflops", std::to_string(machine.flops_per_second * 1e-9));
  benchmark::AddCustomContext("stream_gigabytes_per_second", std::to_string(machine.bytes_per_second * 1e-9));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
