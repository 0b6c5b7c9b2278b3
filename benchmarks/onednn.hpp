/// oneDNN, to measure beside: its best algorithm in layouts of its own choice.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

#include <ctnn/ctnn.hpp>

#include "row.hpp"

/// Times one layer; a convolution of one pixel by one is a fully connected layer. The input is reordered before the
/// clock starts.
inline void run_onednn(benchmark::State& state, const ctnn::kernels::Convolution2d& g) {
  using namespace dnnl;
  using Dims = memory::dims;
  const engine cpu{engine::kind::cpu, 0};
  stream on{cpu};
  const auto n = [](std::size_t i) { return static_cast<memory::dim>(i); };
  const auto any = [](const Dims& dims) { return memory::desc{dims, memory::data_type::f32, memory::format_tag::any}; };
  const auto filled = [&](const memory::desc& desc) {
    memory m{desc, cpu};
    fill(static_cast<float*>(m.get_data_handle()), desc.get_size() / sizeof(float));
    return m;
  };
  const auto time = [&](const auto& chosen, const primitive& layer) {
    const std::unordered_map<int, memory> arguments{{DNNL_ARG_SRC, filled(chosen.src_desc())},
                                                    {DNNL_ARG_WEIGHTS, filled(chosen.weights_desc())},
                                                    {DNNL_ARG_BIAS, filled(chosen.bias_desc())},
                                                    {DNNL_ARG_DST, memory{chosen.dst_desc(), cpu}}};
    for (auto _ : state) {
      layer.execute(on, arguments);
      on.wait();
      benchmark::ClobberMemory();
    }
  };
  const auto& w = g.window;
  const auto in = n(g.in.channels), out = n(g.out.channels);
  if (g.in.pixels() == 1) {
    const inner_product_forward::desc layer{prop_kind::forward_inference, any({1, in}), any({out, in}), any({out}),
                                            any({1, out})};
    const inner_product_forward::primitive_desc chosen{layer, cpu};
    time(chosen, inner_product_forward{chosen});
  } else {
    const Dims weights = g.groups == 1
                             ? Dims{out, in, n(w.height), n(w.width)}
                             : Dims{n(g.groups), n(g.group_outputs()), n(g.group_inputs()), n(w.height), n(w.width)};
    const convolution_forward::desc layer{prop_kind::forward_inference,
                                          algorithm::convolution_auto,
                                          any({1, in, n(g.in.height), n(g.in.width)}),
                                          any(weights),
                                          any({out}),
                                          any({1, out, n(g.out.height), n(g.out.width)}),
                                          {n(w.stride_height), n(w.stride_width)},
                                          {n(w.dilation_height) - 1, n(w.dilation_width) - 1},
                                          {n(w.pad_top), n(w.pad_left)},
                                          {n(w.pad_bottom), n(w.pad_right)}};
    const convolution_forward::primitive_desc chosen{layer, cpu};
    time(chosen, convolution_forward{chosen});
  }
}
