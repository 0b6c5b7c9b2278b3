/// Convolution by products of tiles: 16 neighbouring outputs' inputs (16 rows of up to 64 bytes, as far apart as the
/// windows are) times the weights of 16 output channels, added to 16 x 16 sums. While a block of tiles is multiplied,
/// the last one's sums become outputs.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/row_cases.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/simd/tiles.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Which outputs and inputs a tile holds. Rows of tiles are outputs: of one row of the image, or, as `one_row`, of the
/// image, whatever borders the output has.
template <Convolution2d g, Layout in, Layout out, bool rows_join, std::size_t element_bytes>
struct TilePlan {
  static constexpr Window w = g.window;
  static constexpr bool one_row = rows_join && w == Window{} && !in.has_border();
  static constexpr std::size_t rows = one_row ? 1 : g.out.height, width = one_row ? g.out.pixels() : g.out.width;
  static constexpr TileRun run = tile_run(g, in.gap, element_bytes);
  static constexpr std::size_t blocks_of_group = blocks(g.group_outputs(), tile_lanes);
  static constexpr std::size_t block_weights = w.height * run.row_taps() * tile_lanes;

  static constexpr std::size_t pixels = tile_pixels(width, rows);
  static constexpr std::size_t tiles_of_row = blocks(width, pixels), tiles = rows * tiles_of_row;

  /// Of the output: pixels that lie side by side, elements from one to the next, and those between two rows.
  static constexpr std::size_t joined = out.has_border() ? g.out.width : width, pixel_step = out.pixel_stride();
  static constexpr std::size_t between_rows = (out.border_left + out.border_right) * pixel_step;
};

/// The sums of a block of Rows x Columns tiles on their way to the output, some pixels at a time.
template <class Isa, class Atom, class Plan, std::size_t Rows, std::size_t Columns, class B, class Y, class Epilogue>
struct TileSums {
  static constexpr std::size_t together = 4 / Columns;  // pixels that are stored together: four vectors
  alignas(alignment) std::array<B, Rows * 16 * Columns * tile_lanes> sums;  // (Rows, pixels, Columns, lanes)
  std::array<std::size_t, Rows> row{}, first{}, column{}, position{};       // of each tile, from pixel `first` on
  std::array<const B*, Rows> bias{};
  std::size_t count = 0, channel = 0, outputs = 0;
  std::size_t tile = 0, pixel = 0, at = 0, joined = 0;  // the next; pixels that are left where it lies

  CTNN_ALWAYS_INLINE B* of(std::size_t t, std::size_t p) { return sums.data() + (t * 16 + p) * Columns * tile_lanes; }
  [[nodiscard]] CTNN_ALWAYS_INLINE bool done() const { return tile >= count; }
  CTNN_ALWAYS_INLINE void begin(std::size_t number) {
    tile = number;
    if (done()) return;
    pixel = first[tile], at = position[tile], joined = Plan::joined - column[tile];
  }

  template <std::size_t Pixels>
  CTNN_ALWAYS_INLINE void store(Y* y, const Epilogue& epilogue) {
    typename Atom::Sum all[Pixels * Columns];
    const B* from = of(tile, pixel);
    simd::unroll<Pixels * Columns>([&](auto v) CTNN_INLINE_LAMBDA {
      all[v] = Atom::start(from + v * tile_lanes) + Atom::start(bias[tile] + v % Columns * tile_lanes);
    });
    epilogue.at_row(row[tile]).template store_apart<Isa, Columns>(y, at, Plan::pixel_step, all, channel, outputs);
    pixel += Pixels, at += Pixels * Plan::pixel_step, joined -= Pixels;
  }
  /// The next few pixels.
  CTNN_ALWAYS_INLINE void store_some(Y* y, const Epilogue& epilogue) {
    if (done()) return;
    if (pixel + together <= Plan::pixels && joined >= together) {
      store<together>(y, epilogue);
    } else {
      store<1>(y, epilogue);
    }
    if (joined == 0) at += Plan::between_rows, joined = Plan::joined;
    if (pixel == Plan::pixels) begin(tile + 1);
  }
};

