/// Direct convolution: a tile of output pixels x vectors of output channels stays in registers over all taps. Each tap
/// loads the tile's weight vectors and broadcasts one input per pixel. The output is channels-last, the input in any
/// layout.
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
#include <ctnn/kernels/select.hpp>
#include <ctnn/simd/multiply_add.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// The run-time numbers of a tile: one micro-kernel per tile size and epilogue serves every convolution. Distances are
/// in elements.
struct DirectTaps {
  std::size_t rows, columns, channels;              // taps to visit; channels in steps of the atom's depth
  std::size_t row_step, column_step, channel_step;  // input, from tap to tap
  std::size_t pixel_step;                           // input, from output pixel to output pixel
  std::size_t output_step;                          // output, from pixel to pixel
  std::size_t next_step;                            // next block's weights, from tap to tap
};
/// The same of few taps, which loops over would take as long as: constants but for the rows, and weights that need no
/// fetching ahead.
template <DirectTaps taps>
struct FewTaps {
  std::size_t rows;
  static constexpr std::size_t columns = taps.columns, channels = taps.channels;
  static constexpr std::size_t row_step = taps.row_step, column_step = taps.column_step;
  static constexpr std::size_t channel_step = taps.channel_step, pixel_step = taps.pixel_step;
  static constexpr std::size_t output_step = taps.output_step, next_step = 0;
};
template <class Taps>
inline constexpr bool fetches_ahead = std::is_same_v<Taps, DirectTaps>;

/// So few steps that a kernel of their own gains.
inline constexpr std::size_t few_taps = 48;

/// How far ahead weights are fetched, in bytes: a page, where hardware stops fetching ahead. 3 x 3 windows gain 7 to
/// 12 %, more where weights lie in L3 (512 channels at 7 x 7: 28 %); 1 x 1 over few channels lose 2 to 3 %.
inline constexpr std::size_t weights_ahead = 4096;

/// While one block of weights is used, by that many tiles, the next comes from L3 to L2: how far each tap of each tile
/// moves on in it. (1 x 1 of 1024 channels at 7 x 7: 1.2x; whole networks 3 to 5 %.)
template <class Isa>
constexpr std::size_t next_step(std::size_t block, std::size_t tiles) {
  return std::min(Isa::lanes, block / tiles);
}

/// Tiles side by side: y[p][c] = epilogue(bias[c] + sum of x * weight) for Pixels output pixels and `outputs` channels
/// each, from `channel` on. weight is (rows, columns, Columns, channels, Block * lanes, depth), of which Vectors are
/// used, `next` what is fetched for later; the first output goes to `position`. `outputs` is a constant where vectors
/// are full: stores then need no masks (1 x 1 of 16 and of 128 channels: 1.1x and 1.05x). An input is broadcast once
/// for all of `Columns` neighbouring taps that read it: those of a kernel row as wide, whose windows are one pixel
/// apart. As `Paired`, pairs of pixels share the last vector (pairs_last_vectors). Weights is a pointer, or what stands
/// for one (simd/multiply_add.hpp).
template <class Isa, std::size_t Pixels, std::size_t Vectors, std::size_t Block, std::size_t Columns,
          bool Paired = false, class T, class Weights, class W, class B, class Y, class Outputs, class Taps,
          class Epilogue>
