/// A row of a benchmark: what runs, its constant costs and its measured time side by side.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>

#include <ctnn/ctnn.hpp>

#include "peak.hpp"

/// Peak multiply-add rate of this core, FLOP/s.
inline const double peak = peak_gflops() * 1e9;

/// This core at layers of that cost: with the bandwidth of a stream over as many bytes as such a layer reads and writes
/// (rounded down to a power of two: a bound, that nothing beats), so of the cache it finds them in. Measured when first
/// asked for.
inline ctnn::Machine machine_for(std::uint64_t memory_access) {
  static std::map<std::size_t, double> bandwidths;
  const std::size_t bytes = std::max<std::size_t>(std::bit_floor(memory_access * sizeof(float)), 16 * 1024);
  const auto [found, missing] = bandwidths.try_emplace(bytes);
  if (missing) found->second = stream_bytes_per_second(bytes);
  return {.flops_per_second = peak, .bytes_per_second = found->second};
}

/// Random numbers: zeros would flatter.
inline void fill(float* first, std::size_t count) {
  std::mt19937 generator{7};
  std::normal_distribution<float> normal{0.0F, 0.1F};
  for (std::size_t i = 0; i < count; ++i) first[i] = normal(generator);
}

/// The counters of a row: what one run costs, the roofline model's time for it, and rates; the share of peak is of the
/// rate measured here and now, right after the sample. `Costed` is a network or a bound layer.
template <class Costed>
void report(benchmark::State& state) {
  constexpr ctnn::Cost cost = Costed::cost;
  const double done = static_cast<double>(cost.flops()) * static_cast<double>(state.iterations());
  state.counters["macs"] = static_cast<double>(cost.macs);
  state.counters["flops"] = static_cast<double>(cost.flops());
  state.counters["memory_access"] = static_cast<double>(cost.memory_access);
  state.counters["GFLOP/s"] = benchmark::Counter(done * 1e-9, benchmark::Counter::kIsRate);
  if (peak == 0.0) return;
  const double peak_now = peak_gflops(25);  // about 1 ms
  state.counters["peak"] = peak_now;
  state.counters["of_peak"] = benchmark::Counter(done * 1e-9 / peak_now, benchmark::Counter::kIsRate);
  double roofline_seconds = 0.0;
  if constexpr (requires { Costed::layers; }) {
    for (std::size_t i = 0; i < Costed::layers.size(); ++i) {
      if (Costed::algorithm_of(i) == "fused") continue;  // in another's registers
      const ctnn::Cost& layer = Costed::layers[i].cost;
      roofline_seconds += layer.roofline_seconds(machine_for(layer.memory_access));
    }
  } else {
    roofline_seconds = cost.roofline_seconds(machine_for(cost.memory_access));
  }
  state.counters["roofline_us"] = roofline_seconds * 1e6;
}

/// The algorithm of a bound convolution that may be planar: told, or selected.
template <class On>
inline constexpr ctnn::Algorithm algorithm_for =
    On::use.value_or(ctnn::kernels::select_convolution<ctnn::isa::Native>(On::geometry, true));

/// A convolution's kernel by itself. The input lies as the layer before would have left it: with borders, or planar
/// where the kernel reads planes.
template <class On, ctnn::Algorithm algorithm>
void run_kernel(benchmark::State& state, std::string_view label) {
  namespace k = ctnn::kernels;
  constexpr k::Convolution2d g = On::geometry;
  constexpr bool planar = algorithm == k::Algorithm::planar;
  constexpr bool borders = !k::transforms(algorithm);
  constexpr k::Layout in{
      g.in.height, g.in.width, g.in.channels, borders ? g.window.pad_left : 0, borders ? g.window.pad_right : 0,
      planar};
  constexpr k::Layout out{g.out.height, g.out.width, g.out.channels, 0, 0, planar};
  using Kernel = k::Convolution<ctnn::F32, ctnn::isa::Native, algorithm, g, in, out>;
  using Weights = ctnn::detail::WeightTable<On, ctnn::F32>;

  ctnn::TableStorage<Weights> weights;
  fill(weights.f32().data(), weights.f32().size());
  const auto packed = std::make_unique<typename Kernel::Packed>();
  Kernel::pack(*packed, ctnn::TableView<Weights>{weights}.template leaf<0>(), {});
  const auto x = std::make_unique<ctnn::Tensor<float, ctnn::Shape<in.size()>>>();
  const auto y = std::make_unique<ctnn::Tensor<float, ctnn::Shape<out.size()>>>();
  const auto scratch = std::make_unique<ctnn::Tensor<float, ctnn::Shape<std::max<std::size_t>(Kernel::scratch, 1)>>>();
  fill(x->data(), x->size());
  k::clear_borders<in>(x->data());
  for (auto _ : state) {
    Kernel::run(x->data(), y->data(), *packed, k::FloatEpilogue<>{}, scratch->data());
    benchmark::DoNotOptimize(y->data());
    benchmark::ClobberMemory();
  }
  state.SetLabel(std::string{label});
  report<On>(state);
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
  report<Model>(state);
}

/// Runs what is registered, as the command line says.
inline int run_rows(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("instruction_set", std::string{ctnn::isa::Native::name});
  benchmark::AddCustomContext("peak_gflops", std::to_string(peak * 1e-9));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
