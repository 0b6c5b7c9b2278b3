/// Direct convolution: a tile of output pixels x vectors of output channels stays in registers over all taps. Each tap
/// loads the tile's weight vectors and broadcasts one input per pixel. The output is channels-last, the input in any
/// layout.
#pragma once

#include <algorithm>
#include <cstddef>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// The run-time numbers of a tile: one micro-kernel per tile size and epilogue serves every convolution. Distances are
/// in floats.
struct DirectTaps {
  std::size_t rows, columns, channels;              // taps to visit
  std::size_t row_step, column_step, channel_step;  // input, from tap to tap
  std::size_t pixel_step;                           // input, from output pixel to output pixel
  std::size_t output_step;                          // output, from pixel to pixel
  std::size_t next_step;                            // next block's weights, from tap to tap
};

/// How far ahead weights are fetched, in floats: a page, where hardware stops fetching ahead. 3 x 3 windows gain 7 to
/// 12 %, more where weights lie in L3 (512 channels at 7 x 7: 28 %); 1 x 1 over few channels lose 2 to 3 %.
inline constexpr std::size_t weights_ahead = 4096 / sizeof(float);

/// While one block of weights is used, by that many tiles, the next comes from L3 to L2: how far each tap of each tile
/// moves on in it. (1 x 1 of 1024 channels at 7 x 7: 1.2x; whole networks 3 to 5 %.)
template <class Isa>
constexpr std::size_t next_step(std::size_t block, std::size_t tiles) {
  return std::min(Isa::lanes, block / tiles);
}

/// Tiles side by side: y[p][c] = epilogue(bias[c] + sum of x * weight) for Pixels output pixels and `outputs` channels
/// each. weight is (rows, columns, channels, Vectors * lanes), `next` what is fetched for later; the first output goes
/// to `position`.
template <class Isa, std::size_t Pixels, std::size_t Vectors, class Epilogue>
[[gnu::noinline]] void direct_tiles(std::size_t tiles, const float* first_x, const float* weights, const float* next,
                                    const float* bias, float* output, std::size_t position, std::size_t outputs,
                                    const DirectTaps& taps, const Epilogue& epilogue) {
  using V = simd::Vector<float, Isa>;
  for (; tiles > 0; --tiles, first_x += Pixels * taps.pixel_step, position += Pixels * taps.output_step) {
    const float* x = first_x;
    const float* weight = weights;
    V sum[Pixels][Vectors];
    simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      const V start = simd::load<Isa>(bias + v * Isa::lanes);
      simd::unroll<Pixels>([&](auto p) CTNN_INLINE_LAMBDA { sum[p][v] = start; });
    });
    for (std::size_t row = 0; row < taps.rows; ++row, x += taps.row_step) {
      const float* column_x = x;
      for (std::size_t column = 0; column < taps.columns; ++column, column_x += taps.column_step) {
        const float* tap_x = column_x;
        for (std::size_t channel = 0; channel < taps.channels; ++channel, tap_x += taps.channel_step) {
          V w[Vectors];
          simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
            simd::prefetch(weight + v * Isa::lanes + weights_ahead);
            w[v] = simd::load<Isa>(weight + v * Isa::lanes);
          });
          simd::prefetch_far(next);
          weight += Vectors * Isa::lanes;
          next += taps.next_step;
          simd::unroll<Pixels>([&](auto p) CTNN_INLINE_LAMBDA {
            const V input(tap_x[p * taps.pixel_step]);
            simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA { sum[p][v] = simd::fma(input, w[v], sum[p][v]); });
          });
        }
      }
    }
    simd::unroll<Pixels>([&](auto p) CTNN_INLINE_LAMBDA {
      simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
        if (v * Isa::lanes < outputs) {
          const std::size_t n = outputs - v * Isa::lanes;
          const std::size_t at = position + p * taps.output_step + v * Isa::lanes;
          simd::store_up_to<Isa>(output + at, epilogue.template apply<Isa>(sum[p][v], at, n), n);
        }
      });
    });
  }
}

