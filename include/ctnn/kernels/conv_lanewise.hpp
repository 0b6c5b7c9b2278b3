/// Depthwise and narrow grouped convolution: a lane is an output channel and multiplies inputs of its own group only.
/// The inputs of a vector of outputs are one vector; where a group has several channels, an in-lane broadcast hands
/// each of them to all outputs of its group. Input and output are channels-last.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <type_traits>
#include <utility>

#include <ctnn/core/config.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/row_cases.hpp>
#include <ctnn/simd/multiply_add.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Lane l reads input k of its group; of bytes, four inputs.
template <std::size_t GroupInputs, std::size_t GroupOutputs, std::size_t K>
struct GroupBroadcast {
  static constexpr std::size_t index(std::size_t lane) { return lane / GroupOutputs * GroupInputs + K; }
};

/// What a tile knows at compile time; distances in elements. With constant distances every load has its address in the
/// instruction (1.7x on large images over distances in registers).
struct LanewiseTaps {
  Window window;
  std::size_t group_inputs, group_outputs, depth;  // depth: inputs that a lane takes at a time (simd/multiply_add.hpp)
  std::size_t input_height, input_row, input_pixel;
  std::size_t output_row, output_pixel;
};

/// A tile of output rows x pixels, of one vector of channels.
struct LanewiseTile {
  std::size_t rows, pixels;
};

/// The taps along one axis that read position `at` of a tile's input, and the outputs they are for.
template <std::size_t Outputs>
struct AxisUses {
  std::array<std::size_t, Outputs> output{}, tap{};
  std::size_t count = 0;

  constexpr AxisUses(std::size_t at, std::size_t stride, std::size_t dilation, std::size_t taps) {
    for (std::size_t o = 0; o < Outputs; ++o) {
      const std::size_t begin = o * stride;
      if (at < begin || (at - begin) % dilation != 0 || (at - begin) / dilation >= taps) continue;
      output[count] = o;
      tap[count++] = (at - begin) / dilation;
    }
  }
};

/// A tile's numbers. GCC 12 crashes on members of a template argument inside lambdas, and does not see local constants.
template <LanewiseTile tile, LanewiseTaps taps>
struct LanewiseFacts {
  static constexpr Window window = taps.window;
  static constexpr std::size_t rows = tile.rows, pixels = tile.pixels;
  static constexpr std::size_t input_rows = (rows - 1) * window.stride_height + window.span_height();
  static constexpr std::size_t input_columns = (pixels - 1) * window.stride_width + window.span_width();
  static constexpr std::size_t group_inputs = taps.group_inputs, group_steps = group_inputs / taps.depth;
  static constexpr bool depthwise = group_inputs == 1 && taps.group_outputs == 1;
  template <std::size_t k>
  using Broadcast = GroupBroadcast<group_steps, taps.group_outputs, k>;

  template <std::size_t row>
  static constexpr AxisUses<rows> down{row, window.stride_height, window.dilation_height, window.height};
  template <std::size_t column>
  static constexpr AxisUses<pixels> across{column, window.stride_width, window.dilation_width, window.width};
  /// How many outputs need the input at that row and column, and of the i-th of them its accumulator, and its tap among
  /// the row's.
  template <std::size_t row, std::size_t column>
  static constexpr std::size_t use_count = down<row>.count* across<column>.count;
  template <std::size_t row, std::size_t column>
  static constexpr std::size_t accumulator(std::size_t i) {
    return down<row>.output[i / across<column>.count] * pixels + across<column>.output[i % across<column>.count];
  }
  template <std::size_t row, std::size_t column>
  static constexpr std::size_t tap(std::size_t i) {
    return i / across<column>.count * window.width + across<column>.tap[i % across<column>.count];
  }
  /// How many taps a row of the input is for, and where the i-th of them is in the kernel.
  template <std::size_t row>
  static constexpr std::size_t row_taps = down<row>.count* window.width;
  template <std::size_t row>
  static constexpr std::size_t kernel_tap(std::size_t i) {
    return down<row>.tap[i / window.width] * window.width + i % window.width;
  }
};

