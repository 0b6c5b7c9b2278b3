/// Winograd convolution F(m x m, 3 x 3): a tile of m x m outputs from (m + 2)^2 products per pair of channels instead
/// of 9 m^2: 4 times fewer for m = 4, 2.25 times for m = 2. Lavin and Gray, arXiv 1509.09308.
///
/// A block of tiles at a time: transform its inputs, multiply the (m + 2)^2 matrices (tiles x input channels) * (input
/// channels x output channels) with the tile of the direct kernel, transform the products into outputs. Input and
/// output are channels-last; padding is handled where the inputs are read, so the input needs no borders.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <ctnn/core/config.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/conv_direct.hpp>
#include <ctnn/kernels/epilogue.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// F(m, 3): how m + 2 inputs, 3 weights and m + 2 products are transformed in one dimension.
template <std::size_t m>
struct WinogradTransform;

/// F(2, 3), of the points 0, 1, -1 and infinity.
template <>
struct WinogradTransform<2> {
  static constexpr std::array<std::array<double, 3>, 4> weight{{{1, 0, 0}, {.5, .5, .5}, {.5, -.5, .5}, {0, 0, 1}}};

  template <class V>
  CTNN_ALWAYS_INLINE static void input(const V (&x)[4], V (&y)[4]) {
    y[0] = x[0] - x[2];
    y[1] = x[2] + x[1];
    y[2] = x[2] - x[1];
    y[3] = x[3] - x[1];
  }
  template <class V>
  CTNN_ALWAYS_INLINE static void output(const V (&x)[4], V (&y)[2]) {
    y[0] = x[0] + (x[1] + x[2]);
    y[1] = x[3] + (x[1] - x[2]);
  }
};

/// F(4, 3), of the points 0, p, -p, q, -q and infinity with p = sqrt(1/2), q = sqrt(2): a quarter of the error that the
/// usual 1 and 2 have, as the transforms' numbers are smaller and p q = 1 saves a product.
template <>
struct WinogradTransform<4> {
  static constexpr double p = 0.70710678118654752440, q = 1.41421356237309504880;
  static constexpr double p2 = p * p, q2 = q * q;
  static constexpr auto weight = [] {
    const double at_p = 1 / (2 * p2 * (p2 - q2)), at_q = 1 / (2 * q2 * (q2 - p2));
    return std::array<std::array<double, 3>, 6>{{{1, 0, 0},
                                                 {at_p, at_p * p, at_p * p2},
                                                 {at_p, -at_p * p, at_p * p2},
                                                 {at_q, at_q * q, at_q * q2},
                                                 {at_q, -at_q * q, at_q * q2},
                                                 {0, 0, 1}}};
  }();

  template <class V>
  CTNN_ALWAYS_INLINE static void input(const V (&x)[6], V (&y)[6]) {
    const V vp(static_cast<float>(p)), minus_p(static_cast<float>(-p)), minus_p2(static_cast<float>(-p2));
    const V vq(static_cast<float>(q)), minus_q(static_cast<float>(-q)), minus_q2(static_cast<float>(-q2));
    const V minus_sum(static_cast<float>(-(p2 + q2)));
    const V even_p = simd::fma(minus_q2, x[2], x[4]), odd_p = simd::fma(minus_q2, x[1], x[3]);
    const V even_q = simd::fma(minus_p2, x[2], x[4]), odd_q = simd::fma(minus_p2, x[1], x[3]);
    y[0] = x[0] + simd::fma(minus_sum, x[2], x[4]);
    y[1] = simd::fma(vp, odd_p, even_p);
    y[2] = simd::fma(minus_p, odd_p, even_p);
    y[3] = simd::fma(vq, odd_q, even_q);
    y[4] = simd::fma(minus_q, odd_q, even_q);
    y[5] = x[1] + simd::fma(minus_sum, x[3], x[5]);
  }
  template <class V>
  CTNN_ALWAYS_INLINE static void output(const V (&x)[6], V (&y)[4]) {
    const V vp(static_cast<float>(p)), vp2(static_cast<float>(p2)), vp3(static_cast<float>(p2 * p));
    const V vq(static_cast<float>(q)), vq2(static_cast<float>(q2)), vq3(static_cast<float>(q2 * q));
    const V even_p = x[1] + x[2], odd_p = x[1] - x[2], even_q = x[3] + x[4], odd_q = x[3] - x[4];
    y[0] = x[0] + (even_p + even_q);
    y[1] = simd::fma(vp, odd_p, vq * odd_q);
    y[2] = simd::fma(vp2, even_p, vq2 * even_q);
    y[3] = simd::fma(vp3, odd_p, simd::fma(vq3, odd_q, x[5]));
  }
};