/// All blocks of Rows x Columns tiles of outputs: those whose first channel's block is first_block, first_block +
/// Columns and so on in every group, as long as they are whole.
template <class Isa, Convolution2d g, Layout in, Layout out, std::size_t Rows, std::size_t Columns,
          std::size_t first_block, class Tiles, class T, class W, class B, class Y, class Epilogue>
CTNN_ALWAYS_INLINE void multiply_tiles(Tiles& tiles, const T* x, const W* weight, const B* bias, Y* y,
                                       const Epilogue& epilogue) {
  using Plan = TilePlan<g, in, out, Epilogue::rows_join, sizeof(T)>;
  using Atom = simd::MultiplyAdd<Isa, T, W>;
  constexpr Window w = g.window;
  constexpr TileRun run = Plan::run;
  constexpr std::size_t units_of_group = (Plan::blocks_of_group - first_block) / Columns;
  constexpr std::size_t units = g.groups * units_of_group, steps_of_row = blocks(Plan::tiles, Rows);
  constexpr std::size_t pixel_bytes = w.stride_width * in.pixel_stride() * sizeof(T);
  // of a block's stores, in each of its steps
  constexpr std::size_t stores = blocks(Rows * blocks(Plan::pixels, 4 / Columns), w.height * run.runs * run.steps);

  TileSums<Isa, Atom, Plan, Rows, Columns, B, Y, Epilogue> last;
  const auto store_some = [&]() CTNN_INLINE_LAMBDA { last.store_some(y, epilogue); };
  // Of 1 x 1 windows, weights that leave L2 to the rest are used for one block of pixels after the other, which stays
  // in L1 (512 channels at 14 x 14: 1.15x); larger ones, and those of windows, once for all pixels.
  constexpr std::size_t half_of_l2 = std::size_t{512} * 1024;
  constexpr bool weights_inside = w == Window{} && units * Columns * Plan::block_weights * sizeof(W) <= half_of_l2;
  // While a unit's weights are used, the next one's come from L3 to L2, a share in every step. (512 channels at 7 x 7:
  // 1.1x.)
  constexpr bool fetches = !weights_inside && units * Columns * Plan::block_weights * sizeof(W) > half_of_l2;
  constexpr std::size_t lines_ahead =
      fetches ? blocks(Columns * run.step * tile_lanes * sizeof(W) / alignment, steps_of_row) : 0;
  const W* next = weight;
  for (std::size_t i = 0; i < units * steps_of_row; ++i) {
    const std::size_t unit = weights_inside ? i % units : i / steps_of_row;
    const std::size_t first_tile = (weights_inside ? i / units : i % steps_of_row) * Rows;
    const std::size_t group = unit / units_of_group, block = first_block + unit % units_of_group * Columns;
    const std::size_t count = std::min(Rows, Plan::tiles - first_tile);

    const W* const unit_weight = weight + (group * Plan::blocks_of_group + block) * Plan::block_weights;
    std::array<TapRange, Rows> inside{};
    std::array<std::ptrdiff_t, Rows> at{};  // of kernel row 0
    std::array<std::size_t, Rows> oh{}, ow{};
    TapRange some{w.height, 0}, all{0, count < Rows ? 0 : w.height};
    for (std::size_t a = 0; a < count; ++a) {
      oh[a] = (first_tile + a) / Plan::tiles_of_row;
      // the last of a row ends where the row does
      ow[a] = std::min((first_tile + a) % Plan::tiles_of_row * Plan::pixels, Plan::width - Plan::pixels);
      inside[a] = taps_inside(oh[a], w.stride_height, w.dilation_height, w.height, w.pad_top, g.in.height);
      at[a] = (static_cast<std::ptrdiff_t>(oh[a] * w.stride_height) - static_cast<std::ptrdiff_t>(w.pad_top)) *
                  static_cast<std::ptrdiff_t>(in.row_stride()) +
              static_cast<std::ptrdiff_t>((in.border_left - w.pad_left + ow[a] * w.stride_width) * in.pixel_stride() +
                                          group * g.group_inputs());
      some = {std::min(some.first, inside[a].first), std::max(some.last, inside[a].last)};
      all = {std::max(all.first, inside[a].first), std::min(all.last, inside[a].last)};
    }
    // (Loading biases would take time from products: vectors add them. 3 x 3 of 64 channels 1.03x.)
    simd::unroll<Rows * Columns>([&](auto t) CTNN_INLINE_LAMBDA { tiles.template zero<t>(); });
    if (first_tile == 0) next = unit_weight + Columns * Plan::block_weights;
    for (std::size_t kh = some.first; kh < some.last; ++kh) {
      const W* row_weight = unit_weight + kh * run.row_taps() * tile_lanes;
      const T* const row_x = x + static_cast<std::ptrdiff_t>(kh * w.dilation_height * in.row_stride());
      const bool whole = kh >= all.first && kh < all.last;
      const auto load_weights = [&]<std::size_t c>(std::integral_constant<std::size_t, c>) CTNN_INLINE_LAMBDA {
        tiles.template load<8 - Columns + c>(row_weight + c * Plan::block_weights, 64);
      };
      for (std::size_t column = 0; column < run.runs; ++column) {
        const T* column_x = row_x + column * w.dilation_width * in.pixel_stride();
        for (std::size_t s = 0; s < run.steps; ++s, column_x += run.step, row_weight += run.step * tile_lanes) {
          if (whole) {
            // One weight tile after the other: a change of weights takes 16 cycles, a product as many as it has rows,
            // at least 9; as much as a load.
            simd::unroll<Columns>([&](auto c) CTNN_INLINE_LAMBDA {
              load_weights(c);
              simd::unroll<Rows>([&](auto a) CTNN_INLINE_LAMBDA {
                constexpr std::size_t input = 4 + a % 2;
                if (c == 0) tiles.template load<input>(column_x + at[a], pixel_bytes);
                tiles.template add_product<a * Columns + c, input, 8 - Columns + c>();
              });
            });
          } else {
            simd::unroll<Columns>([&](auto c) CTNN_INLINE_LAMBDA { load_weights(c); });
            simd::unroll<Rows>([&](auto a) CTNN_INLINE_LAMBDA {
              if (kh >= inside[a].first && kh < inside[a].last) {
                tiles.template load<4>(column_x + at[a], pixel_bytes);
                simd::unroll<Columns>([&](auto c) CTNN_INLINE_LAMBDA {
                  tiles.template add_product<a * Columns + c, 4, 8 - Columns + c>();
                });
              }
            });
          }
          for (std::size_t line = 0; line < lines_ahead; ++line, next += alignment / sizeof(W)) {
            simd::prefetch_far(next);
          }
          for (std::size_t n = 0; n < stores; ++n) store_some();
        }
      }
    }
    while (!last.done()) store_some();
    last.channel = group * g.group_outputs() + block * tile_lanes;
    last.outputs = std::min(Columns * tile_lanes, g.group_outputs() - block * tile_lanes);
    simd::unroll<Rows>([&](auto a) CTNN_INLINE_LAMBDA {
      if (a < count) {
        simd::unroll<Columns>([&](auto c) CTNN_INLINE_LAMBDA {
          tiles.template store<a * Columns + c>(last.of(a, 0) + c * tile_lanes, Columns * tile_lanes * sizeof(B));
        });
        const std::size_t begin = (first_tile + a) % Plan::tiles_of_row * Plan::pixels;  // what is new
        last.first[a] = begin - ow[a], last.column[a] = begin % Plan::joined;
        last.bias[a] = bias + (group * Plan::blocks_of_group + block) * tile_lanes;
        if constexpr (std::integral<T>) {
          last.bias[a] += row_case<g>(oh[a]) * (g.groups * Plan::blocks_of_group * tile_lanes);
        }
        last.row[a] = oh[a] + begin / Plan::joined;
        last.position[a] = out.at(last.row[a], last.column[a], last.channel);
      }
    });
    last.count = count;
    last.begin(0);
  }
  while (!last.done()) store_some();
}