/// One tile. `x` is the first row of the input at the tile's first column, `top` the row that the tile's first tap
/// reads, which may lie outside; weight is (KH, KW, group inputs / depth, lanes, depth). Every input is loaded once,
/// for all the outputs of the tile that need it. bias(r) is where those of the tile's row r are.
template <class Isa, LanewiseTile tile, LanewiseTaps taps, class T, class W, class Bias, class Epilogue>
CTNN_ALWAYS_INLINE void lanewise_tile(const T* x, std::ptrdiff_t top, const W* weight, const Bias& bias, T* output,
                                      std::size_t row, std::size_t position, std::size_t channel, std::size_t inputs,
                                      std::size_t outputs, const Epilogue& epilogue) {
  using Atom = simd::MultiplyAdd<Isa, T, W>;
  using V = typename Atom::Sum;
  using Facts = LanewiseFacts<tile, taps>;
  V sum[Facts::rows * Facts::pixels];
  simd::unroll<Facts::rows * Facts::pixels>([&](auto p)
                                                CTNN_INLINE_LAMBDA { sum[p] = Atom::start(bias(p / Facts::pixels)); });
  simd::unroll<Facts::input_rows>([&]<std::size_t r>(std::integral_constant<std::size_t, r>) CTNN_INLINE_LAMBDA {
    if constexpr (Facts::template down<r>.count != 0) {
      const std::ptrdiff_t at = top + static_cast<std::ptrdiff_t>(r);
      if (at < 0 || at >= static_cast<std::ptrdiff_t>(taps.input_height)) return;
      const T* from = x + at * static_cast<std::ptrdiff_t>(taps.input_row);
      // Floats: inputs in registers, and the row's weights too where they fit beside the sums. Left to itself, GCC
      // reads one or the other again for every multiply-add, which is more than processors load (AVX-512: 1.3x). Of 16
      // registers too few are left: AVX2 loses 2 % by it.
      constexpr bool registers = Isa::registers == 32 && !std::integral<T>;
      constexpr std::size_t steps = Facts::group_steps;
      constexpr std::size_t row_weights = Facts::template row_taps<r> * steps;
      constexpr bool kept = registers && Facts::rows * Facts::pixels + row_weights + 2 <= Isa::registers;
      const auto read = [&](std::size_t tap, std::size_t k) CTNN_INLINE_LAMBDA {
        return Atom::weights(weight + (Facts::template kernel_tap<r>(tap) * steps + k) * Isa::lanes * Atom::depth);
      };
      V weights[kept ? row_weights : 1];
      if constexpr (kept) {
        simd::unroll<row_weights>(
            [&](auto i) CTNN_INLINE_LAMBDA { weights[i] = simd::in_register(read(i / steps, i % steps)); });
      }
      simd::unroll<Facts::input_columns>([&]<std::size_t c>(std::integral_constant<std::size_t, c>) CTNN_INLINE_LAMBDA {
        if constexpr (Facts::template across<c>.count != 0) {
          constexpr std::size_t uses = Facts::template use_count<r, c>;
          V input = Atom::inputs(from + c * taps.input_pixel, inputs);
          if constexpr (registers) {  // apart from what Clang cannot decide yet: it looks at the call for bytes too
            if constexpr (uses > 1) input = simd::in_register(input);
          }
          simd::unroll<steps>([&]<std::size_t k>(std::integral_constant<std::size_t, k>) CTNN_INLINE_LAMBDA {
            V own = input;
            if constexpr (!Facts::depthwise) own = simd::permute<Isa, typename Facts::template Broadcast<k>>(input);
            simd::unroll<uses>([&]<std::size_t u>(std::integral_constant<std::size_t, u>) CTNN_INLINE_LAMBDA {
              constexpr std::size_t tap = Facts::template tap<r, c>(u);
              V& own_sum = sum[Facts::template accumulator<r, c>(u)];
              if constexpr (kept) {
                own_sum = Atom::add(own, weights[tap * steps + k], own_sum);
              } else {
                own_sum = Atom::add(own, read(tap, k), own_sum);
              }
            });
          });
        }
      });
    }
  });
  simd::unroll<Facts::rows>([&](auto r) CTNN_INLINE_LAMBDA {
    const Epilogue row_epilogue = epilogue.at_row(row + r);
    // of bytes four pixels are packed together
    constexpr std::size_t together = std::integral<T> ? 4 : 1;
    simd::unroll<blocks(Facts::pixels, together)>([&](auto q) CTNN_INLINE_LAMBDA {
      constexpr std::size_t first = q * together, count = std::min(together, Facts::pixels - first);
      const std::size_t at = position + r * taps.output_row + first * taps.output_pixel;
      V own[count];
      simd::unroll<count>([&](auto p) CTNN_INLINE_LAMBDA { own[p] = sum[r * Facts::pixels + first + p]; });
      if constexpr (together == 1) {
        row_epilogue.template store<Isa>(output, at, own[0], channel, outputs);
      } else {
        row_epilogue.template store_apart<Isa>(output, at, taps.output_pixel, own, channel, outputs);
      }
    });
  });
}

/// Floats between pixels that an input wants which lies without: a tile's pixels, where they are multiples of 1 KiB
/// apart, fall into few sets of the first cache, and what comes with them, the next channels, is pushed out before it
/// is read. (512 channels at 14 x 14: 1.7x; 256 with stride 2: 1.4x; 256 with stride 1 nothing.)
constexpr std::size_t lanewise_gap(const Layout& in) {
  return in.pixel_stride() * sizeof(float) % 1024 == 0 ? alignment / sizeof(float) : 0;
}

