/// A row of a benchmark: what runs, its constant costs and its measured time side by side.
#pragma once

#include <benchmark/benchmark.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <string_view>
#include <type_traits>

#include <ctnn/ctnn.hpp>

#include "peak.hpp"

/// The format whose multiply-adds a network of format N is held against, bytes, floats of 16 bits, or single precision,
/// and the instruction set that has them.
template <ctnn::NumberFormat N>
using PeakFormat =
    std::conditional_t<ctnn::Quantized<N>, ctnn::Int8,
                       std::conditional_t<std::same_as<N, ctnn::F16> || std::same_as<N, ctnn::BF16>, N, ctnn::F32>>;
template <ctnn::NumberFormat N>
using PeakIsa =
    std::conditional_t<std::same_as<N, ctnn::F16> && ctnn::kernels::adds_halves<ctnn::isa::HalfIsa<ctnn::isa::Native>>,
                       ctnn::isa::Avx512HalfPairs, ctnn::isa::Native>;
template <ctnn::NumberFormat N>
double peak_gflops_of(auto... bursts) {
  return peak_gflops<typename PeakFormat<N>::Activation, typename PeakFormat<N>::Weight, PeakIsa<N>>(bursts...);
}
/// Its peak multiply-add rate on this core, operations per second.
template <ctnn::NumberFormat N>
inline const double peak = peak_gflops_of<N>() * 1e9;

/// This core at layers of that cost: with the bandwidth of a stream over as many bytes as such a layer reads and writes
/// (rounded down to a power of two: a bound, that nothing beats), so of the cache it finds them in. Measured when first
/// asked for.
inline ctnn::Machine machine_for(double peak, std::uint64_t memory_bytes) {
  static std::map<std::size_t, double> bandwidths;
  const std::size_t bytes = std::max<std::size_t>(std::bit_floor(memory_bytes), 16 * 1024);
  const auto [found, missing] = bandwidths.try_emplace(bytes);
  if (missing) found->second = stream_bytes_per_second(bytes);
  return {.flops_per_second = peak, .bytes_per_second = found->second};
}

/// How wide random integers are: a quarter of their range.
inline constexpr float integer_deviation = 32.0F;

/// Random numbers: zeros would flatter.
template <class T>
void fill(T* first, std::size_t count, float deviation = std::floating_point<T> ? 0.1F : integer_deviation) {
  std::mt19937 generator{7};
  std::normal_distribution<float> normal{0.0F, deviation};
  for (std::size_t i = 0; i < count; ++i) {
    if constexpr (std::floating_point<T>) {
      first[i] = normal(generator);
    } else {
      const float middle = std::is_signed_v<T> ? 0.0F : 128.0F;
      const float range = sizeof(T) == 1 ? 127.0F : 1e9F;
      first[i] = static_cast<T>(middle + std::clamp(std::round(normal(generator)), -range, range));
    }
  }
}

/// Random weights. Scales of integer formats differ from tensor to tensor, so that nothing is copied where a network
/// rescales, and keep every layer's outputs as wide as its inputs, so that nothing saturates.
template <class Table>
void fill(ctnn::TableStorage<Table>& weights) {
  if constexpr (ctnn::Floating<typename Table::Format>) {
    fill(weights.f32().data(), weights.f32().size());
  } else {
    std::mt19937 generator{7};
    std::uniform_real_distribution<float> near_one{0.8F, 1.25F};
    std::uniform_int_distribution<std::int32_t> zero_point{-10, 10};
    float sum_deviation = 0.0F;  // of a layer's sums of products
    for (std::size_t i = 0; i < Table::count; ++i) {
      const ctnn::WeightInfo& info = Table::infos[i];
      const auto name = info.name.view();
      if (info.type == ctnn::ElementType::i8) {
        fill(static_cast<std::int8_t*>(weights.data(i)), info.size);
        const auto taps = static_cast<float>(info.size / info.dims[0]);
        sum_deviation = integer_deviation * integer_deviation * std::sqrt(taps);
      } else if (info.type == ctnn::ElementType::f32) {
        const float scale = name.ends_with("weight_scale") ? integer_deviation / sum_deviation : 1 / integer_deviation;
        auto* scales = static_cast<float*>(weights.data(i));
        std::generate_n(scales, info.size, [&] { return scale * near_one(generator); });
      } else if (name.ends_with("zero_point")) {
        *static_cast<std::int32_t*>(weights.data(i)) = zero_point(generator);
      } else {
        fill(static_cast<std::int32_t*>(weights.data(i)), info.size, 0.7F * sum_deviation);  // what ReLU takes away
      }
    }
  }
}