/// How a Winograd convolution is divided, and where its scratch memory has what. Distances are in floats.
struct WinogradPlan {
  std::size_t rows = 0, columns = 0;  // tiles of the output, the last ones perhaps in part
  std::size_t block = 0;              // tiles transformed and multiplied together
  Tile tile{};                        // registers of the products
  std::size_t channels = 0;           // input channels, padded to whole vectors
  // from one of the (m + 2)^2 matrices to the next
  std::size_t input_step = 0, product_step = 0;
  // scratch: zeros, then the transformed inputs, then the products of one block of output channels
  std::size_t zeros = 0, inputs = 0, products = 0;

  [[nodiscard]] constexpr std::size_t tiles() const { return rows * columns; }
  [[nodiscard]] constexpr std::size_t scratch() const { return zeros + inputs + products; }
};

/// The plan of F(m x m, 3 x 3) for a convolution.
template <class Isa>
constexpr WinogradPlan winograd_plan(std::size_t m, const Convolution2d& g) {
  constexpr std::size_t kib = 1024 / sizeof(float);
  // Matrices a power of two apart would fall into the same few sets of the cache: a line more between them.
  constexpr std::size_t line = alignment / sizeof(float);
  const std::size_t points = (m + 2) * (m + 2);
  WinogradPlan plan{.rows = (g.out.height + m - 1) / m, .columns = (g.out.width + m - 1) / m};
  plan.channels = blocks(g.in.channels, Isa::lanes) * Isa::lanes;
  // All weights are read once for every block of tiles. As long as they lie in L2 (from 1 MiB on), blocks that leave
  // most of it to them are as good as any: 128 KiB of scratch. Beyond, blocks are as large as L2 takes them, and where
  // one vector of channels holds all tiles in registers, each weight is read once in all.
  const bool in_cache = points * g.in.channels * g.out.channels <= 1024 * kib;
  const std::size_t most_scratch = (in_cache ? 128 : 1024) * kib;
  const bool one_vector = !in_cache && plan.tiles() <= tile_columns<Isa>(1);
  const std::size_t channels = one_vector ? Isa::lanes : g.out.channels;
  const std::size_t block = direct_tile<Isa>(channels, tile_columns<Isa>(1)).vectors * Isa::lanes;
  const std::size_t most_tiles = std::max<std::size_t>(most_scratch / points / (plan.channels + block), 1);
  plan.block = blocks(plan.tiles(), blocks(plan.tiles(), most_tiles));  // equal parts
  plan.tile = direct_tile<Isa>(channels, plan.block);
  plan.zeros = std::max(plan.channels, block);
  plan.input_step = plan.block * plan.channels + line;
  plan.product_step = plan.block * block + line;
  plan.inputs = points * plan.input_step;
  plan.products = points * plan.product_step;
  return plan;
}

/// Transformed weights: (OC / block, (m + 2)^2, IC, block), from natural (OC, IC, 3, 3). `scale(channel)` multiplies a
/// channel's weights. Computed in double, rounded once.
template <std::size_t m, std::size_t Block, class W, class Scale>
constexpr void pack_winograd(W* packed, const W* source, std::size_t outputs, std::size_t inputs, Scale scale) {
  constexpr std::size_t side = m + 2;
  constexpr auto& transform = WinogradTransform<m>::weight;
  for (std::size_t channel = 0; channel < outputs; ++channel) {
    const auto factor = static_cast<double>(scale(channel));
    W* of_channel = packed + channel / Block * (side * side * inputs * Block) + channel % Block;
    for (std::size_t input = 0; input < inputs; ++input, source += 9) {
      double half[side][3] = {};  // (m + 2, KW)
      for (std::size_t i = 0; i < side; ++i) {
        for (std::size_t t = 0; t < 9; ++t) half[i][t % 3] += transform[i][t / 3] * static_cast<double>(source[t]);
      }
      for (std::size_t i = 0; i < side; ++i) {
        for (std::size_t j = 0; j < side; ++j) {
          double sum = 0.0;
          for (std::size_t k = 0; k < 3; ++k) sum += half[i][k] * transform[j][k];
          of_channel[((i * side + j) * inputs + input) * Block] = static_cast<W>(factor * sum);
        }
      }
    }
  }
}

