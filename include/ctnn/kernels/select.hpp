/// Which algorithm a convolution or fully connected layer runs with, from static sizes and the instruction set alone.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <numeric>
#include <string_view>

#include <ctnn/core/algorithm.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/numeric/float16.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/isa.hpp>
#include <ctnn/simd/tiles.hpp>

namespace ctnn::kernels {

using ctnn::Algorithm;

constexpr std::string_view name_of(Algorithm a) {
  switch (a) {
    case Algorithm::direct:
      return "direct";
    case Algorithm::lanewise:
      return "lanewise";
    case Algorithm::planar:
      return "planar";
    case Algorithm::gemv:
      return "gemv";
    case Algorithm::winograd2:
      return "winograd2";
    case Algorithm::winograd4:
      return "winograd4";
    case Algorithm::fft:
      return "fft";
    case Algorithm::tiles:
      return "tiles";
    default:
      return "reference";
  }
}

/// A register tile of a matrix-like kernel: pixels x vectors of output channels.
struct Tile {
  std::size_t pixels, vectors;
};

/// How many columns of accumulators the registers have room for, `rows` in each, beside an operand for each row, and,
/// where `input_in_register`, one for a column: dot products do not take it from memory.
template <class Isa>
constexpr std::size_t tile_columns(std::size_t rows, bool input_in_register = false) {
  if (input_in_register) return (Isa::registers - 2 - rows) / rows;
  // beside at most four operands of rows; a column's is read where it is used
  if (Isa::memory_operands) return (Isa::registers == 32 ? 28 : 12) / rows;
  // GCC loads the operands of all columns before the first multiply-add, and begins the next tap's: two to spare
  return (Isa::registers - 2 - rows) / (rows + 1);
}

/// Whether sums are halves.
template <class Isa>
inline constexpr bool adds_halves = std::derived_from<Isa, isa::Avx512Half>;

/// Neighbouring taps that may share an input in the direct kernel: those of a kernel row whose windows are one pixel
/// apart, if their weights take at most a quarter of the registers.
template <class Isa>
constexpr std::size_t shared_columns(const Window& w) {
  const bool neighbours = w.stride_width == 1 && w.dilation_width == 1;
  return neighbours && 4 * w.width <= Isa::registers && !adds_halves<Isa> ? w.width : 1;
}

/// Registers that a vector's sums take.
template <class Isa>
inline constexpr std::size_t registers_of_vector = std::same_as<Isa, isa::Avx512HalfPairs> ? 2 : 1;

/// Whether of `count` rows of so many elements two share a last vector, of which each fills half at most: of a pixel's
/// outputs (direct kernel, 1 x 1 at 56 x 56: 24 outputs 1.25x, 40 1.18x, 116 1.05x; 3 x 3 of 3 channels by two to 24
/// 1.2x; quarters would take more registers for inputs than they gain), of a row's pixels (planar kernel).
template <class Isa>
constexpr bool pairs_last_vectors(std::size_t elements, std::size_t count) {
  const std::size_t last = elements % Isa::lanes;
  return std::derived_from<Isa, isa::Avx512> && elements > Isa::lanes && last != 0 && 2 * last <= Isa::lanes &&
         count > 1;
}

/// How many pixels so many bytes apart the first cache holds a line of: it has at least eight for each place within a
/// page. (1 x 1 from 1024 to 16 channels, 28 pixels 4 KiB apart: 2.6 times as long.)
constexpr std::size_t pixels_in_cache(std::size_t bytes) {
  constexpr std::size_t page = 4096;
  return 8 * (page / std::gcd(page, bytes));
}

/// Pixels of the direct kernel's tile of so many vectors: of those that registers hold, what divides the row best.
/// `shared`: taps that share an input where there is one vector; `paired`: pixels share the last vector; `apart`: bytes
/// from an input pixel to the next.
template <class Isa>
constexpr std::size_t direct_pixels(std::size_t vectors, std::size_t out_width, bool input_in_register = false,
                                    std::size_t shared = 1, bool paired = false, std::size_t apart = 1) {
  // beside their weights and an input, four to spare: without, GCC keeps sums in memory
  std::size_t most = vectors == 1 && shared > 1
                         ? Isa::registers - shared - 5
                         : tile_columns<Isa>(vectors * registers_of_vector<Isa>, input_in_register);
  // All weights in registers, and an input: one read again from memory takes more loads than there is time for
  // (AVX-512, 6 pixels x 4 vectors over 7 x 4: 1.1x). Halves are read where they are used.
  if (!adds_halves<Isa>) most = std::min(most, (Isa::registers - 1) / vectors - 1);
  if (paired) most = 2 * (Isa::registers - vectors - 2) / (2 * vectors - 1);  // and two inputs
  most = std::min({most, out_width, pixels_in_cache(apart)});
  const std::size_t step = paired ? 2 : 1;
  const auto time = [&](std::size_t pixels) { return blocks(out_width, pixels) * (pixels + 1); };
  std::size_t best = step;
  for (std::size_t pixels = 2 * step; pixels <= most; pixels += step) {
    if (time(pixels) <= time(best)) best = pixels;
  }
  return best;
}

/// The tile of the direct kernel: so many vectors that all of a group's take the least time in blocks of them and one
/// of the rest. One vector by itself loads an input for every multiply-add, which is more than processors load (80
/// outputs: 3 + 2 vectors take 0.65 of the time of 5 x 1); more share it.
template <class Isa>
constexpr Tile direct_tile(std::size_t group_outputs, std::size_t out_width, bool input_in_register = false,
                           std::size_t shared = 1) {
  // AVX-512 4 vectors x 6 pixels, NEON 4 x 5, AVX2 3 x 4: fewest loads per multiply-accumulate that fit the registers
  std::size_t most = Isa::registers == 32 ? 4 : (Isa::lanes == 8 ? 3 : 2);
  // of halves, with an input for each multiply-add or in pairs of registers, as many as pixels leave
  if (std::same_as<Isa, isa::Avx512Half>) most = std::clamp<std::size_t>(tile_columns<Isa>(1) / out_width, 1, most);
  if (std::same_as<Isa, isa::Avx512HalfPairs>) most = 1;
  // of the time of one in four, measured, of floats and of bytes
  const std::size_t percent[] = {0, 130, 102, input_in_register ? std::size_t{101} : 100, 100};
  const std::size_t percent_shared = input_in_register ? 103 : 101;
  const std::size_t needed = blocks(group_outputs, Isa::lanes);
  const auto pixels = [&](std::size_t v) { return direct_pixels<Isa>(v, out_width, input_in_register, shared); };
  const auto time_of = [&](std::size_t count, std::size_t v, bool shares) {  // of vectors in blocks of v
    if (count == 0) return count;
    // fewer than eight sums wait for each other (AVX2, 7 x 1: up to 1.2 times as long as 4 x 3)
    const std::size_t at_once = std::max<std::size_t>(pixels(v), v == 1 ? 8 : 1);
    return count * (v == 1 && shares ? percent_shared : percent[v]) * blocks(out_width, pixels(v)) * at_once;
  };
  const auto time = [&](std::size_t v) {  // one vector that is a rest shares nothing
    return time_of(needed - needed % v, v, shared > 1) + time_of(needed % v, needed % v, false);
  };
  std::size_t vectors = 1;
  for (std::size_t v = 2; v <= std::min(most, needed); ++v) {
    if (time(v) < time(vectors)) vectors = v;
  }
  return {pixels(vectors), vectors};
}

/// Convolutions of so few weights that fewer bits would save nothing: those that other kernels than the direct one may
/// run, on any instruction set. They keep their weights as floats.
constexpr bool few_weights(const Convolution2d& g) {
  if (g.groups > 1) return g.group_inputs() == 1 || g.group_outputs() <= 8;  // lanewise_fits
  return g.in.channels <= 8 && g.out.channels <= 12 && g.out.width >= 4;     // planar_fits
}

/// Whether W4A8 has a layer's weights in four bits: groups of 32 must be the same whatever the kernel, so that steps of
/// four taps lie in one, and pixels are not made together (pixels_together); and there must be some.
constexpr bool in_nibbles(const Convolution2d& g) {
  const bool one_product = g.in.pixels() == 1 && g.window == Window{};  // of a matrix and a vector
  const bool fits = one_product || (g.group_inputs() % 4 == 0 && g.out.channels > 16);
  return g.groups == 1 && fits && g.taps() >= numeric::NibbleBlock<1>::group;
}

/// Whether the lanewise kernel can, and gains: the groups' outputs fill vectors evenly, a vector of inputs feeds them,
/// and the direct kernel would leave half of its lanes empty (measured when every multiply-add took a permutation;
/// since tiles permute an input once for all taps, more may gain). `depth`: inputs that a lane takes at a time.
template <class Isa>
constexpr bool lanewise_fits(const Convolution2d& g, std::size_t depth = 1) {
  return g.groups > 1 && g.group_inputs() % depth == 0 && g.group_inputs() / depth <= g.group_outputs() &&
         Isa::lanes % g.group_outputs() == 0 && (g.group_inputs() == 1 || 2 * g.group_outputs() <= Isa::lanes);
}

/// The share of lanes that vectors over so many elements use.
template <class Isa>
constexpr double lanes_used(std::size_t elements) {
  return static_cast<double>(elements) / static_cast<double>(blocks(elements, Isa::lanes) * Isa::lanes);
}

/// Whether the planar kernel can: a dense or a depthwise convolution whose windows are one or two pixels apart, in rows
/// of at least a vector.
template <class Isa>
constexpr bool planar_can(const Convolution2d& g) {
  return (g.groups == 1 || g.is_depthwise()) && g.window.stride_width <= 2 && g.out.width >= Isa::lanes;
}

/// Whether it also gains: few channels, and pixels use lanes better than channels do. Measured on AVX-512 and AVX2
/// against the direct and the lanewise kernel: a dense convolution gains what the lanes say, to 12 outputs; other kinds
/// less, as their inputs take a permutation, or serve one output only.
template <class Isa>
constexpr bool planar_fits(const Convolution2d& g) {
  const bool dense = g.groups == 1, by_two = g.window.stride_width == 2;
  const double worth = dense ? (by_two ? 0.8 : 1.0) : (by_two ? 0.45 : 0.8);
  return planar_can<Isa>(g) && g.in.channels <= 8 && g.out.channels <= 12 &&
         worth * lanes_used<Isa>(g.out.width) > 1.1 * lanes_used<Isa>(g.out.channels);
}

/// A tile of a convolution in a transform domain (transform_domain.hpp): rows x columns of outputs from so many
/// products per pair of channels. Other algorithms have none.
struct TransformTile {
  std::size_t rows = 0, columns = 0, points = 0;
};
inline constexpr std::size_t fft_side = 16, fft_complex_points = 126, fft_points = 3 * fft_complex_points + 4;
constexpr TransformTile transform_tile(Algorithm a, const Window& w) {
  if (a == Algorithm::winograd2) return {2, 2, (w.height + 1) * (w.width + 1)};
  if (a == Algorithm::winograd4) return {4, 4, (w.height + 3) * (w.width + 3)};
  if (a == Algorithm::fft) return {fft_side + 1 - w.height, fft_side + 1 - w.width, fft_points};
  return {};
}
/// Whether an algorithm works in a transform domain: reads its input without borders, needs scratch memory.
constexpr bool transforms(Algorithm a) { return transform_tile(a, {}).points != 0; }

/// Bytes of what kernels of an instruction set store.
template <class Isa>
inline constexpr std::size_t element_bytes = adds_halves<Isa> ? sizeof(Half) : sizeof(float);

/// How a convolution in a transform domain is divided, and where its scratch memory has what. Distances are in
/// elements.
struct TransformPlan {
  std::size_t rows = 0, columns = 0;  // tiles of the output, the last ones perhaps in part
  std::size_t block = 0;              // tiles transformed and multiplied together
  Tile tile{};                        // registers of the products
  std::size_t channels = 0;           // input channels, padded to whole vectors
  // from one point's matrix to the next
  std::size_t input_step = 0, product_step = 0;
  // scratch: zeros, then the transformed inputs, then the products of one block of output channels
  std::size_t zeros = 0, inputs = 0, products = 0;