/// Bytes that unpack_for_tiles writes.
constexpr std::size_t unpacked_tiles(const Convolution2d& g, const Layout& in) {
  return blocks(g.out.channels, tile_lanes) * tile_lanes * g.window.height * tile_run(g, in.gap, 1).row_taps();
}
/// The weights of a dense convolution in words, whose taps have nothing between, as tiles take them.
template <class Isa, Convolution2d g, Layout in, class Word>
void unpack_for_tiles(const Word* words, std::int8_t* weight) {
  constexpr TileRun run = tile_run(g, in.gap, 1);
  constexpr std::size_t vectors = tile_lanes / Isa::lanes;
  static_assert(run.run % numeric::word_depth<Word> == 0);
  for (std::size_t block = 0; block < blocks(g.out.channels, tile_lanes); ++block) {
    auto position = simd::block_of_weights<Isa, vectors>(words, block, g.taps());
    for (; position.tap < g.taps(); position.tap += run.run) {
      simd::unpack(position, position.tap + run.run, weight);
      std::fill_n(weight + run.run * tile_lanes, (run.padded_run() - run.run) * tile_lanes, std::int8_t{});
      weight += run.padded_run() * tile_lanes;
    }
  }
}

/// A whole convolution. Weights are (groups, group outputs / 16, KH, runs, steps, step / depth, 16, depth), depth the
/// elements in four bytes; biases of integers by row case. Left and right padding must be borders of the input's
/// layout; rows outside are skipped.
template <class Isa, class Tiles, Convolution2d g, Layout in, Layout out, class T, class W, class B, class Y,
          class Epilogue>