/// The counters of a row: what one run costs, the roofline model's time for it, and rates; the share of peak is of the
/// rate measured here and now, right after the sample. `Costed` is a network or a bound layer, N its number format.
template <class Costed, ctnn::NumberFormat N = ctnn::F32>
void report(benchmark::State& state) {
  constexpr ctnn::Cost cost = Costed::cost;
  const double done = static_cast<double>(cost.flops()) * static_cast<double>(state.iterations());
  state.counters["macs"] = static_cast<double>(cost.macs);
  state.counters["flops"] = static_cast<double>(cost.flops());
  state.counters["memory_access"] = static_cast<double>(cost.memory_access);
  state.counters["GFLOP/s"] = benchmark::Counter(done * 1e-9, benchmark::Counter::kIsRate);
  if (peak<N> == 0.0) return;
  const double peak_now = peak_gflops_of<N>(25);  // about 1 ms
  state.counters["peak"] = peak_now;
  state.counters["of_peak"] = benchmark::Counter(done * 1e-9 / peak_now, benchmark::Counter::kIsRate);
  constexpr std::size_t element_bytes = sizeof(typename N::Activation);
  const auto roofline = [&](const ctnn::Cost& layer) {
    return layer.roofline_seconds(machine_for(peak<N>, layer.memory_access * element_bytes), element_bytes);
  };
  double roofline_seconds = 0.0;
  if constexpr (requires { Costed::layers; }) {
    for (std::size_t i = 0; i < Costed::layers.size(); ++i) {
      if (Costed::algorithm_of(i) == "fused") continue;  // in another's registers
      roofline_seconds += roofline(Costed::layers[i].cost);
    }
  } else {
    roofline_seconds = roofline(cost);
  }
  state.counters["roofline_us"] = roofline_seconds * 1e6;
}

/// The algorithm of a bound convolution that may be planar: told, or selected.
template <class On, ctnn::NumberFormat N = ctnn::F32>
inline constexpr ctnn::Algorithm algorithm_for =
    On::use.value_or(ctnn::Quantized<N> ? ctnn::kernels::select_byte_convolution<ctnn::isa::Native>(On::geometry)
                                        : ctnn::kernels::select_convolution<ctnn::isa::Native>(On::geometry, true));

/// A convolution's kernel by itself. The input lies as the layer before would have left it: with borders and gaps, or
/// planar where the kernel reads planes.
template <class On, ctnn::Algorithm algorithm, ctnn::NumberFormat N = ctnn::F32>
void run_kernel(benchmark::State& state, std::string_view label) {
  namespace k = ctnn::kernels;
  constexpr k::Convolution2d g = On::geometry;
  constexpr bool planar = algorithm == k::Algorithm::planar;
  constexpr bool borders = !k::transforms(algorithm);
  constexpr k::Layout in = [&] {
    k::Layout layout = k::canonical(g.in);
    if (borders) layout.border_left = g.window.pad_left, layout.border_right = g.window.pad_right;
    layout.planar = planar;
    if (algorithm == k::Algorithm::lanewise && ctnn::Floating<N>) layout.gap = k::lanewise_gap(layout);
    return layout;
  }();
  constexpr k::Layout out{g.out.height, g.out.width, g.out.channels, 0, 0, planar};
  using Kernel = k::Convolution<N, ctnn::isa::Native, algorithm, g, in, out>;
  using Weights = ctnn::detail::WeightTable<On, N>;
  using T = typename N::Activation;

  ctnn::TableStorage<Weights> weights;
  fill(weights);
  const auto packed = std::make_unique<typename Kernel::Packed>();
  k::Surroundings<N> around;
  T zero{};
  if constexpr (ctnn::Quantized<N>) {
    zero = -3;
    around.inputs[0] = {1 / integer_deviation, zero};
    around.output = {1.1F / integer_deviation, 5};
  }
  Kernel::pack(*packed, ctnn::TableView<Weights>{weights}.template leaf<0>(), around);
  constexpr std::size_t beyond = ctnn::Quantized<N> ? 64 : 0;  // some bytes may be read there, of no matter which
  const auto x = std::make_unique<ctnn::Tensor<T, ctnn::Shape<in.size() + beyond>>>();
  const auto y = std::make_unique<ctnn::Tensor<T, ctnn::Shape<out.size()>>>();
  const auto scratch = std::make_unique<ctnn::Tensor<T, ctnn::Shape<std::max<std::size_t>(Kernel::scratch, 1)>>>();
  fill(x->data(), x->size());
  k::clear_borders<in>(x->data(), zero);
  for (auto _ : state) {
    Kernel::run(x->data(), y->data(), *packed, k::FloatEpilogue<>{}, scratch->data());
    benchmark::DoNotOptimize(y->data());
    benchmark::ClobberMemory();
  }
  state.SetLabel(std::string{label});
  report<On, N>(state);
}

/// A whole network.
template <class Model>
void run_network(benchmark::State& state) {
  ctnn::Weights<Model> weights;
  fill(weights);
  const auto model = ctnn::make_model<Model>(weights);
  const auto x = std::make_unique<ctnn::Tensor<typename Model::Element, typename Model::Input>>();
  const auto y = std::make_unique<ctnn::Tensor<typename Model::Element, typename Model::Output>>();
  const auto arena = std::make_unique<typename Model::Arena>();
  fill(x->data(), x->size());
  for (auto _ : state) {
    model->run(*x, *y, *arena);
    benchmark::DoNotOptimize(y->data());
    benchmark::ClobberMemory();
  }
  report<Model, typename Model::Format>(state);
}

/// A row's name in a number format, before the engine's.
template <ctnn::NumberFormat N>
std::string row_name(const std::string& name) {
  if (std::same_as<N, ctnn::F16>) return name + "_f16";
  if (std::same_as<N, ctnn::BF16>) return name + "_bf16";
  return ctnn::Quantized<N> ? name + "_int8" : name;
}

/// Runs what is registered, as the command line says.
inline int run_rows(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 1;
  benchmark::AddCustomContext("instruction_set", std::string{ctnn::isa::Native::name});
  benchmark::AddCustomContext("peak_gflops", std::to_string(peak<ctnn::F32> * 1e-9));
  benchmark::AddCustomContext("peak_int8_gops", std::to_string(peak<ctnn::Int8> * 1e-9));
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