/// Where the inputs of a tile lie: inside the image, or each by its address.
struct WinogradInside {
  const float* x;
  std::size_t row_stride, pixel_stride;
  [[nodiscard]] CTNN_ALWAYS_INLINE const float* operator()(std::size_t row, std::size_t column) const {
    return x + row * row_stride + column * pixel_stride;
  }
};
template <std::size_t side>
struct WinogradEdge {
  std::array<std::array<const float*, side>, side> x;
  [[nodiscard]] CTNN_ALWAYS_INLINE const float* operator()(std::size_t row, std::size_t column) const {
    return x[row][column];
  }
};

/// Transforms the inputs of one tile: `channels` of them, `matrix_step` from one matrix to the next.
template <class Isa, std::size_t m, class Source>
[[gnu::noinline]] void winograd_input(const Source& source, std::size_t channels, std::size_t matrix_step,
                                      float* transformed) {
  using V = simd::Vector<float, Isa>;
  constexpr std::size_t side = m + 2;
  for (std::size_t channel = 0; channel < channels; channel += Isa::lanes) {
    const std::size_t n = channels - channel;
    V half[side][side];
    simd::unroll<side>([&](auto column) CTNN_INLINE_LAMBDA {
      V x[side], y[side];
      simd::unroll<side>([&](auto row)
                             CTNN_INLINE_LAMBDA { x[row] = simd::load_up_to<Isa>(source(row, column) + channel, n); });
      WinogradTransform<m>::input(x, y);
      simd::unroll<side>([&](auto row) CTNN_INLINE_LAMBDA { half[row][column] = y[row]; });
    });
    float* to = transformed + channel;
    simd::unroll<side>([&](auto row) CTNN_INLINE_LAMBDA {
      V y[side];
      WinogradTransform<m>::input(half[row], y);
      simd::unroll<side>([&](auto column)
                             CTNN_INLINE_LAMBDA { simd::store<Isa>(to + column * matrix_step, y[column]); });
      to += side * matrix_step;
    });
  }
}

/// The part of an output tile that is inside the output.
struct WinogradOutput {
  std::size_t rows, columns, channels;
  std::size_t position, row_stride, pixel_stride;  // of its first element, and steps from there
  std::size_t first_row;                           // that the epilogue knows
};

/// Transforms the products of one tile into outputs.
template <class Isa, std::size_t m, class Epilogue>
[[gnu::noinline]] void winograd_output(const float* products, std::size_t matrix_step, const float* bias, float* y,
                                       const WinogradOutput& tile, const Epilogue& epilogue) {
  using V = simd::Vector<float, Isa>;
  constexpr std::size_t side = m + 2;
  for (std::size_t channel = 0; channel < tile.channels; channel += Isa::lanes) {
    const std::size_t n = tile.channels - channel;
    V half[m][side];
    simd::unroll<side>([&](auto column) CTNN_INLINE_LAMBDA {
      V x[side], sums[m];
      simd::unroll<side>([&](auto row) CTNN_INLINE_LAMBDA {
        x[row] = simd::load<Isa>(products + channel + (row * side + column) * matrix_step);
      });
      WinogradTransform<m>::output(x, sums);
      simd::unroll<m>([&](auto row) CTNN_INLINE_LAMBDA { half[row][column] = sums[row]; });
    });
    const V start = simd::load<Isa>(bias + channel);
    V outputs[m][m];
    simd::unroll<m>([&](auto row) CTNN_INLINE_LAMBDA {
      WinogradTransform<m>::output(half[row], outputs[row]);
      simd::unroll<m>([&](auto column) CTNN_INLINE_LAMBDA { outputs[row][column] = outputs[row][column] + start; });
    });
    // not unrolled: an epilogue may be long, and the tile in part
    for (std::size_t row = 0; row < tile.rows; ++row) {
      const Epilogue row_epilogue = epilogue.at_row(tile.first_row + row);
      std::size_t at = tile.position + row * tile.row_stride + channel;
      for (std::size_t column = 0; column < tile.columns; ++column, at += tile.pixel_stride) {
        simd::store_up_to<Isa>(y + at, row_epilogue.template apply<Isa>(outputs[row][column], at, n), n);
      }
    }
  }
}

/// The plan of a convolution that is known. (A local constant does not survive GCC 12's generic lambdas.)
template <class Isa, std::size_t m, Convolution2d g>
inline constexpr WinogradPlan winograd_plan_of = winograd_plan<Isa>(m, g);