[[gnu::noinline]] void convolve_by(const T* x, const W* weight, const B* bias, Y* y, const Epilogue& caller_epilogue) {
  using Plan = TilePlan<g, in, out, Epilogue::rows_join, sizeof(T)>;
  static_assert(in.border_left >= g.window.pad_left && !in.planar && !out.planar);
  // what fills a run up may be not a number
  static_assert(std::integral<T> || (g.group_inputs() % 2 == 0 && Plan::run.padded_run() == Plan::run.run));
  const Epilogue epilogue = caller_epilogue;  // its numbers do not change, whatever is written to bytes
  Tiles tiles(Plan::pixels, Plan::run.step * sizeof(T));
  // Products of few rows take less time than their weights from L2, which are then used for four tiles at a time, not
  // two. (3 x 3 of 512 channels at 7 x 7: 1.08x, from 256 at 14 x 14 by two: 1.2x.)
  constexpr std::size_t of_l1 = std::size_t{32} * 1024;
  constexpr bool few_rows = Plan::pixels <= 8 && Plan::tiles > 2 && 2 * Plan::block_weights * sizeof(W) > of_l1;
  constexpr std::size_t pairs = few_rows ? 0 : Plan::blocks_of_group / 2;
  if constexpr (pairs != 0) {
    multiply_tiles<Isa, g, in, out, 2, 2, 0>(tiles, x, weight, bias, y, epilogue);
  }
  if constexpr (2 * pairs != Plan::blocks_of_group) {
    multiply_tiles<Isa, g, in, out, 4, 1, 2 * pairs>(tiles, x, weight, bias, y, epilogue);
  }
}
template <class Isa, Convolution2d g, Layout in, Layout out, class T, class W, class B, class Y, class Epilogue>
void convolve_tiles(const T* x, const W* weight, const B* bias, Y* y, const Epilogue& epilogue) {
  if constexpr (simd::has_tiles<Isa>) {
    if (simd::tiles_permitted) {
      return convolve_by<Isa, simd::Tiles<T, W>, g, in, out>(x, weight, bias, y, epilogue);
    }
  }
  convolve_by<Isa, simd::EmulatedTiles<Isa, T, W>, g, in, out>(x, weight, bias, y, epilogue);
}

}  // namespace ctnn::kernels
