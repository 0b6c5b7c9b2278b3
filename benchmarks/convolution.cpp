/// Convolution variants: time, FLOPs, GFLOP/s and share of the measured peak; oneDNN's best algorithm beside each where
/// it is installed. Compare within one run:
///   benchmarks/peers.py build/release/benchmarks/benchmark_convolution
/// oneDNN chooses every layout itself. Numbers are random (zeros would flatter).

#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "row.hpp"

#ifdef CTNN_HAVE_ONEDNN
#include <oneapi/dnnl/dnnl.hpp>
#endif

namespace nn = ctnn;

namespace {

#ifdef CTNN_HAVE_ONEDNN
/// One convolution of oneDNN, every layout left to it; its input is reordered before the clock starts.
template <class On>
void run_onednn(benchmark::State& state) {
  constexpr nn::kernels::Convolution2d g = On::geometry;
  using namespace dnnl;
  using Tag = memory::format_tag;
  const engine cpu{engine::kind::cpu, 0};
  stream on{cpu};
  const auto n = [](std::size_t i) { return static_cast<memory::dim>(i); };
  const auto& w = g.window;
  const auto any = [](const memory::dims& dims) { return memory::desc{dims, memory::data_type::f32, Tag::any}; };
  const memory::dims weight_dims =
      g.groups == 1 ? memory::dims{n(g.out.channels), n(g.in.channels), n(w.height), n(w.width)}
                    : memory::dims{n(g.groups), n(g.group_outputs()), n(g.group_inputs()), n(w.height), n(w.width)};
  const convolution_forward::desc description{prop_kind::forward_inference,
                                              algorithm::convolution_auto,
                                              any({1, n(g.in.channels), n(g.in.height), n(g.in.width)}),
                                              any(weight_dims),
                                              any({n(g.out.channels)}),
                                              any({1, n(g.out.channels), n(g.out.height), n(g.out.width)}),
                                              {n(w.stride_height), n(w.stride_width)},
                                              {n(w.dilation_height) - 1, n(w.dilation_width) - 1},
                                              {n(w.pad_top), n(w.pad_left)},
                                              {n(w.pad_bottom), n(w.pad_right)}};
  const convolution_forward::primitive_desc chosen{description, cpu};
  const auto filled = [&](const memory::desc& desc) {
    memory m{desc, cpu};
    fill(static_cast<float*>(m.get_data_handle()), desc.get_size() / sizeof(float));
    return m;
  };
  const std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, filled(chosen.src_desc())},
                                                  {DNNL_ARG_WEIGHTS, filled(chosen.weights_desc())},
                                                  {DNNL_ARG_BIAS, filled(chosen.bias_desc())},
                                                  {DNNL_ARG_DST, memory{chosen.dst_desc(), cpu}}};
  const convolution_forward convolution{chosen};
  for (auto _ : state) {
    convolution.execute(on, arguments);
    on.wait();
    benchmark::ClobberMemory();
  }
  report<On>(state);
}
#endif

/// Registers a layer; oneDNN runs the same where it is one convolution.
template <class Spec, class Input>
void add(const std::string& name) {
  using On = nn::Bound<Spec, Input>;
  if constexpr (requires { On::geometry; }) {
    constexpr auto algorithm = algorithm_for<On>;
    benchmark::RegisterBenchmark((name + "/ctnn").c_str(), run_kernel<On, algorithm>, nn::kernels::name_of(algorithm));
#ifdef CTNN_HAVE_ONEDNN
    benchmark::RegisterBenchmark((name + "/oneDNN").c_str(), run_onednn<On>);
#endif
  } else {
    benchmark::RegisterBenchmark((name + "/ctnn").c_str(), run_network<nn::Network<Spec, Input>>);
  }
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

  return run_rows(argc, argv);
}