[[gnu::noinline]] void direct_tiles(std::size_t tiles, const T* first_x, Weights weights, const W* next, const B* bias,
                                    Y* output, std::size_t position, std::size_t channel, Outputs outputs,
                                    const Taps& taps, const Epilogue& caller_epilogue) {
  const Epilogue epilogue = caller_epilogue;  // its numbers do not change, whatever is written to bytes
  using Atom = simd::MultiplyAdd<Isa, T, W>;
  using V = typename Atom::Sum;
  constexpr std::size_t vector = Isa::lanes * Atom::depth;  // weights in a register
  constexpr std::size_t own_vectors = Paired ? Vectors - 1 : Vectors;
  static_assert(!Paired || (Columns == 1 && Pixels % 2 == 0));
  const auto read = [](const auto& p, auto v, auto read_own) CTNN_INLINE_LAMBDA {
    if constexpr (v < own_vectors) {
      return read_own(p);
    } else {
      return simd::load_half_twice<Isa>(p);
    }
  };
  const auto read_start = [](const B* p) CTNN_INLINE_LAMBDA { return Atom::start(p); };
  const auto read_weights = [](const Weights& p) CTNN_INLINE_LAMBDA { return Atom::weights(p); };
  for (; tiles > 0; --tiles, first_x += Pixels * taps.pixel_step, position += Pixels * taps.output_step) {
    const T* x = first_x;
    Weights weight = weights;
    V sum[Pixels][Vectors];
    simd::Totals<Atom, Pixels, Vectors> totals;
    simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      const V start = read(bias + v * Isa::lanes, v, read_start);
      simd::unroll<Pixels>([&](auto p) CTNN_INLINE_LAMBDA { sum[p][v] = start; });
    });
    for (std::size_t row = 0; row < taps.rows; ++row, x += taps.row_step) {
      const T* column_x = x;
      for (std::size_t column = 0; column < taps.columns; ++column, column_x += taps.column_step) {
        const T* tap_x = column_x;
        for (std::size_t left = taps.channels; left > 0;) {
          std::size_t steps = totals.next(left, sum);
          left -= steps;
          for (; steps > 0; --steps, tap_x += taps.channel_step) {
            decltype(Atom::weights(weight)) w[Columns][Vectors];
            simd::unroll<Columns>([&](auto c) CTNN_INLINE_LAMBDA {
              const Weights tap_weight = weight + c * taps.channels * Block * vector;
              simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
                if constexpr (fetches_ahead<Taps>) simd::prefetch(tap_weight + v * vector + weights_ahead / sizeof(W));
                w[c][v] = read(tap_weight + v * vector, v, read_weights);
              });
              if constexpr (fetches_ahead<Taps>) {
                simd::prefetch_far(next);
                next += taps.next_step;
              }
            });
            weight += Block * vector;  // here: GCC would read weights anew for every input if they were still in reach
            [[maybe_unused]] V first;  // input of a pair
            simd::unroll<Pixels + Columns - 1>([&](auto p) CTNN_INLINE_LAMBDA {
              auto input = Atom::input(tap_x + p * taps.pixel_step);
              if constexpr (Paired) input = simd::in_register(input);  // GCC would read it again
              simd::unroll<Columns>([&](auto c) CTNN_INLINE_LAMBDA {
                if constexpr (p >= c && p - c < Pixels) {
                  simd::unroll<own_vectors>(
                      [&](auto v) CTNN_INLINE_LAMBDA { sum[p - c][v] = Atom::add(input, w[c][v], sum[p - c][v]); });
                }
              });
              if constexpr (Paired && p % 2 == 0) first = input;
              if constexpr (Paired && p % 2 == 1) {
                V& pair = sum[p - 1][own_vectors];
                pair = Atom::add(simd::low_and_high<Isa>(first, input), w[0][own_vectors], pair);
              }
            });
          }
        }
        weight += (Columns - 1) * taps.channels * Block * vector;
      }
    }
    totals.finish(sum);
    if constexpr (std::integral<Y>) {
      epilogue.template store_tile<Isa>(output, position, taps.output_step, sum, channel, outputs);
    } else {
      simd::unroll<Pixels>([&](auto p) CTNN_INLINE_LAMBDA {
        std::remove_cvref_t<decltype(simd::joined(sum[p][0]))> own[Vectors];
        simd::unroll<own_vectors>([&](auto v) CTNN_INLINE_LAMBDA { own[v] = simd::joined(sum[p][v]); });
        if constexpr (Paired) {
          const V& pair = sum[p / 2 * 2][own_vectors];
          own[own_vectors] = p % 2 == 0 ? pair : simd::high_half<Isa>(pair);
        }
        epilogue.template store<Isa>(output, position + p * taps.output_step, own, channel, outputs);
      });
    }
  }
}