/// Weights of the direct kernel: per group (group outputs / block, KH, KW, IC / groups, block).
template <class Isa, Convolution2d g, Layout out>
struct DirectPacking {
  /// A 1 x 1 convolution without borders is one long row: fewer, fuller tiles.
  static constexpr bool one_row(const Layout& in) {
    return g.window == Window{} && !in.has_border() && !out.has_border();
  }
  static constexpr Tile tile = direct_tile<Isa>(g.group_outputs(), g.out.width);
  static constexpr std::size_t block = tile.vectors * Isa::lanes;
  static constexpr std::size_t group_blocks = blocks(g.group_outputs(), block);
  static constexpr std::size_t weights = g.groups * group_blocks * block * g.taps();
  static constexpr std::size_t biases = g.groups * group_blocks * block;
};

/// Output rows of a convolution: all, or, as not `whole`, any. Left and right padding must be borders of the input's
/// layout; rows outside are skipped.
template <class Isa, Convolution2d g, Layout in, Layout out, bool whole, class Epilogue>
void convolve_direct(const float* x, const float* weight, const float* bias, float* y, const Epilogue& epilogue,
                     Rows rows) {
  using Packing = DirectPacking<Isa, g, out>;
  constexpr Window w = g.window;
  static_assert(in.border_left >= w.pad_left && !out.planar);
  constexpr bool one_row = whole && Packing::one_row(in) && Epilogue::rows_join;
  constexpr std::size_t out_width = one_row ? g.out.pixels() : g.out.width;
  constexpr std::size_t pixels = one_row ? direct_tile<Isa>(g.group_outputs(), out_width).pixels : Packing::tile.pixels;
  constexpr std::size_t vectors = Packing::tile.vectors;
  if (one_row) rows = {0, 1};
  const std::size_t tiles = (rows.last - rows.first) * blocks(out_width, pixels);
  const std::size_t step = next_step<Isa>(Packing::block, tiles);
  // a kernel row is one run of memory where neighbouring taps touch
  constexpr bool merged = !in.planar && w.dilation_width == 1 && g.groups == 1 && (w.width == 1 || in.gap == 0);

  for (std::size_t group = 0; group < g.groups; ++group) {
    for (std::size_t b = 0; b < Packing::group_blocks; ++b) {
      const std::size_t channel = group * g.group_outputs() + b * Packing::block;
      const std::size_t outputs = std::min(Packing::block, g.group_outputs() - b * Packing::block);
      const std::size_t packed_block = group * Packing::group_blocks + b;
      const float* next = weight + (packed_block + 1) * g.taps() * Packing::block;
      for (std::size_t oh = rows.first; oh < rows.last; ++oh) {
        const auto inside = taps_inside(oh, w.stride_height, w.dilation_height, w.height, w.pad_top, g.in.height);
        const DirectTaps taps{
            .rows = inside.last - inside.first,
            .columns = merged ? 1 : w.width,
            .channels = merged ? w.width * g.in.channels : g.group_inputs(),
            .row_step = w.dilation_height * in.row_stride(),
            .column_step = w.dilation_width * in.pixel_stride(),
            .channel_step = in.channel_stride(),
            .pixel_step = w.stride_width * in.pixel_stride(),
            .output_step = out.pixel_stride(),
            .next_step = step,
        };
        const std::size_t ih =
            inside.first < inside.last ? oh * w.stride_height + inside.first * w.dilation_height - w.pad_top : 0;
        const float* row_x = x + in.at(ih, 0, group * g.group_inputs()) - w.pad_left * in.pixel_stride();
        const float* row_weight =
            weight + (packed_block * w.height + inside.first) * w.width * g.group_inputs() * Packing::block;
        const float* block_bias = bias + packed_block * Packing::block;
        const Epilogue row_epilogue = epilogue.at_row(oh);
        const auto run = [&]<std::size_t Pixels>(std::integral_constant<std::size_t, Pixels>, std::size_t ow,
                                                 std::size_t count) {
          direct_tiles<Isa, Pixels, vectors>(count, row_x + ow * taps.pixel_step, row_weight, next, block_bias, y,
                                             out.at(oh, 0, channel) + ow * out.pixel_stride(), outputs, taps,
                                             row_epilogue);
          next += count * g.taps() * taps.next_step;
        };
        run(std::integral_constant<std::size_t, pixels>{}, 0, out_width / pixels);
        if constexpr (out_width % pixels != 0) {
          run(std::integral_constant<std::size_t, out_width % pixels>{}, out_width / pixels * pixels, 1);
        }
      }
    }
  }
}

}  // namespace ctnn::kernels
