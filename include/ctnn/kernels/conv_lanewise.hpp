/// Depthwise and narrow grouped convolution: a lane is an output channel and multiplies inputs of its own group only.
/// The inputs of a vector of outputs are one vector; where a group has several channels, an in-lane broadcast hands
/// each of them to all outputs of its group. Input and output are channels-last.
#pragma once

#include <algorithm>
#include <cstddef>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Lane l reads input k of its group.
template <std::size_t GroupInputs, std::size_t GroupOutputs, std::size_t K>
struct GroupBroadcast {
  static constexpr std::size_t index(std::size_t lane) { return lane / GroupOutputs * GroupInputs + K; }
};

/// What a tile knows at compile time; distances in floats. With constant distances every load has its address in the
/// instruction (1.7x on large images over distances in registers).
struct LanewiseTaps {
  std::size_t width, group_inputs, group_outputs;
  std::size_t row_step, column_step;  // input, from tap to tap
  std::size_t pixel_step;             // input, from output pixel to output pixel
  std::size_t output_step;            // output, from pixel to pixel
};

/// One tile of Pixels output pixels x one vector of channels. weight is (rows, width, group inputs, lanes).
template <class Isa, std::size_t Pixels, LanewiseTaps taps, class Epilogue>
CTNN_ALWAYS_INLINE void lanewise_tile(const float* x, const float* weight, const float* bias, float* output,
                                      std::size_t position, std::size_t rows, std::size_t inputs, std::size_t outputs,
                                      const Epilogue& epilogue) {
  using V = simd::Vector<float, Isa>;
  // numbers by themselves: GCC 12 crashes on members of a constexpr structure inside the lambdas
  constexpr std::size_t group_inputs = taps.group_inputs, group_outputs = taps.group_outputs;
  constexpr std::size_t column_step = taps.column_step, pixel_step = taps.pixel_step, output_step = taps.output_step;
  V sum[Pixels];
  const V start = simd::load<Isa>(bias);
  simd::unroll<Pixels>([&](auto p) CTNN_INLINE_LAMBDA { sum[p] = start; });
  for (std::size_t row = 0; row < rows; ++row, x += taps.row_step) {
    simd::unroll<taps.width>([&](auto column) CTNN_INLINE_LAMBDA {
      V w[group_inputs];
      simd::unroll<group_inputs>([&](auto k) CTNN_INLINE_LAMBDA { w[k] = simd::load<Isa>(weight + k * Isa::lanes); });
      weight += group_inputs * Isa::lanes;
      simd::unroll<Pixels>([&](auto p) CTNN_INLINE_LAMBDA {
        const V input = simd::load_up_to<Isa>(x + column * column_step + p * pixel_step, inputs);
        if constexpr (group_inputs == 1 && group_outputs == 1) {
          sum[p] = simd::fma(input, w[0], sum[p]);
        } else {
          simd::unroll<group_inputs>([&](auto k) CTNN_INLINE_LAMBDA {
            const V own = simd::permute<Isa, GroupBroadcast<group_inputs, group_outputs, k>>(input);
            sum[p] = simd::fma(own, w[k], sum[p]);
          });
        }
      });
    });
  }
  simd::unroll<Pixels>([&](auto p) CTNN_INLINE_LAMBDA {
    const std::size_t at = position + p * output_step;
    simd::store_up_to<Isa>(output + at, epilogue.template apply<Isa>(sum[p], at, outputs), outputs);
  });
}

/// The tiles of one vector of channels, over Width output pixels.
template <class Isa, std::size_t Width, LanewiseTaps taps, class Epilogue>
[[gnu::noinline]] void lanewise_row(const float* x, const float* weight, const float* bias, float* output,
                                    std::size_t position, std::size_t rows, std::size_t inputs, std::size_t outputs,
                                    const Epilogue& epilogue) {
  // enough accumulators to hide the multiply-add's latency (2 ports x 4 cycles), few enough to stay in registers beside
  // the inputs, which take more of them where each is permuted and no operand comes from memory
  constexpr std::size_t most = Isa::registers == 32 && (Isa::memory_operands || taps.group_inputs == 1) ? 14 : 8;
  constexpr std::size_t tiles = (Width + most - 1) / most;
  constexpr std::size_t pixels = (Width + tiles - 1) / tiles;
  // a constant count takes the masks out of the loop for all but the last vector
  const auto tile = [&]<std::size_t Pixels>(std::integral_constant<std::size_t, Pixels>, std::size_t ow, std::size_t in,
                                            std::size_t out) CTNN_INLINE_LAMBDA {
    lanewise_tile<Isa, Pixels, taps>(x + ow * taps.pixel_step, weight, bias, output, position + ow * taps.output_step,
                                     rows, in, out, epilogue);
  };
  const auto tiles_of_row = [&](std::size_t in, std::size_t out) CTNN_INLINE_LAMBDA {
    std::size_t ow = 0;
    for (; ow + pixels <= Width; ow += pixels) tile(std::integral_constant<std::size_t, pixels>{}, ow, in, out);
    if constexpr (Width % pixels != 0) tile(std::integral_constant<std::size_t, Width % pixels>{}, ow, in, out);
  };
  if (inputs >= Isa::lanes && outputs >= Isa::lanes) {
    tiles_of_row(Isa::lanes, Isa::lanes);
  } else {
    tiles_of_row(inputs, outputs);
  }
}

/// The whole convolution; weights are (OC / lanes, KH, KW, IC / groups, lanes). Left and right padding must be borders
/// of the input's layout; rows outside are skipped.
template <class Isa, Convolution2d g, Layout in, Layout out, class Epilogue>
void convolve_lanewise(const float* x, const float* weight, const float* bias, float* y, const Epilogue& epilogue) {
  constexpr Window w = g.window;
  static_assert(in.border_left >= w.pad_left && !out.planar && !in.planar);
  constexpr std::size_t vector_inputs = Isa::lanes / g.group_outputs() * g.group_inputs();
  constexpr std::size_t kernel_row = w.width * g.group_inputs() * Isa::lanes;
  constexpr LanewiseTaps taps{
      .width = w.width,
      .group_inputs = g.group_inputs(),
      .group_outputs = g.group_outputs(),
      .row_step = w.dilation_height * in.row_stride(),
      .column_step = w.dilation_width * in.pixel_stride(),
      .pixel_step = w.stride_width * in.pixel_stride(),
      .output_step = out.pixel_stride(),
  };
  for (std::size_t oh = 0; oh < g.out.height; ++oh) {
    const auto rows = taps_inside(oh, w.stride_height, w.dilation_height, w.height, w.pad_top, g.in.height);
    const std::size_t ih =
        rows.first < rows.last ? oh * w.stride_height + rows.first * w.dilation_height - w.pad_top : 0;
    const float* row_x = x + in.at(ih, 0, 0) - w.pad_left * in.pixel_stride();
    const Epilogue row_epilogue = epilogue.at_row(oh);
    for (std::size_t b = 0; b < blocks(g.out.channels, Isa::lanes); ++b) {
      lanewise_row<Isa, g.out.width, taps>(row_x + b * vector_inputs, weight + (b * w.height + rows.first) * kernel_row,
                                           bias + b * Isa::lanes, y, out.at(oh, 0, b * Isa::lanes),
                                           rows.last - rows.first,
                                           std::min(vector_inputs, g.in.channels - b * vector_inputs),
                                           std::min(Isa::lanes, g.out.channels - b * Isa::lanes), row_epilogue);
    }
  }
}

}  // namespace ctnn::kernels
