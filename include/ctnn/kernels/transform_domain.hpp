/// Convolution in a transform domain, common to Winograd's algorithms and the Fourier transform: a tile of outputs from
/// fewer products. A block of tiles at a time: transform its inputs into `points` numbers per channel, multiply as many
/// matrices (tiles x input channels) * (input channels x output channels) with the tile of the direct kernel, transform
/// the products into outputs. Input and output are channels-last; padding is handled where the inputs are read, so the
/// input needs no borders.
///
/// A Transform has `tile`, its TransformTile; `side`, the inputs of a tile along an axis; and
///   weight(taps, points)                                     (KH, KW) of one pair of channels to `points` numbers
///   input<Isa>(source, channels, step, transformed)          one tile, step elements from one point to the next
///   output<Isa>(products, step, bias, y, outputs, epilogue)  one tile
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/conv_direct.hpp>
#include <ctnn/kernels/epilogue.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Transformed weights: (OC / block, points, IC / Depth, block, Depth), from natural (OC, IC, KH, KW). `scale(channel)`
/// multiplies a channel's weights. Computed in double, rounded once.
template <class Transform, std::size_t Block, std::size_t Depth, class W, class Scale>
constexpr void pack_transformed(W* packed, const float* source, const Convolution2d& g, Scale scale) {
  constexpr std::size_t points = Transform::tile.points;
  const std::size_t inputs = g.in.channels;
  for (std::size_t channel = 0; channel < g.out.channels; ++channel) {
    const auto factor = static_cast<double>(scale(channel));
    W* block = packed + channel / Block * (points * inputs * Block) + channel % Block * Depth;
    for (std::size_t input = 0; input < inputs; ++input, source += g.window.height * g.window.width) {
      W* to = block + input / Depth * (Block * Depth) + input % Depth;
      std::array<double, points> transformed{};
      Transform::weight(source, transformed);
      for (std::size_t point = 0; point < points; ++point) {
        to[point * inputs * Block] = static_cast<W>(static_cast<float>(factor * transformed[point]));
      }
    }
  }
}

/// Where the inputs of a tile lie: inside the image, or each by its address.
template <class T>
struct TileInside {
  const T* x;
  std::size_t row_stride, pixel_stride;
  [[nodiscard]] CTNN_ALWAYS_INLINE const T* operator()(std::size_t row, std::size_t column) const {
    return x + row * row_stride + column * pixel_stride;
  }
};
template <class T, std::size_t side>
struct TileAtEdge {
  std::array<std::array<const T*, side>, side> x;
  [[nodiscard]] CTNN_ALWAYS_INLINE const T* operator()(std::size_t row, std::size_t column) const {
    return x[row][column];
  }
};

/// The part of an output tile that is inside the output.
struct TileOutputs {
  std::size_t rows, columns, channels;
  std::size_t position, row_stride, pixel_stride;  // of its first element, and steps from there
  std::size_t first_row;                           // that the epilogue knows
};

/// Stores a row of a tile's outputs, from `channel` on. Not unrolled: an epilogue may be long, and the tile in part.
template <class Isa, class T, class Epilogue>
CTNN_ALWAYS_INLINE void store_row(const simd::Vector<T, Isa>* outputs, std::size_t row, std::size_t channel, T* y,
                                  const TileOutputs& tile, const Epilogue& epilogue) {
  const Epilogue row_epilogue = epilogue.at_row(tile.first_row + row);
  const std::size_t n = tile.channels - channel;
  std::size_t at = tile.position + row * tile.row_stride + channel;
  for (std::size_t column = 0; column < tile.columns; ++column, at += tile.pixel_stride) {
    row_epilogue.template store<Isa>(y, at, outputs[column], channel, n);
  }
}

/// The plan of a convolution that is known. (A local constant does not survive GCC 12's generic lambdas.)
template <class Isa, class Transform, Convolution2d g>
inline constexpr TransformPlan transform_plan_of = transform_plan<Isa>(Transform::tile, g);