/// The tile that takes the least time by a model: an input comes from L2 in a cycle, multiply-adds issue at two a
/// cycle, and no output is ready before its chain of multiply-adds, four cycles each. `divides`: without a rest in
/// height and width.
template <class Isa>
constexpr LanewiseTile lanewise_tile_for(const Convolution2d& g, bool divides) {
  // accumulators: beside them a 3x3 kernel's weights and some inputs stay in 32 registers
  constexpr std::size_t most = Isa::registers == 32 ? (Isa::memory_operands ? 16 : 12) : 8;
  const Window& w = g.window;
  LanewiseTile best{1, 1};
  auto least = static_cast<std::size_t>(-1);
  for (std::size_t rows = 1; rows <= std::min<std::size_t>(most, g.out.height); ++rows) {
    for (std::size_t pixels = 1; rows * pixels <= most && pixels <= g.out.width; ++pixels) {
      if (divides && (g.out.height % rows != 0 || g.out.width % pixels != 0)) continue;
      const std::size_t loads =
          ((rows - 1) * w.stride_height + w.span_height()) * ((pixels - 1) * w.stride_width + w.span_width());
      const std::size_t half_cycles = std::max(2 * loads + rows * pixels * g.taps(), 8 * g.taps());
      const std::size_t time = blocks(g.out.height, rows) * blocks(g.out.width, pixels) * half_cycles;
      if (time < least) {
        least = time;
        best = {rows, pixels};
      }
    }
  }
  return best;
}

/// The output rows of tiles that begin at `row`.
template <class Isa, LanewiseTile tile, Convolution2d g, Layout out, LanewiseTaps taps, class T, class W, class B,
          class Epilogue>
[[gnu::noinline]] void lanewise_strip(const T* x, const W* weight, const B* bias, T* y, std::size_t row,
                                      const Epilogue& caller_epilogue) {
  const Epilogue epilogue = caller_epilogue;  // its numbers do not change, whatever is written to bytes
  constexpr std::size_t vector_inputs = Isa::lanes / g.group_outputs() * g.group_inputs();
  constexpr std::size_t whole = g.out.channels / Isa::lanes, rest = g.out.channels % Isa::lanes;
  const std::ptrdiff_t top =
      static_cast<std::ptrdiff_t>(row * g.window.stride_height) - static_cast<std::ptrdiff_t>(g.window.pad_top);
  for (std::size_t column = 0; column < g.out.width; column += tile.pixels) {
    const std::size_t from = std::min(column, g.out.width - tile.pixels);
    const T* tile_x = x + from * g.window.stride_width * taps.input_pixel;
    const std::size_t position = out.at(row, from, 0);
    const auto run = [&](std::size_t b, std::size_t inputs, std::size_t outputs) CTNN_INLINE_LAMBDA {
      const auto row_bias = [&](std::size_t r) CTNN_INLINE_LAMBDA {
        constexpr std::size_t biases = blocks(g.out.channels, Isa::lanes) * Isa::lanes;  // of a row case
        return bias + (std::integral<B> ? row_case<g>(row + r) * biases : 0) + b * Isa::lanes;
      };
      lanewise_tile<Isa, tile, taps>(tile_x + b * vector_inputs, top, weight + b * g.taps() * Isa::lanes, row_bias, y,
                                     row, position + b * Isa::lanes, b * Isa::lanes, inputs, outputs, epilogue);
    };
    // channels innermost: on large images, lines are then read in order (1.3x)
    for (std::size_t b = 0; b < whole; ++b) run(b, vector_inputs, Isa::lanes);
    if constexpr (rest != 0) run(whole, g.in.channels - whole * vector_inputs, rest);
  }
}

/// Output rows of a convolution, at least a tile of them; weights are (OC / lanes, KH, KW, IC / groups / depth, lanes,
/// depth), biases of integers by row case. Left and right padding must be borders of the input's layout; rows outside
/// are skipped.
template <class Isa, Convolution2d g, Layout in, Layout out, class T, class W, class B, class Epilogue>
void convolve_lanewise(const T* x, const W* weight, const B* bias, T* y, const Epilogue& epilogue, Rows rows) {
  static_assert(in.border_left >= g.window.pad_left && !out.planar && !in.planar);
  constexpr LanewiseTaps taps{
      .window = g.window,
      .group_inputs = g.group_inputs(),
      .group_outputs = g.group_outputs(),
      .depth = simd::MultiplyAdd<Isa, T, W>::depth,
      .input_height = g.in.height,
      .input_row = in.row_stride(),
      .input_pixel = in.pixel_stride(),
      .output_row = out.row_stride(),
      .output_pixel = out.pixel_stride(),
  };
  // The last tiles of rows and columns compute some outputs again; a residual may lie where the output does, and must
  // be added once.
  constexpr LanewiseTile tile = lanewise_tile_for<Isa>(g, Epilogue::has_residual);
  x += in.at(0, 0, 0) - g.window.pad_left * in.pixel_stride();
  for (std::size_t row = rows.first; row < rows.last; row += tile.rows) {
    lanewise_strip<Isa, tile, g, out, taps>(x, weight, bias, y, std::min(row, rows.last - tile.rows), epilogue);
  }
}

}  // namespace ctnn::kernels