/// The whole convolution. `scratch` has winograd_plan().scratch() floats.
template <class Isa, std::size_t m, Convolution2d g, Layout in, Layout out, class Epilogue>
void convolve_winograd(const float* x, const float* weight, const float* bias, float* y, float* scratch,
                       const Epilogue& epilogue) {
  static_assert(winograd_can(g) && !in.planar && !out.planar);
  constexpr const WinogradPlan& plan = winograd_plan_of<Isa, m, g>;
  constexpr std::size_t side = m + 2, points = side * side;
  constexpr std::size_t vectors = plan.tile.vectors, block = vectors * Isa::lanes, pixels = plan.tile.pixels;
  float* zeros = scratch;
  float* inputs = zeros + plan.zeros;      // (points, tiles, IC)
  float* products = inputs + plan.inputs;  // (points, tiles, block)
  std::fill_n(zeros, plan.zeros, 0.0F);

  for (std::size_t first = 0; first < plan.tiles(); first += plan.block) {
    const std::size_t count = std::min(plan.block, plan.tiles() - first);
    for (std::size_t t = 0; t < count; ++t) {
      // of the tile's first input, moved by the padding
      const std::size_t row = (first + t) / plan.columns * m, column = (first + t) % plan.columns * m;
      constexpr std::size_t top = g.window.pad_top, left = g.window.pad_left;
      float* to = inputs + t * plan.channels;
      if (row >= top && column >= left && row + side <= g.in.height + top && column + side <= g.in.width + left) {
        const WinogradInside source{x + in.at(row - top, column - left, 0), in.row_stride(), in.pixel_stride()};
        winograd_input<Isa, m>(source, g.in.channels, plan.input_step, to);
      } else {
        WinogradEdge<side> source;
        for (std::size_t r = 0; r < side; ++r) {
          for (std::size_t c = 0; c < side; ++c) {
            const bool inside =
                row + r >= top && row + r < g.in.height + top && column + c >= left && column + c < g.in.width + left;
            source.x[r][c] = inside ? x + in.at(row + r - top, column + c - left, 0) : zeros;
          }
        }
        winograd_input<Isa, m>(source, g.in.channels, plan.input_step, to);
      }
    }
    for (std::size_t b = 0; b < blocks(g.out.channels, block); ++b) {
      const DirectTaps taps{.rows = 1,
                            .columns = 1,
                            .channels = g.in.channels,
                            .row_step = 0,
                            .column_step = 0,
                            .channel_step = 1,
                            .pixel_step = plan.channels,
                            .output_step = block,
                            .next_step = next_step<Isa>(block, blocks(count, pixels))};
      for (std::size_t point = 0; point < points; ++point) {
        const float* matrix = weight + (b * points + point) * g.in.channels * block;  // (IC, block)
        const auto multiply = [&]<std::size_t Pixels>(std::integral_constant<std::size_t, Pixels>, std::size_t t) {
          const float* next = matrix + g.in.channels * (block + t / pixels * taps.next_step);
          direct_tile<Isa, Pixels, vectors>(inputs + point * plan.input_step + t * plan.channels, matrix, next, zeros,
                                            products, point * plan.product_step + t * block, block, taps,
                                            FloatEpilogue<>{});
        };
        const auto multiply_all = [&]<std::size_t Count>(std::integral_constant<std::size_t, Count>) {
          std::size_t t = 0;
          for (; t + pixels <= Count; t += pixels) multiply(std::integral_constant<std::size_t, pixels>{}, t);
          if constexpr (Count % pixels != 0) multiply(std::integral_constant<std::size_t, Count % pixels>{}, t);
        };
        if (count == plan.block) {
          multiply_all(std::integral_constant<std::size_t, plan.block>{});
        } else {
          multiply_all(std::integral_constant<std::size_t, plan.tiles() % plan.block>{});
        }
      }
      for (std::size_t t = 0; t < count; ++t) {
        const std::size_t row = (first + t) / plan.columns * m, column = (first + t) % plan.columns * m;
        const WinogradOutput tile{.rows = std::min(m, g.out.height - row),
                                  .columns = std::min(m, g.out.width - column),
                                  .channels = std::min(block, g.out.channels - b * block),
                                  .position = out.at(row, column, b * block),
                                  .row_stride = out.row_stride(),
                                  .pixel_stride = out.pixel_stride(),
                                  .first_row = row};
        winograd_output<Isa, m>(products + t * block, plan.product_step, bias + b * block, y, tile, epilogue);
      }
    }
  }
}

}  // namespace ctnn::kernels