/// Weights of the direct kernel: per group (group outputs / block, KH, KW, IC / groups, block), where an atom takes
/// several inputs at a time (group outputs / block, runs, run / depth, block, depth): runs of inputs that lie side by
/// side, each filled up with zeros. What the atom reads of x beyond a run meets those zeros.
template <class Isa, Convolution2d g, Layout in, Layout out, std::size_t depth = 1>
struct DirectPacking {
  static constexpr Window w = g.window;
  /// A 1 x 1 convolution without borders is one long row: fewer, fuller tiles.
  static constexpr bool one_row = w == Window{} && !in.has_border() && !out.has_border();
  static constexpr std::size_t shared = g.group_inputs() % depth == 0 ? shared_columns<Isa>(w) : 1;
  static constexpr std::size_t vectors =
      direct_tile<Isa>(g.group_outputs(), one_row ? g.out.pixels() : g.out.width, depth > 1, shared).vectors;
  /// Columns of taps that share an input. Without, one vector of outputs would load an input for every multiply-add,
  /// which is more than processors load (groups of 16 at 56 x 56 x 64: 1.3x).
  static constexpr std::size_t columns = vectors == 1 ? shared : 1;
  /// A kernel row is one run of memory where neighbouring taps touch.
  static constexpr bool merged =
      columns == 1 && !in.planar && w.dilation_width == 1 && g.groups == 1 && (w.width == 1 || in.gap == 0);
  static constexpr std::size_t run = merged ? w.width * g.in.channels : g.group_inputs();
  static constexpr std::size_t steps = blocks(run, depth);  // of a run
  static constexpr std::size_t row_taps = (merged ? 1 : w.width) * steps * depth, taps = w.height * row_taps;

  static constexpr std::size_t block = vectors * Isa::lanes;
  static constexpr std::size_t group_blocks = blocks(g.group_outputs(), block);
  static constexpr std::size_t last_vectors = blocks(g.group_outputs(), Isa::lanes) - (group_blocks - 1) * vectors;

  /// Of an output row whose windows are all inside.
  static constexpr DirectTaps direct_taps() {
    return {
        .rows = w.height,
        .columns = merged ? 1 : w.width / columns,
        .channels = steps,
        .row_step = w.dilation_height * in.row_stride(),
        .column_step = w.dilation_width * in.pixel_stride(),
        .channel_step = in.channel_stride() * depth,
        .pixel_step = w.stride_width * in.pixel_stride(),
        .output_step = out.pixel_stride(),
        .next_step = 0,
    };
  }
};

/// The taps of an output row of which so many rows are inside.
template <class Packing, bool few>
constexpr auto taps_of_row(std::size_t rows, std::size_t next_step) {
  if constexpr (few) {
    return FewTaps<Packing::direct_taps()>{rows};
  } else {
    DirectTaps taps = Packing::direct_taps();
    taps.rows = rows;
    taps.next_step = next_step;
    return taps;
  }
}

