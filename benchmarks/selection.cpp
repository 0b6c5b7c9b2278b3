/// Which algorithm a dense convolution runs with (kernels/select.hpp): every one that can, on windows, sizes and
/// channels between which the choice changes; the one that the library selects has the label. To measure its thresholds
/// again:
///   build/release/benchmarks/benchmark_selection --benchmark_enable_random_interleaving --benchmark_repetitions=9
#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>

#include <ctnn/ctnn.hpp>

#include "row.hpp"

namespace {

using ctnn::Algorithm;

/// One algorithm on as many input as output channels, size x size pixels, and a window of `kernel`.
template <Algorithm algorithm, std::size_t kernel, std::size_t channels, std::size_t size>
void add() {
  using Layer = ctnn::Conv2d<channels, ctnn::Kernel<kernel>, ctnn::SamePadding>;
  using On = ctnn::Bound<Layer, ctnn::Shape<size, size, channels>>;
  constexpr std::size_t points = ctnn::kernels::transform_tile(algorithm, On::geometry.window).points;
  constexpr bool hopeless = points * channels * channels > (std::size_t{1} << 24);  // weights of more than 64 MiB
  if constexpr (!ctnn::kernels::transforms(algorithm) || ctnn::kernels::transform_can(algorithm, On::geometry)) {
    if constexpr (!hopeless) {
      const std::string name = "k" + std::to_string(kernel) + "_" + std::to_string(channels) + "x" +
                               std::to_string(size) + "/" + std::string{ctnn::kernels::name_of(algorithm)};
      benchmark::RegisterBenchmark(name.c_str(), run_kernel<On, algorithm>,
                                   algorithm == algorithm_for<On> ? "selected" : "");
    }
  }
}

template <std::size_t kernel, std::size_t channels, std::size_t... size>
void rows() {
  (..., (add<Algorithm::direct, kernel, channels, size>(), add<Algorithm::winograd2, kernel, channels, size>(),
         add<Algorithm::winograd4, kernel, channels, size>(), add<Algorithm::fft, kernel, channels, size>()));
}

}  // namespace

int main(int argc, char** argv) {
  rows<3, 16, 32, 112>();
  rows<3, 64, 4, 8, 56>();
  rows<3, 128, 28>();
  rows<3, 256, 7, 14>();
  rows<3, 512, 4, 7>();

  rows<5, 16, 28, 112>();
  rows<5, 32, 28, 56>();
  rows<5, 64, 7, 14, 56>();
  rows<5, 128, 14, 28>();
  rows<5, 256, 7, 14>();

  rows<7, 16, 28, 112>();
  rows<7, 32, 14, 28>();
  rows<7, 64, 7, 14, 28>();
  rows<7, 128, 14, 28>();

  rows<9, 16, 14, 32, 112>();
  rows<9, 32, 14, 28>();
  rows<9, 64, 14, 28>();
  rows<9, 128, 14, 28>();

  return run_rows(argc, argv);
}
