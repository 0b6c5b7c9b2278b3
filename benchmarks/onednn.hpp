/// oneDNN, to measure beside: its best algorithm in layouts of its own choice. Of integers, inputs and outputs are
/// unsigned, which it is faster with, without zero points; weights have a scale per output channel.
#pragma once

#include <benchmark/benchmark.h>

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <oneapi/dnnl/dnnl.hpp>
#include <type_traits>
#include <unordered_map>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "row.hpp"

namespace onednn {

/// Memory of random numbers.
template <class T>
dnnl::memory filled(const dnnl::memory::desc& desc, const dnnl::engine& cpu) {
  dnnl::memory m{desc, cpu};
  fill(static_cast<T*>(m.get_data_handle()), desc.get_size() / sizeof(T));
  return m;
}

}  // namespace onednn

/// Times one layer; a convolution of one pixel by one is a fully connected layer. The input is reordered before the
/// clock starts.
template <ctnn::NumberFormat N>
void run_onednn(benchmark::State& state, const ctnn::kernels::Convolution2d& g) {
  using namespace dnnl;
  using Dims = memory::dims;
  const engine cpu{engine::kind::cpu, 0};
  stream on{cpu};
  const auto n = [](std::size_t i) { return static_cast<memory::dim>(i); };
  constexpr bool integers = ctnn::Quantized<N>;
  using Type = memory::data_type;
  constexpr Type activation = integers ? Type::u8 : Type::f32, weight = integers ? Type::s8 : Type::f32;
  constexpr Type bias = integers ? Type::s32 : Type::f32;
  const auto any = [](const Dims& dims, Type type) { return memory::desc{dims, type, memory::format_tag::any}; };
  using Activation = std::conditional_t<integers, std::uint8_t, float>;
  primitive_attr attributes;
  if constexpr (integers) {  // outputs as wide as inputs
    const float scale = 1 / (integer_deviation * std::sqrt(static_cast<float>(g.taps())));
    attributes.set_output_scales(1 << 1, std::vector<float>(g.out.channels, scale));
  }
  const auto time = [&](const auto& chosen, const primitive& layer) {
    const std::unordered_map<int, memory> arguments{
        {DNNL_ARG_SRC, onednn::filled<Activation>(chosen.src_desc(), cpu)},
        {DNNL_ARG_WEIGHTS, onednn::filled<typename N::Weight>(chosen.weights_desc(), cpu)},
        {DNNL_ARG_BIAS, onednn::filled<typename N::Bias>(chosen.bias_desc(), cpu)},
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
    const inner_product_forward::desc layer{prop_kind::forward_inference, any({1, in}, activation),
                                            any({out, in}, weight), any({out}, bias), any({1, out}, activation)};
    const inner_product_forward::primitive_desc chosen{layer, attributes, cpu};
    time(chosen, inner_product_forward{chosen});
  } else {
    const Dims weights = g.groups == 1
                             ? Dims{out, in, n(w.height), n(w.width)}
                             : Dims{n(g.groups), n(g.group_outputs()), n(g.group_inputs()), n(w.height), n(w.width)};
    const convolution_forward::desc layer{prop_kind::forward_inference,
                                          algorithm::convolution_auto,
                                          any({1, in, n(g.in.height), n(g.in.width)}, activation),
                                          any(weights, weight),
                                          any({out}, bias),
                                          any({1, out, n(g.out.height), n(g.out.width)}, activation),
                                          {n(w.stride_height), n(w.stride_width)},
                                          {n(w.dilation_height) - 1, n(w.dilation_width) - 1},
                                          {n(w.pad_top), n(w.pad_left)},
                                          {n(w.pad_bottom), n(w.pad_right)}};
    const convolution_forward::primitive_desc chosen{layer, attributes, cpu};
    time(chosen, convolution_forward{chosen});
  }
}
