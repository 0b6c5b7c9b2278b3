/// XNNPACK, to measure beside: its operators on one thread, channels-last as it has them.
#pragma once

#include <benchmark/benchmark.h>
#include <xnnpack.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <stdexcept>
#include <type_traits>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "row.hpp"

namespace xnnpack {

inline void check(xnn_status status) {
  if (status != xnn_status_success) throw std::runtime_error{"XNNPACK refuses this layer"};
}

struct Delete {
  void operator()(xnn_operator_t p) const { xnn_delete_operator(p); }
};
using Operator = std::unique_ptr<std::remove_pointer_t<xnn_operator_t>, Delete>;

/// What a function of the API makes of its arguments, with an output of at least `lower`.
inline Operator make(auto create, float lower, auto... arguments) {
  check(xnn_initialize(nullptr));
  xnn_operator_t made = nullptr;
  check(create(arguments..., lower, std::numeric_limits<float>::infinity(), 0, &made));
  return Operator{made};
}

/// Random numbers, and what XNNPACK may read beyond them.
inline std::vector<float> numbers(std::size_t size) {
  std::vector<float> result(size + XNN_EXTRA_BYTES / sizeof(float));
  fill(result.data(), size);
  return result;
}

/// A convolution from x to y with random weights; of one pixel by one, a fully connected layer.
inline Operator linear(const ctnn::kernels::Convolution2d& g, float lower, const float* x, float* y) {
  const auto n = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  const auto& w = g.window;
  const auto weight = numbers(g.out.channels * g.taps()), bias = numbers(g.out.channels);
  if (g.in.pixels() == 1) {
    Operator layer = make(xnn_create_fully_connected_nc_f32, lower, g.in.channels, g.out.channels, g.in.channels,
                          g.out.channels, weight.data(), bias.data());
    check(xnn_setup_fully_connected_nc_f32(layer.get(), 1, x, y, nullptr));
    return layer;
  }
  Operator layer =
      make(xnn_create_convolution2d_nhwc_f32, lower, n(w.pad_top), n(w.pad_right), n(w.pad_bottom), n(w.pad_left),
           n(w.height), n(w.width), n(w.stride_height), n(w.stride_width), n(w.dilation_height), n(w.dilation_width),
           n(g.groups), g.group_inputs(), g.group_outputs(), g.in.channels, g.out.channels, weight.data(), bias.data());
  check(xnn_setup_convolution2d_nhwc_f32(layer.get(), 1, g.in.height, g.in.width, x, y, nullptr));
  return layer;
}

}  // namespace xnnpack

/// Times one layer.
inline void run_xnnpack(benchmark::State& state, const ctnn::kernels::Convolution2d& g) {
  const auto x = xnnpack::numbers(g.in.pixels() * g.in.channels);
  auto y = xnnpack::numbers(g.out.pixels() * g.out.channels);
  const auto layer = xnnpack::linear(g, -std::numeric_limits<float>::infinity(), x.data(), y.data());
  for (auto _ : state) {
    xnn_run_operator(layer.get(), nullptr);
    benchmark::ClobberMemory();
  }
}
