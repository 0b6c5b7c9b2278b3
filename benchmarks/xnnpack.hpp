/// XNNPACK, to measure beside: its operators on one thread, channels-last as it has them, of floats or of signed bytes
/// (weights with a scale per output channel, but where it is fully connected).
#pragma once

#include <benchmark/benchmark.h>
#include <xnnpack.h>

#include <cmath>
#include <concepts>
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

/// No lower bound, and no upper one.
template <class T>
inline constexpr T lowest = std::floating_point<T> ? -std::numeric_limits<T>::infinity()
                                                   : std::numeric_limits<T>::lowest();
template <class T>
inline constexpr T highest = std::floating_point<T> ? std::numeric_limits<T>::infinity()
                                                    : std::numeric_limits<T>::max();

/// What a function of the API makes of its arguments, with an output of at least `lower`.
template <class T>
Operator make(auto create, T lower, auto... arguments) {
  check(xnn_initialize(nullptr));
  xnn_operator_t made = nullptr;
  check(create(arguments..., lower, highest<T>, 0, &made));
  return Operator{made};
}

/// Of integers: every tensor's zero point, and every activation's scale.
inline constexpr std::int8_t zero = 0;
inline constexpr float scale = 1 / integer_deviation;

/// Random numbers, and what XNNPACK may read beyond them.
template <class T>
std::vector<T> numbers(std::size_t size) {
  std::vector<T> result(size + XNN_EXTRA_BYTES / sizeof(T));
  fill(result.data(), size);
  return result;
}

/// A convolution from x to y with random weights; of one pixel by one, a fully connected layer.
template <class T>
Operator linear(const ctnn::kernels::Convolution2d& g, T lower, const T* x, T* y) {
  const auto n = [](std::size_t i) { return static_cast<std::uint32_t>(i); };
  const auto& w = g.window;
  constexpr bool floats = std::floating_point<T>;
  const auto weight = numbers<T>(g.out.channels * g.taps());
  const auto bias = numbers<std::conditional_t<floats, float, std::int32_t>>(g.out.channels);
  // of integers: outputs as wide as inputs
  const std::vector<float> scales(g.out.channels, 1 / (integer_deviation * std::sqrt(static_cast<float>(g.taps()))));
  const std::size_t in = g.in.channels, out = g.out.channels;
  Operator layer;
  if (g.in.pixels() == 1) {
    if constexpr (floats) {
      layer = make(xnn_create_fully_connected_nc_f32, lower, in, out, in, out, weight.data(), bias.data());
      check(xnn_setup_fully_connected_nc_f32(layer.get(), 1, x, y, nullptr));
    } else {
      layer = make(xnn_create_fully_connected_nc_qs8, lower, in, out, in, out, zero, scale, scales[0], weight.data(),
                   bias.data(), zero, scale);
      check(xnn_setup_fully_connected_nc_qs8(layer.get(), 1, x, y, nullptr));
    }
    return layer;
  }
  const auto convolution = [&](auto create, auto... rest) {
    return make(create, lower, n(w.pad_top), n(w.pad_right), n(w.pad_bottom), n(w.pad_left), n(w.height), n(w.width),
                n(w.stride_height), n(w.stride_width), n(w.dilation_height), n(w.dilation_width), n(g.groups),
                g.group_inputs(), g.group_outputs(), in, out, rest...);
  };
  if constexpr (floats) {
    layer = convolution(xnn_create_convolution2d_nhwc_f32, weight.data(), bias.data());
    check(xnn_setup_convolution2d_nhwc_f32(layer.get(), 1, g.in.height, g.in.width, x, y, nullptr));
  } else {
    layer = convolution(xnn_create_convolution2d_nhwc_qc8, zero, scale, scales.data(), weight.data(), bias.data(), zero,
                        scale);
    check(xnn_setup_convolution2d_nhwc_qc8(layer.get(), 1, g.in.height, g.in.width, x, y, nullptr));
  }
  return layer;
}

}  // namespace xnnpack

/// Times one layer.
template <class T>
void run_xnnpack(benchmark::State& state, const ctnn::kernels::Convolution2d& g) {
  const auto x = xnnpack::numbers<T>(g.in.pixels() * g.in.channels);
  auto y = xnnpack::numbers<T>(g.out.pixels() * g.out.channels);
  const auto layer = xnnpack::linear(g, xnnpack::lowest<T>, x.data(), y.data());
  for (auto _ : state) {
    xnn_run_operator(layer.get(), nullptr);
    benchmark::ClobberMemory();
  }
}
