/// Convolution variants and fully connected layers: time, FLOPs, GFLOP/s and share of the measured peak; oneDNN's best
/// algorithm and XNNPACK's beside each where they are installed. Compare within one run:
///   benchmarks/peers.py build/release/benchmarks/benchmark_convolution
/// oneDNN chooses every layout itself, XNNPACK has no borders. Numbers are random (zeros would flatter).

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>

#include <ctnn/ctnn.hpp>

#include "row.hpp"

#ifdef CTNN_HAVE_ONEDNN
#include "onednn.hpp"
#endif
#ifdef CTNN_HAVE_XNNPACK
#include "xnnpack.hpp"
#endif

namespace nn = ctnn;

namespace {

/// The same layer by the other engines that are installed.
template <class Costed>
void add_peers(const std::string& name, const nn::kernels::Convolution2d& g) {
  const auto add = [&](const char* engine, auto run) {
    benchmark::RegisterBenchmark((name + engine).c_str(), [g, run](benchmark::State& state) {
      run(state, g);
      report<Costed>(state);
    });
  };
#ifdef CTNN_HAVE_ONEDNN
  add("/oneDNN", run_onednn);
#endif
#ifdef CTNN_HAVE_XNNPACK
  add("/XNNPACK", run_xnnpack);
#endif
  static_cast<void>(add);  // where there are none
}

/// Registers a layer; the other engines run the same where it is one convolution.
template <class Spec, class Input>
void add(const std::string& name) {
  using On = nn::Bound<Spec, Input>;
  if constexpr (requires { On::geometry; }) {
    constexpr auto algorithm = algorithm_for<On>;
    benchmark::RegisterBenchmark((name + "/ctnn").c_str(), run_kernel<On, algorithm>, nn::kernels::name_of(algorithm));
    add_peers<On>(name, On::geometry);
  } else {
    benchmark::RegisterBenchmark((name + "/ctnn").c_str(), run_network<nn::Network<Spec, Input>>);
  }
}

/// A fully connected layer, in F32 beside peers and in other formats.
template <std::size_t Inputs, std::size_t Outputs, nn::NumberFormat... Formats>
void add_fully_connected() {
  using Spec = nn::Linear<Outputs>;
  using Input = nn::Shape<Inputs>;
  const std::string name = "FC_" + std::to_string(Inputs) + "_" + std::to_string(Outputs);
  benchmark::RegisterBenchmark((name + "/ctnn").c_str(), run_network<nn::Network<Spec, Input>>);
  (benchmark::RegisterBenchmark((name + "/ctnn_" + std::string{Formats::name.view()}).c_str(),
                                run_network<nn::Network<Spec, Input, Formats>>),
   ...);
  add_peers<nn::Network<Spec, Input>>(name, nn::kernels::fully_connected({1, 1, Inputs}, Outputs));
}

template <std::size_t Outputs, std::size_t Size, class... Options>
using Same = nn::Conv2d<Outputs, nn::Kernel<Size>, nn::SamePadding, Options...>;

}  // namespace

int main(int argc, char** argv) {
  using nn::Shape, nn::Kernel, nn::Stride, nn::Padding, nn::Groups, nn::Conv2d, nn::PointwiseConv2d,
      nn::DepthwiseConv2d;

  // one input, every way to convolve it
  using Input = Shape<28, 28, 128>;
  add<Same<128, 3>, Input>("variant/standard_3x3");
  add<Same<128, 3, nn::Use<nn::Algorithm::direct>>, Input>("variant/standard_3x3_direct");
  add<Same<128, 3, nn::Use<nn::Algorithm::winograd2>>, Input>("variant/standard_3x3_winograd2");
  add<Same<128, 3, Groups<4>>, Input>("variant/grouped_3x3_g4");
  add<Same<128, 3, Groups<32>>, Input>("variant/grouped_3x3_g32");
  add<DepthwiseConv2d<Kernel<3>, Padding<1>>, Input>("variant/depthwise_3x3");
  add<PointwiseConv2d<128>, Input>("variant/pointwise");
  add<nn::DepthwiseSeparableConv2d<128, Kernel<3>, Padding<1>>, Input>("variant/separable_3x3");

  // layers of known networks: input channels, size -> output channels (S8 and G2 are among the variants)
  add<Conv2d<5, Kernel<3>>, Shape<28, 28, 1>>("S1_1x28_5_k3_valid");
  add<Conv2d<5, Kernel<3>>, Shape<26, 26, 5>>("S2_5x26_5_k3_valid");
  add<Same<16, 3>, Shape<32, 32, 3>>("S3_3x32_16_k3");
  add<Same<16, 3>, Shape<32, 32, 16>>("S4_16x32_16_k3");
  add<Same<64, 3>, Shape<8, 8, 64>>("S5_64x8_64_k3");
  add<Conv2d<32, Kernel<3>, Stride<2>, Padding<1>>, Shape<224, 224, 3>>("S6_3x224_32_k3_s2");
  add<Same<64, 3>, Shape<56, 56, 64>>("S7_64x56_64_k3");
  add<Same<256, 3>, Shape<14, 14, 256>>("S9_256x14_256_k3");
  add<Same<512, 3>, Shape<7, 7, 512>>("S10_512x7_512_k3");
  add<Same<64, 5>, Shape<14, 14, 64>>("C1_64x14_64_k5");
  add<Same<32, 7>, Shape<28, 28, 32>>("F1_32x28_32_k7");
  add<Same<16, 9>, Shape<32, 32, 16>>("F2_16x32_16_k9");
  add<PointwiseConv2d<64>, Shape<25, 5, 64>>("P1_64x25x5_64");
  add<PointwiseConv2d<64>, Shape<112, 112, 32>>("P2_32x112_64");
  add<PointwiseConv2d<128>, Shape<28, 28, 128>>("P3_128x28_128");
  add<PointwiseConv2d<512>, Shape<14, 14, 512>>("P4_512x14_512");
  add<PointwiseConv2d<144>, Shape<56, 56, 24>>("P5_24x56_144");
  add<DepthwiseConv2d<Kernel<3>, Padding<1>>, Shape<25, 5, 64>>("D1_64x25x5_k3");
  add<DepthwiseConv2d<Kernel<3>, Padding<1>>, Shape<112, 112, 32>>("D2_32x112_k3");
  add<DepthwiseConv2d<Kernel<3>, Stride<2>, Padding<1>>, Shape<56, 56, 144>>("D3_144x56_k3_s2");
  add<DepthwiseConv2d<Kernel<3>, Padding<1>>, Shape<14, 14, 512>>("D4_512x14_k3");
  add<DepthwiseConv2d<Kernel<5>, Padding<2>>, Shape<14, 14, 240>>("D5_240x14_k5");
  add<Same<64, 3, Groups<4>>, Shape<56, 56, 64>>("G1_64x56_64_k3_g4");

  add_fully_connected<2880, 128>();
  add_fully_connected<640, 128>();
  add_fully_connected<512, 1000>();
  add_fully_connected<1024, 1024, nn::F16Storage, nn::Int8Weights, nn::Int4Weights, nn::BF16>();
  add_fully_connected<4096, 1024, nn::F16Storage, nn::Int8Weights, nn::Int4Weights, nn::BF16>();

  add<nn::Sequential<nn::Linear<1>>, Shape<1>>("fixed_cost_of_run");  // next to nothing but the call

  return run_rows(argc, argv);
}