/// The most weights that blocks of a dense convolution may take, in all or (`outputs` 1) one: whether rows are joined,
/// and with it a tile's vectors, is not known before layouts are.
template <class Isa>
constexpr std::size_t most_weights(const Convolution2d& g, std::size_t outputs, std::size_t depth = 1) {
  const auto weights = [&](std::size_t width) {
    const Tile tile = direct_tile<Isa>(g.group_outputs(), width, depth > 1, shared_columns<Isa>(g.window));
    const std::size_t block = tile.vectors * Isa::lanes;
    return blocks(outputs, block) * block * g.taps();
  };
  return std::max(weights(g.out.width), weights(g.out.pixels()));
}
/// Weights into which a block's integer words are unpacked: none where one tile has all pixels, nor where they would
/// fill the second cache. (Against unpacking at every step 1.6x for 1 x 1 of 64 channels at 7 x 7, 1.15x in eight and
/// 1.3x in four bits for 3 x 3 of 128; of 256 1.0x and 1.15x.)
template <class Isa>
constexpr std::size_t unpacked_weights(const Convolution2d& g, std::size_t depth = 1) {
  constexpr std::size_t most = std::size_t{128} * 1024;  // half of 1 MiB, of floats
  const std::size_t size = most_weights<Isa>(g, 1, depth);
  const Tile tile = direct_tile<Isa>(g.group_outputs(), g.out.pixels(), depth > 1, shared_columns<Isa>(g.window));
  return g.out.pixels() > tile.pixels && size <= most ? size : 0;
}

/// Floats that gate_weights writes at most.
template <class Isa>
constexpr std::size_t gated_weights(const Convolution2d& g) {
  return most_weights<Isa>(g, g.out.channels);
}
/// The packed weights of a dense convolution, each multiplied by its input channel's gate.
template <class Isa, Convolution2d g, Layout in, Layout out>
void gate_weights(const float* weight, const float* gate, float* gated) {
  using Packing = DirectPacking<Isa, g, in, out>;
  constexpr std::size_t size = Packing::group_blocks * Packing::block * Packing::taps;
  static_assert(size <= gated_weights<Isa>(g));
  const float* const end = gated + size;
  while (gated != end) {
    for (std::size_t channel = 0; channel < g.in.channels; ++channel) {
      const simd::Vector<float, Isa> scale(gate[channel]);
      for (std::size_t v = 0; v < Packing::vectors; ++v, weight += Isa::lanes, gated += Isa::lanes) {
        simd::store<Isa>(gated, simd::load<Isa>(weight) * scale);
      }
    }
  }
}

/// Elements of so many input rows that windows read, from the first column on.
template <Layout in>
constexpr std::size_t elements_read(const Convolution2d& g, std::size_t rows) {
  const std::size_t last_column = (g.out.width - 1) * g.window.stride_width + g.window.span_width() - 1;
  return rows == 0 ? 0 : (rows - 1) * in.row_stride() + last_column * in.pixel_stride() + in.channels;
}
/// The most elements that so many output rows read.
template <Layout in>
constexpr std::size_t elements_of_band(const Convolution2d& g, std::size_t rows) {
  if (rows == 0) return 0;
  return elements_read<in>(g, std::min((rows - 1) * g.window.stride_height + g.window.span_height(), g.in.height));
}
/// Bytes are made what the dot product takes where an instruction set asks for it, not at every use, but of the inputs
/// of so many output rows at a time, on the stack; of rows too long for that, and where each is used once, at every use
/// (0). (Where other ports than the dot products' flip bits, that is as fast, if outputs are two vectors or more.
/// Flipped for every output row and block of channels, 14 x 14 x 256 would take 1.07 of the time.)
template <class Isa, Convolution2d g, Layout in, class T>
constexpr std::size_t flipped_rows() {
  if constexpr (std::integral<T>) {
    constexpr std::size_t most = 32768;
    const bool uses_again = g.groups == 1 && g.window.height * g.window.width > 1;
    if (simd::dot_offset<Isa, T> != 0 && uses_again && elements_of_band<in>(g, 1) <= most) {
      std::size_t bands = 1;
      while (elements_of_band<in>(g, blocks(g.out.height, bands)) > most) ++bands;
      return blocks(g.out.height, bands);
    }
  }
  return 0;
}

/// Output rows of a convolution: all, or, as not `whole`, any. Biases of integers are by row case. Left and right
/// padding must be borders of the input's layout; rows outside are skipped. Integer weights are unpacked block by block
/// into `unpacked`, unpacked_weights() elements, where all rows are made; else at every step.
template <class Isa, Convolution2d g, Layout in, Layout out, bool whole, class T, class W, class B, class Y,
          class Epilogue>
