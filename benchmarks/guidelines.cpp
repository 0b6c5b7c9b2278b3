/// The experiments behind the four guidelines of ShuffleNetV2 (arXiv 1807.11164) and separable against standard
/// convolutions, on this core; every row's constant costs beside its time. Rows are FAMILY/SERIES/VARIANT, and a
/// series' variants are to be compared. The figure, from interleaved repetitions:
///   benchmark_guidelines --benchmark_repetitions=9 --benchmark_enable_random_interleaving=true
///                        --benchmark_min_time=0.05 --benchmark_out=guidelines.json
///   benchmarks/figure.py guidelines.json benchmarks/guidelines.svg --enlarge-from 5
/// As in the paper ten blocks stand in series, on 56 x 56 pixels. None but G4's has activations.

#include <benchmark/benchmark.h>

#include <cstddef>
#include <cstdint>
#include <string>
#include <type_traits>

#include <ctnn/ctnn.hpp>

#include "row.hpp"

namespace nn = ctnn;

namespace {

/// Ten blocks that keep their input's C channels.
template <std::size_t C, class... Block>
using TenBlocks = nn::Network<nn::Repeat<10, nn::Sequential<Block...>>, nn::Shape<56, 56, C>>;

template <class Model>
void add(const std::string& name) {
  benchmark::RegisterBenchmark(name.c_str(), run_network<Model>)->Unit(benchmark::kMicrosecond);
}

// ---- G1: equal widths minimise memory access

template <std::size_t C1, std::size_t C2>
using Widths = TenBlocks<C1, nn::PointwiseConv2d<C2>, nn::PointwiseConv2d<C1>>;

/// `accessed`: elements that one convolution reads and writes.
template <std::size_t C1, std::size_t C2, std::uint64_t accessed>
void add_widths(const std::string& series) {
  using Model = Widths<C1, C2>;
  static_assert(Model::cost.memory_access == 20 * accessed);
  add<Model>("G1_widths/" + series + "/" + std::to_string(C1) + "-" + std::to_string(C2));
}

// ---- G2: groups cost

template <std::size_t Groups, std::size_t C>
void add_groups() {
  using Model = TenBlocks<C, nn::PointwiseConv2d<C, nn::Groups<Groups>>>;
  static_assert(Model::cost.memory_access == 10 * (56 * 56 * 2 * C + C * C / Groups));
  add<Model>("G2_groups/wide/g" + std::to_string(Groups));
}

// ---- G3: fragments cost

template <std::size_t C>
using One = nn::PointwiseConv2d<C>;

// ---- G4: elementwise operations cost

/// ResNet's bottleneck. The paper leaves open which of its widths it states: here 128 channels are narrowed to 32,
/// ResNet's ratio, which has about the arithmetic of G2 and G3.
template <class Activation, bool shortcut>
struct BottleneckOf {
  using Main = nn::Sequential<nn::PointwiseConv2d<32>, Activation,  //
                              nn::Conv2d<32, nn::Kernel<3>, nn::Padding<1>>, Activation, nn::PointwiseConv2d<128>>;
  using Unit = std::conditional_t<shortcut, nn::Residual<Main>, Main>;
  using Model = TenBlocks<128, Unit, Activation>;
};
template <class Activation, bool shortcut>
using Bottlenecks = typename BottleneckOf<Activation, shortcut>::Model;
/// A ReLU inside the convolution's loop, and one that makes a pass of its own: a convolution takes only one in.
using TwiceReLU = nn::Sequential<nn::ReLU, nn::ReLU>;

// ---- separable against standard

template <class Input, std::size_t Outputs, std::size_t Size>
void add_separable(const std::string& shape) {
  using Kernel = nn::Kernel<Size>;
  using Padding = nn::Padding<Size / 2>;
  add<nn::Network<nn::Conv2d<Outputs, Kernel, Padding>, Input>>("separable/" + shape + "/standard");
  add<nn::Network<nn::DepthwiseSeparableConv2d<Outputs, Kernel, Padding>, Input>>("separable/" + shape + "/separable");
}

}  // namespace

int main(int argc, char** argv) {
  // the paper's widths for a GPU and for an ARM core, then widths that fill vectors of 16 lanes
  add_widths<128, 128, 819'200>("wide");
  add_widths<90, 180, 862'920>("wide");
  add_widths<52, 312, 1'157'728>("wide");
  add_widths<36, 432, 1'483'200>("wide");
  add_widths<32, 32, 201'728>("narrow");
  add_widths<22, 44, 207'944>("narrow");
  add_widths<13, 78, 286'390>("narrow");
  add_widths<9, 108, 367'884>("narrow");
  add_widths<64, 256, 1'019'904>("whole_vectors");
  add_widths<32, 512, 1'722'368>("whole_vectors");
  add_widths<16, 1024, 3'277'824>("whole_vectors");

  add_groups<1, 128>();
  add_groups<2, 180>();
  add_groups<4, 256>();
  add_groups<8, 360>();
  add_groups<16, 512>();  // beyond the paper, two vectors a group

  add<TenBlocks<128, One<128>>>("G3_fragments/wide/1");
  add<TenBlocks<90, One<90>, One<90>>>("G3_fragments/wide/2_in_series");
  add<TenBlocks<64, One<64>, One<64>, One<64>, One<64>>>("G3_fragments/wide/4_in_series");
  add<TenBlocks<90, nn::Add<One<90>, One<90>>>>("G3_fragments/wide/2_in_parallel");
  add<TenBlocks<64, nn::Add<One<64>, One<64>, One<64>, One<64>>>>("G3_fragments/wide/4_in_parallel");
  // the same sum, two terms at a time: each addition runs inside a convolution
  add<TenBlocks<64, nn::Add<nn::Add<nn::Add<One<64>, One<64>>, One<64>>, One<64>>>>("G3_fragments/wide/4_fused");

  add<Bottlenecks<TwiceReLU, true>>("G4_elementwise/bottleneck/ReLU_twice");
  add<Bottlenecks<nn::ReLU, true>>("G4_elementwise/bottleneck/ReLU_and_shortcut");
  add<Bottlenecks<nn::ReLU, false>>("G4_elementwise/bottleneck/no_shortcut");
  add<Bottlenecks<nn::Identity, true>>("G4_elementwise/bottleneck/no_ReLU");
  add<Bottlenecks<nn::Identity, false>>("G4_elementwise/bottleneck/neither");

  add_separable<nn::Shape<56, 56, 64>, 64, 3>("56x56x64_3x3");
  add_separable<nn::Shape<28, 28, 128>, 128, 3>("28x28x128_3x3");
  add_separable<nn::Shape<14, 14, 256>, 256, 3>("14x14x256_3x3");
  add_separable<nn::Shape<28, 28, 64>, 64, 5>("28x28x64_5x5");
  add_separable<nn::Shape<28, 28, 3>, 35, 11>("28x28x3_11x11");  // the article's 20 MFLOPs against 0.73

  return run_rows(argc, argv);
}