  [[nodiscard]] constexpr std::size_t tiles() const { return rows * columns; }
  [[nodiscard]] constexpr std::size_t scratch() const { return zeros + inputs + products; }
};

/// The plan of a convolution.
template <class Isa>
constexpr TransformPlan transform_plan(const TransformTile& t, const Convolution2d& g) {
  constexpr std::size_t kib = 1024 / element_bytes<Isa>;
  // Matrices an odd number of cache lines apart: a multiple of a power of two would fall into few sets of the cache.
  constexpr std::size_t line = alignment / element_bytes<Isa>;
  const auto apart = [](std::size_t elements) { return (blocks(elements, line) | 1) * line; };
  TransformPlan plan{.rows = blocks(g.out.height, t.rows), .columns = blocks(g.out.width, t.columns)};
  plan.channels = blocks(g.in.channels, Isa::lanes) * Isa::lanes;
  // All weights are read once for every block of tiles. As long as they lie in L2 (from 1 MiB on), blocks that leave
  // most of it to them are as good as any: 128 KiB of scratch; 512 for the Fourier transform's large tiles. Beyond,
  // blocks are as large as L2 takes them, and where one vector of channels holds all tiles in registers, each weight is
  // read once in all.
  const bool in_cache = t.points * g.in.channels * g.out.channels <= 1024 * kib;
  const std::size_t most_scratch = (!in_cache ? 1024 : t.points == fft_points ? 512 : 128) * kib;
  const bool one_vector = !in_cache && plan.tiles() <= tile_columns<Isa>(1);
  const std::size_t channels = one_vector ? Isa::lanes : g.out.channels;
  constexpr std::size_t any = 4096;  // tiles in a row: how they are divided is not known yet
  const std::size_t vectors = direct_tile<Isa>(channels, any).vectors, block = vectors * Isa::lanes;
  const std::size_t most_tiles = std::max<std::size_t>(most_scratch / t.points / (plan.channels + block), 1);
  plan.block = blocks(plan.tiles(), blocks(plan.tiles(), most_tiles));  // equal parts
  plan.tile = {direct_pixels<Isa>(vectors, plan.block), vectors};
  plan.zeros = std::max(plan.channels, block);
  plan.input_step = apart(plan.block * plan.channels);
  plan.product_step = apart(plan.block * block);
  plan.inputs = t.points * plan.input_step;
  plan.products = t.points * plan.product_step;
  return plan;
}

/// Whether an algorithm in a transform domain can: dense windows that move by 1; Winograd's of 3 x 3 and 5 x 5, the
/// Fourier transform's of up to 13 x 13.
constexpr bool transform_can(Algorithm a, const Convolution2d& g) {
  const Window& w = g.window;
  if (g.groups != 1 || w.stride_height != 1 || w.stride_width != 1 || w.dilation_height != 1 || w.dilation_width != 1) {
    return false;
  }
  if (a == Algorithm::fft) return w.height <= 13 && w.width <= 13;
  return w.height == w.width && (w.height == 3 || w.height == 5);
}

/// What products cost, in multiply-accumulates of a core that waits for nothing: weights (inputs, outputs), each used
/// `uses` times in all, read `times` over. Weights from L2 cost as much as three uses, those from L3 as sixteen more,
/// each time. That is so in a network whose weights do not all stay near, ResNet-18 (9 MiB for 16 uses take 1.5 times
/// as long there as 4 MiB for 49); a layer that runs alone, over and over, finds them at a quarter of that. Tiles of
/// one vector load an input for every multiply-add, at three quarters of the rate.
template <class Isa>
constexpr double products_cost(std::size_t inputs, std::size_t outputs, std::size_t uses, std::size_t times = 1) {
  const std::size_t vectors = blocks(outputs, Isa::lanes), weights = inputs * vectors * Isa::lanes;
  const auto count = static_cast<double>(uses), reads = static_cast<double>(times);
  const bool in_cache = weights * element_bytes<Isa> <= std::size_t{1024} * 1024;
  return (vectors == 1 ? 1.3 : 1.0) * static_cast<double>(weights) *
         (in_cache ? std::max(count, 3.0) : count + reads * 16.0);
}

/// What a convolution costs with the direct kernel, and in a transform domain.
template <class Isa>
constexpr double direct_cost(const Convolution2d& g) {
  return products_cost<Isa>(g.taps(), g.out.channels, g.out.pixels());
}
template <class Isa>
constexpr double transform_cost(Algorithm a, const Convolution2d& g) {
  const double transform = a == Algorithm::fft ? 18.0 : 13.0;  // of one number, there or back: measured
  const TransformTile t = transform_tile(a, g.window);
  const TransformPlan plan = transform_plan<Isa>(t, g);
  const std::size_t channels = plan.channels + blocks(g.out.channels, Isa::lanes) * Isa::lanes;
  return products_cost<Isa>(t.points * g.in.channels, g.out.channels, plan.tiles(), blocks(plan.tiles(), plan.block)) +
         transform * static_cast<double>(t.points * plan.tiles() * channels);
}

/// Direct, or the transform domain that gains. Rounding errors stay below 1e-5 of the largest output, which F(4 x 4,
/// 5 x 5) exceeds from 256 input channels on.
template <class Isa>
constexpr Algorithm select_dense(const Convolution2d& g) {
  Algorithm best = Algorithm::direct;
  double least = direct_cost<Isa>(g);
  for (const Algorithm a : {Algorithm::winograd2, Algorithm::winograd4, Algorithm::fft}) {
    const bool exact = a != Algorithm::winograd4 || g.window.height == 3 || g.in.channels <= 128;
    if (!exact || !transform_can(a, g)) continue;
    // for less, larger weights are not worth it: up to 4 times for Winograd's, from 5 times on for the other's
    const double gain = a == Algorithm::fft ? 1.5 : 1.15;
    const double cost = gain * transform_cost<Isa>(a, g);
    if (cost < least) best = a, least = cost;
  }
  return best;
}

/// The algorithm for a convolution of halves. Where sums are halves, of transforms the one whose errors are no multiple
/// of the direct kernel's.
template <class Isa>
constexpr Algorithm select_half_convolution(const Convolution2d& g) {
  using Halves = isa::HalfIsa<Isa>;
  if (Isa::lanes == 1) return Algorithm::reference;
  if (lanewise_fits<Isa>(g)) return Algorithm::lanewise;
  if (!adds_halves<Halves> || g.window.height != 3) return Algorithm::direct;
  const bool gains = transform_can(Algorithm::winograd2, g) &&
                     1.15 * transform_cost<Halves>(Algorithm::winograd2, g) < direct_cost<Halves>(g);
  return gains ? Algorithm::winograd2 : Algorithm::direct;
}

/// How many neighbouring pixels of few outputs the direct kernel of bytes makes as if they were one pixel of as many
/// times the outputs: their windows overlap, so that a run of inputs for all of them is little longer than for one, and
/// they are requantised together. By dot products and what else a vector takes, in as many.
template <class Isa>
constexpr std::size_t pixels_together(const Convolution2d& g, const Layout& in, const Layout& out) {
  const Window& w = g.window;
  if (g.groups != 1 || w.dilation_width != 1 || in.planar || in.gap != 0 || out.planar || out.gap != 0) return 1;
  std::size_t best = 1;
  const auto cost = [&](std::size_t pixels) {
    return w.height * blocks((w.width + (pixels - 1) * w.stride_width) * g.in.channels, 4) + 6;
  };
  for (std::size_t n = 2; n * g.out.channels <= Isa::lanes; ++n) {
    const bool divides = g.out.width % n == 0 && (out.border_left + out.border_right) % n == 0;
    if (divides && cost(n) * best < cost(best) * n) best = n;
  }
  return best;
}

/// Output channels of a tile.
inline constexpr std::size_t tile_lanes = 16;

/// A kernel row's inputs, in elements: runs of memory that are divided into equal steps of up to 64 bytes. Runs of
/// bytes are filled up, with what meets weights of zero.
struct TileRun {
  std::size_t runs = 1, run = 0, steps = 1, step = 0;