void convolve_direct(const T* x, const W* weight, const B* bias, Y* y, const Epilogue& epilogue, Rows rows,
                     [[maybe_unused]] T* unpacked = nullptr) {
  constexpr std::size_t depth = simd::MultiplyAdd<Isa, T, W>::depth;
  using Packing = DirectPacking<Isa, g, in, out, depth>;
  constexpr Window w = g.window;
  static_assert(in.border_left >= w.pad_left && !out.planar && (depth == 1 || in.channel_stride() == 1));
  constexpr bool one_row = whole && Packing::one_row && Epilogue::rows_join;
  constexpr std::size_t out_width = one_row ? g.out.pixels() : g.out.width;
  constexpr std::size_t vectors = Packing::vectors;
  constexpr bool paired = std::same_as<W, float> && Packing::columns == 1 && Packing::last_vectors > 1 &&
                          pairs_last_vectors<Isa>(g.group_outputs(), out_width);  // in the last block
  if (one_row) rows = {0, 1};
  constexpr std::size_t apart = w.stride_width * in.pixel_stride() * sizeof(T);
  constexpr std::size_t tiles_of_row =
      blocks(out_width, direct_pixels<Isa>(vectors, out_width, depth > 1, Packing::columns, false, apart));
  constexpr std::size_t flips = flipped_rows<Isa, g, in, T>();  // output rows
  constexpr bool unpacks = numeric::is_integer_word<W> && whole && unpacked_weights<Isa>(g, depth) != 0;

  // three bytes more may be read
  [[maybe_unused]] alignas(alignment)
      std::array<unsigned char, blocks(elements_of_band<in>(g, flips) + 3, alignment) * alignment>
          flipped;
  const auto flip = [&](const Rows& band) {
    if constexpr (flips != 0) {
      const std::size_t last = rows_needed(g, band.last), first = std::min(first_row_read(g, band.first), last);
      simd::store_dot_inputs<Isa>(x + in.at(first, 0, 0) - w.pad_left * in.pixel_stride(),
                                  elements_read<in>(g, last - first),
                                  reinterpret_cast<simd::DotInput<Isa, T>*>(flipped.data()));
    }
  };
  constexpr bool few = std::integral<T> && Packing::taps <= few_taps * depth;
  // One block of output channels, in some rows, the first of them first.
  const auto make = [&](std::size_t group, std::size_t b, const Rows& band) {
    const std::size_t step =
        unpacks ? 0 : next_step<Isa>(Packing::block, (band.last - band.first) * tiles_of_row) * depth;
    const std::size_t channel = group * g.group_outputs() + b * Packing::block;
    const std::size_t packed_block = group * Packing::group_blocks + b;
    const auto packed_weight = simd::block_of_weights<Isa, vectors>(weight, packed_block, Packing::taps);
    auto block_and_next = [&] {  // weights
      if constexpr (unpacks) {
        static_assert(Packing::block * Packing::taps <= unpacked_weights<Isa>(g, depth));
        if (band.first == rows.first) simd::unpack(packed_weight, Packing::taps, unpacked);
        const T* const block = unpacked;
        return std::pair{block, block};
      } else {
        return std::pair{packed_weight, weight + (packed_block + 1) * simd::block_size<Isa, vectors, W>(Packing::taps)};
      }
    }();
    const auto& block_weight = block_and_next.first;
    auto& next = block_and_next.second;
    const std::size_t first_ih = flips != 0 ? first_row_read(g, band.first) : 0;
    const auto* const first_row = [&] {
      if constexpr (flips != 0) {
        return reinterpret_cast<const simd::DotInput<Isa, T>*>(flipped.data());
      } else {
        return x + in.at(0, 0, group * g.group_inputs()) - w.pad_left * in.pixel_stride();
      }
    }();
    const auto make_rows = [&]<std::size_t Vectors, bool Paired>(std::integral_constant<std::size_t, Vectors>,
                                                                 std::bool_constant<Paired>) {
      const auto outputs = [&] {
        constexpr std::size_t all = Vectors * Isa::lanes;
        if constexpr (g.group_outputs() % Isa::lanes == 0) {
          return std::integral_constant<std::size_t, all>{};
        } else {
          return std::min(all, g.group_outputs() - b * Packing::block);
        }
      }();
      for (std::size_t oh = band.first; oh < band.last; ++oh) {
        const auto inside = taps_inside(oh, w.stride_height, w.dilation_height, w.height, w.pad_top, g.in.height);
        const auto taps = taps_of_row<Packing, few>(inside.last - inside.first, step);
        const std::size_t ih = first_row_inside(g, oh, inside);
        const auto& row_weight = block_weight + inside.first * Packing::row_taps * Packing::block;
        const B* block_bias = bias + packed_block * Packing::block;
        if constexpr (std::integral<T>) {
          block_bias += row_case<g>(oh) * (g.groups * Packing::group_blocks * Packing::block);
        }
        const auto& row_epilogue = epilogue.at_row(oh);
        const auto* input_row = first_row + (std::max(ih, first_ih) - first_ih) * in.row_stride();
        constexpr std::size_t pixels =
            direct_pixels<Isa>(Vectors, out_width, depth > 1, Packing::columns, Paired, apart);
        const auto run = [&]<std::size_t Pixels>(std::integral_constant<std::size_t, Pixels>, std::size_t ow,
                                                 std::size_t count) {
          direct_tiles<Isa, Pixels, Vectors, vectors, Packing::columns, Paired && Pixels % 2 == 0>(
              count, input_row + ow * taps.pixel_step, row_weight, next, block_bias, y,
              out.at(oh, 0, channel) + ow * out.pixel_stride(), channel, outputs, taps, row_epilogue);
          next += count * (Packing::taps / depth) * taps.next_step;
        };
        run(std::integral_constant<std::size_t, pixels>{}, 0, out_width / pixels);
        constexpr std::size_t rest = out_width % pixels, single = Paired ? rest % 2 : 0;
        if constexpr (rest != single) {
          run(std::integral_constant<std::size_t, rest - single>{}, out_width - rest, 1);
        }
        if constexpr (single != 0) run(std::integral_constant<std::size_t, single>{}, out_width - single, 1);
      }
    };
    if ((Packing::last_vectors != vectors || paired) && b + 1 == Packing::group_blocks) {
      make_rows(std::integral_constant<std::size_t, Packing::last_vectors>{}, std::bool_constant<paired>{});
    } else {
      make_rows(std::integral_constant<std::size_t, vectors>{}, std::false_type{});
    }
  };
  const auto for_blocks = [&](auto body) {
    for (std::size_t group = 0; group < g.groups; ++group) {
      for (std::size_t b = 0; b < Packing::group_blocks; ++b) body(group, b);
    }
  };
  const auto for_bands = [&](auto body) {
    constexpr std::size_t most = flips != 0 ? flips : g.out.height;
    for (Rows band{rows.first, 0}; band.first < rows.last; band.first = band.last) {
      band.last = std::min(band.first + most, rows.last);
      flip(band);
      body(band);
    }
  };
  // weights that lie in L2 may be read again
  constexpr std::size_t weight_bytes = g.groups * Packing::group_blocks * Packing::block * Packing::taps;
  if constexpr (!unpacks && (flips >= g.out.height || weight_bytes <= std::size_t{1024} * 1024)) {
    for_bands([&](const Rows& band) { for_blocks([&](std::size_t group, std::size_t b) { make(group, b, band); }); });
  } else {
    for_blocks([&](std::size_t group, std::size_t b) { for_bands([&](const Rows& band) { make(group, b, band); }); });
  }
}

}  // namespace ctnn::kernels