/// The whole convolution. `scratch` has transform_plan().scratch() elements.
template <class Isa, class Transform, Convolution2d g, Layout in, Layout out, class T, class Epilogue>
void convolve_transformed(const T* x, const T* weight, const float* bias, T* y, T* scratch, const Epilogue& epilogue) {
  static_assert(!in.planar && !out.planar);
  constexpr const TransformPlan& plan = transform_plan_of<Isa, Transform, g>;
  constexpr std::size_t depth = simd::MultiplyAdd<Isa, T, T>::depth;
  constexpr std::size_t side = Transform::side, points = Transform::tile.points;
  constexpr std::size_t vectors = plan.tile.vectors, block = vectors * Isa::lanes, pixels = plan.tile.pixels;
  constexpr std::size_t block_count = blocks(g.out.channels, block);
  constexpr std::size_t last_vectors = blocks(g.out.channels, Isa::lanes) - (block_count - 1) * vectors;
  T* zeros = scratch;
  T* inputs = zeros + plan.zeros;      // (points, tiles, IC)
  T* products = inputs + plan.inputs;  // (points, tiles, block)
  std::fill_n(zeros, plan.zeros, T{});

  for (std::size_t first = 0; first < plan.tiles(); first += plan.block) {
    const std::size_t count = std::min(plan.block, plan.tiles() - first);
    for (std::size_t t = 0; t < count; ++t) {
      // of the tile's first input, moved by the padding
      const std::size_t row = (first + t) / plan.columns * Transform::tile.rows;
      const std::size_t column = (first + t) % plan.columns * Transform::tile.columns;
      constexpr std::size_t top = g.window.pad_top, left = g.window.pad_left;
      T* to = inputs + t * plan.channels;
      if (row >= top && column >= left && row + side <= g.in.height + top && column + side <= g.in.width + left) {
        const TileInside<T> source{x + in.at(row - top, column - left, 0), in.row_stride(), in.pixel_stride()};
        Transform::template input<Isa>(source, g.in.channels, plan.input_step, to);
      } else {
        TileAtEdge<T, side> source;
        for (std::size_t r = 0; r < side; ++r) {
          for (std::size_t c = 0; c < side; ++c) {
            const bool inside =
                row + r >= top && row + r < g.in.height + top && column + c >= left && column + c < g.in.width + left;
            source.x[r][c] = inside ? x + in.at(row + r - top, column + c - left, 0) : zeros;
          }
        }
        Transform::template input<Isa>(source, g.in.channels, plan.input_step, to);
      }
    }
    for (std::size_t b = 0; b < block_count; ++b) {
      const DirectTaps taps{.rows = 1,
                            .columns = 1,
                            .channels = g.in.channels / depth,
                            .row_step = 0,
                            .column_step = 0,
                            .channel_step = depth,
                            .pixel_step = plan.channels,
                            .output_step = block,
                            .next_step = next_step<Isa>(block, blocks(count, pixels)) * depth};
      for (std::size_t point = 0; point < points; ++point) {
        const T* matrix = weight + (b * points + point) * g.in.channels * block;  // (IC, block)
        const auto multiply = [&]<std::size_t Pixels>(std::integral_constant<std::size_t, Pixels>, std::size_t t,
                                                      std::size_t n) {
          const T* next = matrix + g.in.channels * block + taps.channels * (t / pixels * taps.next_step);
          const auto make = [&]<std::size_t Vectors>(std::integral_constant<std::size_t, Vectors>) CTNN_INLINE_LAMBDA {
            direct_tiles<Isa, Pixels, Vectors, vectors, 1>(
                n, inputs + point * plan.input_step + t * plan.channels, matrix, next, zeros, products,
                point * plan.product_step + t * block, 0, std::integral_constant<std::size_t, Vectors * Isa::lanes>{},
                taps, FloatEpilogue<Linear, Addend::nothing, Linear, T>{});
          };
          if constexpr (last_vectors != vectors) {
            if (b + 1 == block_count) return make(std::integral_constant<std::size_t, last_vectors>{});
          }
          make(std::integral_constant<std::size_t, vectors>{});
        };
        const auto multiply_all = [&]<std::size_t Count>(std::integral_constant<std::size_t, Count>) {
          if constexpr (Count >= pixels) multiply(std::integral_constant<std::size_t, pixels>{}, 0, Count / pixels);
          if constexpr (Count % pixels != 0) {
            multiply(std::integral_constant<std::size_t, Count % pixels>{}, Count / pixels * pixels, 1);
          }
        };
        if (count == plan.block) {
          multiply_all(std::integral_constant<std::size_t, plan.block>{});
        } else {
          multiply_all(std::integral_constant<std::size_t, plan.tiles() % plan.block>{});
        }
      }
      for (std::size_t t = 0; t < count; ++t) {
        const std::size_t row = (first + t) / plan.columns * Transform::tile.rows;
        const std::size_t column = (first + t) % plan.columns * Transform::tile.columns;
        const TileOutputs tile{.rows = std::min(Transform::tile.rows, g.out.height - row),
                               .columns = std::min(Transform::tile.columns, g.out.width - column),
                               .channels = std::min(block, g.out.channels - b * block),
                               .position = out.at(row, column, b * block),
                               .row_stride = out.row_stride(),
                               .pixel_stride = out.pixel_stride(),
                               .first_row = row};
        Transform::template output<Isa>(products + t * block, plan.product_step, bias + b * block, y, tile, epilogue);
      }
    }
  }
}

}  // namespace ctnn::kernels