  [[nodiscard]] constexpr std::size_t padded_run() const { return steps * step; }
  [[nodiscard]] constexpr std::size_t row_taps() const { return runs * padded_run(); }
};
constexpr TileRun tile_run(const Convolution2d& g, std::size_t gap, std::size_t element_bytes) {
  const Window& w = g.window;
  // a kernel row is one where neighbouring taps touch
  const bool merged = g.groups == 1 && w.dilation_width == 1 && (w.width == 1 || gap == 0);
  TileRun result{.runs = merged ? 1 : w.width, .run = merged ? w.width * g.in.channels : g.group_inputs()};
  const std::size_t depth = 4 / element_bytes, quads = blocks(result.run, depth);
  result.steps = blocks(quads, 16);
  while (element_bytes != 1 && quads % result.steps != 0) ++result.steps;
  result.step = blocks(quads, result.steps) * depth;
  return result;
}
/// Cycles that a product of tiles takes at least; else as many as it has rows.
inline constexpr std::size_t least_product = 9;
/// Neighbouring outputs in a tile, of so many rows of an image: those that take the least time in all, the most of
/// them.
constexpr std::size_t tile_pixels(std::size_t width, std::size_t rows) {
  std::size_t best = 0, least = 0;
  for (std::size_t n = 1; n <= std::min<std::size_t>(width, 16); ++n) {
    // two at a time
    const std::size_t cost = blocks(rows * blocks(width, n), 2) * std::max(n, least_product);
    if (best == 0 || cost <= least) best = n, least = cost;
  }
  return best;
}

/// Whether a convolution is a fully connected layer: its one window is the whole input.
constexpr bool is_fully_connected(const Convolution2d& g) {
  const Window& w = g.window;
  return g.groups == 1 && g.out.pixels() == 1 && w.height == g.in.height && w.width == g.in.width &&
         w.pad_top + w.pad_left == 0;
}

/// The algorithm for a convolution; `planar_input` says whether its input can be had planar without a conversion.
template <class Isa>
constexpr Algorithm select_convolution(const Convolution2d& g, bool planar_input) {
  if (Isa::lanes == 1) return Algorithm::reference;
  if (is_fully_connected(g)) return Algorithm::gemv;  // partial sums hide what one pixel of the direct tile waits for
  if (planar_input && planar_fits<Isa>(g)) return Algorithm::planar;
  if (lanewise_fits<Isa>(g)) return Algorithm::lanewise;
  return select_dense<Isa>(g);
}

/// Whether products of tiles gain, by cycles for 16 outputs: two dot products a cycle on vectors, or one where the
/// direct kernel loads an input for each, as outputs are one vector; a tile's product as many cycles as it has rows, 30
/// for its first sums and its last, and 200 to set tiles up. Requantisation is the same. (Measured, 1 x 1: 16 inputs
/// 0.85 to 0.9x, 24 1.07x, 32 1.2x, 64 2.8x, 144 3.3x, 960 5x; 3 x 3 of 3 inputs 0.8x, but 2x of 16 outputs, and as
/// much in groups of 16; of 64 2.5x to 6x.) Of bfloat16, tiles always gain, as its dot products are slow where there
/// are tiles.
template <class Isa>
constexpr bool tiles_fit(const Convolution2d& g, std::size_t element_bytes = 1) {
  const TileRun run = tile_run(g, 0, element_bytes);
  const bool one_row = g.window == Window{}, whole = g.group_inputs() * element_bytes % 4 == 0;
  const std::size_t pixels = one_row ? tile_pixels(g.out.pixels(), 1) : tile_pixels(g.out.width, g.out.height);
  const std::size_t dots = g.window.height * run.runs * blocks(run.run * element_bytes, 4);
  const std::size_t products = g.window.height * run.runs * run.steps * std::max(pixels, least_product);
  const auto real = [](std::size_t n) { return static_cast<double>(n); };
  const double direct = g.group_outputs() <= Isa::lanes ? real(dots) : real(dots) / 2;
  const double tiles = real(products + 30) / real(pixels) + 200.0 * tile_lanes / real(g.out.size());
  return simd::has_tiles<Isa> && g.group_outputs() >= tile_lanes && tiles < direct && (element_bytes == 1 || whole);
}

/// The algorithm for a convolution of bytes: a transform would not be exact.
template <class Isa>
constexpr Algorithm select_byte_convolution(const Convolution2d& g) {
  if (Isa::lanes == 1) return Algorithm::reference;
  // without an instruction for dot products, weights would be unpacked for every one
  constexpr bool dots = simd::dots_unsigned<Isa> || simd::dots_signed<Isa>;
  if (g.is_depthwise() || (dots && lanewise_fits<Isa>(g, 4))) return Algorithm::lanewise;
  return tiles_fit<Isa>(g) ? Algorithm::tiles : Algorithm::direct;
}

/// The algorithm for a fully connected layer.
template <class Isa>
constexpr Algorithm select_fully_connected() {
  return Isa::lanes == 1 ? Algorithm::reference : Algorithm::gemv;
}

}  // namespace ctnn::kernels
