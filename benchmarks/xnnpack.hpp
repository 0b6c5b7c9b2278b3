/// XNNPACK, to measure beside: its operators on one thread, channels-last as it has them.
#pragma once

#include <benchmark/benchmark.h>
#include <xnnpack.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "row.hpp"

/// Times one layer; a convolution of one pixel by one is a fully connected layer.
inline void run_xnnpack(benchmark::State& state, const ctnn::kernels::Convolution2d& g) {
  const auto n = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  const auto filled = [](std::size_t size) {
    std::vector<float> numbers(size + XNN_EXTRA_BYTES / sizeof(float));  // it may read so far beyond
    fill(numbers.data(), size);
    return numbers;
  };
  const auto& w = g.window;
  const auto x = filled(g.in.pixels() * g.in.channels), weight = filled(g.out.channels * g.taps());
  const auto bias = filled(g.out.channels);
  auto y = filled(g.out.pixels() * g.out.channels);
  constexpr float infinity = std::numeric_limits<float>::infinity();
  xnn_operator_t layer = nullptr;
  xnn_status status = xnn_initialize(nullptr);
  if (status == xnn_status_success && g.in.pixels() == 1) {
    status = xnn_create_fully_connected_nc_f32(g.in.channels, g.out.channels, g.in.channels, g.out.channels,
                                               weight.data(), bias.data(), -infinity, infinity, 0, &layer);
    if (status == xnn_status_success) status = xnn_setup_fully_connected_nc_f32(layer, 1, x.data(), y.data(), nullptr);
  } else if (status == xnn_status_success) {
    status = xnn_create_convolution2d_nhwc_f32(
        n(w.pad_top), n(w.pad_right), n(w.pad_bottom), n(w.pad_left), n(w.height), n(w.width), n(w.stride_height),
        n(w.stride_width), n(w.dilation_height), n(w.dilation_width), n(g.groups), g.group_inputs(), g.group_outputs(),
        g.in.channels, g.out.channels, weight.data(), bias.data(), -infinity, infinity, 0, &layer);
    if (status == xnn_status_success) {
      status = xnn_setup_convolution2d_nhwc_f32(layer, 1, g.in.height, g.in.width, x.data(), y.data(), nullptr);
    }
  }
  if (status != xnn_status_success) return state.SkipWithError("XNNPACK refuses this layer");
  for (auto _ : state) {
    xnn_run_operator(layer, nullptr);
    benchmark::ClobberMemory();
  }
  xnn_delete_operator(layer);
}
