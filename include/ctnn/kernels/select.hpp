/// Which algorithm a convolution or fully connected layer runs with, from static sizes and the instruction set alone.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <ctnn/core/algorithm.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/simd/isa.hpp>

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
    default:
      return "reference";
  }
}

/// The side of a Winograd algorithm's output tile, 0 of any other.
constexpr std::size_t winograd_side(Algorithm a) {
  return a == Algorithm::winograd4 ? 4 : a == Algorithm::winograd2 ? 2 : 0;
}

/// A register tile of a matrix-like kernel: pixels x vectors of output channels.
struct Tile {
  std::size_t pixels, vectors;
};

/// How many columns of accumulators the registers have room for, `rows` in each, beside an operand for each row.
template <class Isa>
constexpr std::size_t tile_columns(std::size_t rows) {
  // beside at most four operands of rows; a column's is read where it is used
  if (Isa::memory_operands) return (Isa::registers == 32 ? 28 : 12) / rows;
  // GCC loads the operands of all columns before the first multiply-add, and begins the next tap's: two to spare
  return (Isa::registers - 2 - rows) / (rows + 1);
}

/// The tile of the direct kernel: as many vectors as waste no lanes, then as many pixels as registers hold, in equal
/// parts of the row where it does not divide.
template <class Isa>
constexpr Tile direct_tile(std::size_t group_outputs, std::size_t out_width) {
  // AVX-512 4 vectors x 7 pixels, NEON 4 x 5, AVX2 3 x 4: fewest loads per multiply-accumulate that fit the registers
  constexpr std::size_t most = Isa::registers == 32 ? 4 : (Isa::lanes == 8 ? 3 : 2);
  const std::size_t needed = (group_outputs + Isa::lanes - 1) / Isa::lanes;
  std::size_t vectors = 1;
  for (std::size_t v = 2; v <= most; ++v) {
    const auto padded = [&](std::size_t n) { return (needed + n - 1) / n * n; };
    if (padded(v) <= padded(vectors)) vectors = v;
  }
  const std::size_t fit = tile_columns<Isa>(vectors);
  const std::size_t tiles = (out_width + fit - 1) / fit;
  return {(out_width + tiles - 1) / tiles, vectors};
}

/// Whether the lanewise kernel can, and gains: the groups' outputs fill vectors evenly, a vector of inputs feeds them,
/// and the direct kernel would leave half of its lanes empty (measured when every multiply-add took a permutation;
/// since tiles permute an input once for all taps, more may gain).
template <class Isa>
constexpr bool lanewise_fits(const Convolution2d& g) {
  return g.groups > 1 && g.group_inputs() <= g.group_outputs() && Isa::lanes % g.group_outputs() == 0 &&
         (g.group_inputs() == 1 || 2 * g.group_outputs() <= Isa::lanes);
}

/// The share of lanes that vectors over so many elements use.
template <class Isa>
constexpr double lanes_used(std::size_t elements) {
  const std::size_t vectors = (elements + Isa::lanes - 1) / Isa::lanes;
  return static_cast<double>(elements) / static_cast<double>(vectors * Isa::lanes);
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

/// Whether the Winograd kernels can: a dense 3 x 3 window that moves by 1.
constexpr bool winograd_can(const Convolution2d& g) {
  const Window& w = g.window;
  return g.groups == 1 && w.height == 3 && w.width == 3 && w.stride_height == 1 && w.stride_width == 1 &&
         w.dilation_height == 1 && w.dilation_width == 1;
}

/// What products cost, in multiply-accumulates of a core that waits for nothing: `weights` floats, each used `uses`
/// times in succession. Weights from L2 cost as much as three uses, those from L3 as sixteen more. That is so in a
/// network whose weights do not all stay near, ResNet-18 (9 MiB for 16 uses take 1.5 times as long there as 4 MiB for
/// 49); a layer that runs alone, over and over, finds them at a quarter of that.
constexpr double products_cost(std::size_t weights, std::size_t uses) {
  const auto count = static_cast<double>(uses);
  return static_cast<double>(weights) * (weights * sizeof(float) <= 1024 * 1024 ? std::max(count, 3.0) : count + 16.0);
}

/// What a convolution costs with the direct kernel, and with Winograd's of that output tile.
template <class Isa>
constexpr double direct_cost(const Convolution2d& g) {
  const std::size_t outputs = (g.out.channels + Isa::lanes - 1) / Isa::lanes * Isa::lanes;
  return products_cost(g.taps() * outputs, g.out.pixels());
}
template <class Isa>
constexpr double winograd_cost(std::size_t m, const Convolution2d& g) {
  constexpr double transform = 13.0;  // of one number, there or back: measured
  const std::size_t inputs = (g.in.channels + Isa::lanes - 1) / Isa::lanes * Isa::lanes;
  const std::size_t outputs = (g.out.channels + Isa::lanes - 1) / Isa::lanes * Isa::lanes;
  const std::size_t points = (m + 2) * (m + 2);
  const std::size_t tiles = ((g.out.height + m - 1) / m) * ((g.out.width + m - 1) / m);
  return products_cost(points * g.in.channels * outputs, tiles) +
         transform * static_cast<double>(points * tiles * (inputs + outputs));
}

/// Direct, or Winograd's where it gains.
template <class Isa>
constexpr Algorithm select_dense(const Convolution2d& g) {
  constexpr double gain = 1.15;  // for less, larger weights and coarser rounding are not worth it
  if (!winograd_can(g)) return Algorithm::direct;
  const double two = winograd_cost<Isa>(2, g), four = winograd_cost<Isa>(4, g);
  if (gain * std::min(two, four) > direct_cost<Isa>(g)) return Algorithm::direct;
  return four < two ? Algorithm::winograd4 : Algorithm::winograd2;
}

/// The algorithm for a convolution; `planar_input` says whether its input can be had planar without a conversion.
template <class Isa>
constexpr Algorithm select_convolution(const Convolution2d& g, bool planar_input) {
  if (Isa::lanes == 1) return Algorithm::reference;
  if (planar_input && planar_fits<Isa>(g)) return Algorithm::planar;
  if (lanewise_fits<Isa>(g)) return Algorithm::lanewise;
  return select_dense<Isa>(g);
}

/// The algorithm for a fully connected layer.
template <class Isa>
constexpr Algorithm select_fully_connected() {
  return Isa::lanes == 1 ? Algorithm::reference : Algorithm::gemv;
}

}  // namespace ctnn::kernels
