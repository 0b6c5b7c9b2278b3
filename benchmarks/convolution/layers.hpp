/// The rows of benchmark_convolution, in any number format.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>
#include <type_traits>

#include <ctnn/ctnn.hpp>

#include "../row.hpp"

#ifdef CTNN_HAVE_ONEDNN
#include "../onednn.hpp"
#endif
#ifdef CTNN_HAVE_XNNPACK
#include "../xnnpack.hpp"
#endif

namespace layers {

namespace nn = ctnn;
using nn::Shape, nn::Kernel, nn::Stride, nn::Padding, nn::Groups, nn::Conv2d, nn::PointwiseConv2d, nn::DepthwiseConv2d;

/// The same layer by the other engines that are installed.
template <nn::NumberFormat N, class Costed>
void add_peers(const std::string& name, const nn::kernels::Convolution2d& g) {
  const auto add = [&](const char* engine, auto run) {
    benchmark::RegisterBenchmark((row_name<N>(name) + engine).c_str(), [g, run](benchmark::State& state) {
      run(state, g);
      report<Costed, N>(state);
    });
  };
#ifdef CTNN_HAVE_ONEDNN
  add("/oneDNN", run_onednn<N>);
#endif
#ifdef CTNN_HAVE_XNNPACK
  add("/XNNPACK", run_xnnpack<typename N::Activation>);
#endif
  static_cast<void>(add);  // where there are none
}

/// Registers a layer; the other engines run the same where it is one convolution. An algorithm that is told is single
/// precision's.
template <nn::NumberFormat N, class Spec, class Input>
void add(const std::string& name) {
  using On = nn::Bound<Spec, Input>;
  const std::string row = row_name<N>(name) + "/ctnn";
  if constexpr (requires { On::geometry; }) {
    if constexpr (nn::Floating<N> || !On::use) {
      constexpr auto algorithm = algorithm_for<On, N>;
      benchmark::RegisterBenchmark(row.c_str(), run_kernel<On, algorithm, N>, nn::kernels::name_of(algorithm));
      add_peers<N, On>(name, On::geometry);
    }
  } else {
    benchmark::RegisterBenchmark(row.c_str(), run_network<nn::Network<Spec, Input, N>>);
  }
}

/// A fully connected layer, in more formats too where they are named.
template <nn::NumberFormat N, std::size_t Inputs, std::size_t Outputs, nn::NumberFormat... More>
void add_fully_connected() {
  using Model = nn::Network<nn::Linear<Outputs>, nn::Shape<Inputs>, N>;
  const std::string name = "FC_" + std::to_string(Inputs) + "_" + std::to_string(Outputs);
  benchmark::RegisterBenchmark((row_name<N>(name) + "/ctnn").c_str(), run_network<Model>);
  (benchmark::RegisterBenchmark((name + "_" + std::string{More::name.view()} + "/ctnn").c_str(),
                                run_network<nn::Network<nn::Linear<Outputs>, nn::Shape<Inputs>, More>>),
   ...);
  add_peers<N, Model>(name, nn::kernels::fully_connected({1, 1, Inputs}, Outputs));
}

template <std::size_t Outputs, std::size_t Size, class... Options>
using Same = nn::Conv2d<Outputs, nn::Kernel<Size>, nn::SamePadding, Options...>;

/// One input, every way to convolve it, and standard convolutions of known networks.
template <nn::NumberFormat N>
void add_standard() {
  // one input, every way to convolve it
  using Input = Shape<28, 28, 128>;
  add<N, Same<128, 3>, Input>("variant/standard_3x3");
  add<N, Same<128, 3, nn::Use<nn::Algorithm::direct>>, Input>("variant/standard_3x3_direct");
  add<N, Same<128, 3, nn::Use<nn::Algorithm::winograd2>>, Input>("variant/standard_3x3_winograd2");
  add<N, Same<128, 3, Groups<4>>, Input>("variant/grouped_3x3_g4");
  add<N, Same<128, 3, Groups<32>>, Input>("variant/grouped_3x3_g32");
  add<N, DepthwiseConv2d<Kernel<3>, Padding<1>>, Input>("variant/depthwise_3x3");
  add<N, PointwiseConv2d<128>, Input>("variant/pointwise");
  add<N, nn::DepthwiseSeparableConv2d<128, Kernel<3>, Padding<1>>, Input>("variant/separable_3x3");

  // layers of known networks: input channels, size -> output channels (S8 and G2 are among the variants)
  add<N, Conv2d<5, Kernel<3>>, Shape<28, 28, 1>>("S1_1x28_5_k3_valid");
  add<N, Conv2d<5, Kernel<3>>, Shape<26, 26, 5>>("S2_5x26_5_k3_valid");
  add<N, Same<16, 3>, Shape<32, 32, 3>>("S3_3x32_16_k3");
  add<N, Same<16, 3>, Shape<32, 32, 16>>("S4_16x32_16_k3");
  add<N, Same<64, 3>, Shape<8, 8, 64>>("S5_64x8_64_k3");
  add<N, Conv2d<32, Kernel<3>, Stride<2>, Padding<1>>, Shape<224, 224, 3>>("S6_3x224_32_k3_s2");
  add<N, Same<64, 3>, Shape<56, 56, 64>>("S7_64x56_64_k3");
  add<N, Same<256, 3>, Shape<14, 14, 256>>("S9_256x14_256_k3");
  add<N, Same<512, 3>, Shape<7, 7, 512>>("S10_512x7_512_k3");
  add<N, Same<64, 5>, Shape<14, 14, 64>>("C1_64x14_64_k5");
  add<N, Same<32, 7>, Shape<28, 28, 32>>("F1_32x28_32_k7");
  add<N, Same<16, 9>, Shape<32, 32, 16>>("F2_16x32_16_k9");
}

/// Pointwise, depthwise and grouped convolutions of known networks, fully connected layers.
template <nn::NumberFormat N>
void add_others() {
  add<N, PointwiseConv2d<64>, Shape<25, 5, 64>>("P1_64x25x5_64");
  add<N, PointwiseConv2d<64>, Shape<112, 112, 32>>("P2_32x112_64");
  add<N, PointwiseConv2d<128>, Shape<28, 28, 128>>("P3_128x28_128");
  add<N, PointwiseConv2d<512>, Shape<14, 14, 512>>("P4_512x14_512");
  add<N, PointwiseConv2d<144>, Shape<56, 56, 24>>("P5_24x56_144");
  add<N, DepthwiseConv2d<Kernel<3>, Padding<1>>, Shape<25, 5, 64>>("D1_64x25x5_k3");
  add<N, DepthwiseConv2d<Kernel<3>, Padding<1>>, Shape<112, 112, 32>>("D2_32x112_k3");
  add<N, DepthwiseConv2d<Kernel<3>, Stride<2>, Padding<1>>, Shape<56, 56, 144>>("D3_144x56_k3_s2");
  add<N, DepthwiseConv2d<Kernel<3>, Padding<1>>, Shape<14, 14, 512>>("D4_512x14_k3");
  add<N, DepthwiseConv2d<Kernel<5>, Padding<2>>, Shape<14, 14, 240>>("D5_240x14_k5");
  add<N, Same<64, 3, Groups<4>>, Shape<56, 56, 64>>("G1_64x56_64_k3_g4");

  add_fully_connected<N, 2880, 128>();
  add_fully_connected<N, 640, 128>();
  add_fully_connected<N, 512, 1000>();
  if constexpr (std::is_same_v<N, nn::F32>) {
    add_fully_connected<N, 1024, 1024, nn::F16Storage, nn::F16, nn::Int8Weights, nn::Int4Weights, nn::BF16>();
  } else {
    add_fully_connected<N, 1024, 1024, nn::W4A8>();
  }

  add<N, nn::Sequential<nn::Linear<1>>, Shape<1>>("fixed_cost_of_run");  // next to nothing but the call
}

}  // namespace layers
