/// The largest of several designs that keeps to a budget, chosen at compile time: of candidates by name, or of a grid.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <ostream>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include <ctnn/core/cost.hpp>
#include <ctnn/layers/sequential.hpp>
#include <ctnn/network/summary.hpp>

namespace ctnn {

/// What a design takes of what a Budget limits.
struct Footprint {
  Cost cost;
  std::uint64_t weight_bytes = 0;  ///< of the weights as a file holds them
  std::uint64_t arena_bytes = 0;   ///< of memory for one run
};

/// Limits of a design, each inclusive; what is not set is not limited.
struct Budget {
  static constexpr std::uint64_t unlimited = std::numeric_limits<std::uint64_t>::max();
  std::uint64_t flops = unlimited;  ///< Cost::flops()
  std::uint64_t params = unlimited;
  std::uint64_t weight_bytes = unlimited;
  std::uint64_t arena_bytes = unlimited;

  [[nodiscard]] constexpr bool allows(const Footprint& design) const {
    return design.cost.flops() <= flops && design.cost.params <= params && design.weight_bytes <= weight_bytes &&
           design.arena_bytes <= arena_bytes;
  }
};

/// Satisfied by networks, and by types derived from one.
template <class T>
concept AnyNetwork = requires {
  typename T::Spec;
  typename T::Input;
  typename T::Output;
  { T::cost } -> std::convertible_to<Cost>;
  { T::weight_bytes } -> std::convertible_to<std::uint64_t>;
  { T::arena_bytes } -> std::convertible_to<std::uint64_t>;
};

/// A network's footprint.
template <AnyNetwork Model>
inline constexpr Footprint footprint_of{Model::cost, Model::weight_bytes, Model::arena_bytes};

/// Whether a network keeps to a budget.
template <AnyNetwork Model>
constexpr bool is_within(const Budget& budget) {
  return budget.allows(footprint_of<Model>);
}

/// Values that a grid tries for one of its dimensions, in that order.
template <std::size_t... tried>
  requires(sizeof...(tried) > 0)
struct Axis {
  static constexpr std::size_t size = sizeof...(tried);
  static constexpr std::array<std::size_t, size> values{tried...};
};

/// A point of a grid: which it is, and its network's footprint.
struct GridPoint : Footprint {
  std::size_t width = 0, resolution = 0, depth = 0;
};

namespace detail {

template <class T>
inline constexpr bool is_axis = false;
template <std::size_t... tried>
inline constexpr bool is_axis<Axis<tried...>> = true;

}  // namespace detail

/// Satisfied by Axis.
template <class T>
concept AnyAxis = detail::is_axis<T>;

/// Every combination of widths, resolutions and depths, as networks: Design<width, resolution, depth> is one. Points
/// are numbered with the depth fastest, the width slowest. What the numbers mean is the design's affair; a combination
/// whose layers do not fit is an error, as in any network.
template <template <std::size_t width, std::size_t resolution, std::size_t depth> class Design, AnyAxis Widths,
          AnyAxis Resolutions, AnyAxis Depths>
  requires AnyNetwork<Design<Widths::values[0], Resolutions::values[0], Depths::values[0]>>
struct Grid {
 private:
  static constexpr std::size_t width_of(std::size_t i) { return Widths::values[i / Depths::size / Resolutions::size]; }
  static constexpr std::size_t resolution_of(std::size_t i) {
    return Resolutions::values[i / Depths::size % Resolutions::size];
  }
  static constexpr std::size_t depth_of(std::size_t i) { return Depths::values[i % Depths::size]; }

 public:
  static constexpr std::size_t size = Widths::size * Resolutions::size * Depths::size;
  /// The network of point I.
  template <std::size_t I>
  using At = Design<width_of(I), resolution_of(I), depth_of(I)>;
  static constexpr std::array<GridPoint, size> points = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<GridPoint, size>{GridPoint{footprint_of<At<I>>, width_of(I), resolution_of(I), depth_of(I)}...};
  }
  (std::make_index_sequence<size>{});
};

/// Satisfied by Grid, and by a list of designs of one's own that has its members.
template <class T>
concept AnyGrid = requires {
  T::points;
  typename T::template At<0>;
};

namespace detail {

/// What best_under chooses from.
template <class... Candidates>
struct Designs {
  static constexpr std::size_t size = sizeof...(Candidates);
  template <std::size_t I>
  using At = type_at<TypeList<Candidates...>, I>;
  static constexpr std::array<Footprint, size> points{footprint_of<Candidates>...};
};
template <AnyGrid Grid>
struct Designs<Grid> : Grid {};

constexpr bool is_smaller(const Footprint& a, const Footprint& b) {
  return std::tuple{a.cost.flops(), a.cost.params} < std::tuple{b.cost.flops(), b.cost.params};
}

/// Number of the smallest point, of equals the first.
constexpr std::size_t smallest_of(const auto& points) {
  return static_cast<std::size_t>(std::min_element(points.begin(), points.end(), is_smaller) - points.begin());
}

/// Number of the largest point within the budget, of equals the first; points.size() where none is.
constexpr std::size_t largest_within(const Budget& budget, const auto& points) {
  std::size_t best = points.size();
  for (std::size_t i = 0; i < points.size(); ++i) {
    if (budget.allows(points[i]) && (best == points.size() || is_smaller(points[best], points[i]))) best = i;
  }
  return best;
}

// Plain numbers, so that both compilers print them; the names say which limit it is.
template <std::uint64_t flops, std::uint64_t flops_limit, std::uint64_t params, std::uint64_t params_limit,
          std::uint64_t weight_bytes, std::uint64_t weight_bytes_limit, std::uint64_t arena_bytes,
          std::uint64_t arena_bytes_limit>
concept keeps_limits = at_most<flops, flops_limit> && at_most<params, params_limit> &&
    at_most<weight_bytes, weight_bytes_limit> && at_most<arena_bytes, arena_bytes_limit>;

/// The one error of a choice that nothing fits.
template <class Smallest, Budget limit>
constexpr bool explain_budget() {
  constexpr Cost cost = Smallest::cost;
  static_assert(keeps_limits<cost.flops(), limit.flops, cost.params, limit.params, Smallest::weight_bytes,
                             limit.weight_bytes, Smallest::arena_bytes, limit.arena_bytes>,
                "best_under: no candidate is within the budget; the smallest one takes more than a limit");
  return true;
}

/// The choice; where nothing is within the budget the smallest stands in, so that there is one error.
template <Budget budget, class Designs>
struct Choice {
  static constexpr std::size_t largest = largest_within(budget, Designs::points);
  static constexpr bool exists = largest < Designs::size;
  static constexpr std::size_t index = exists ? largest : smallest_of(Designs::points);
  using type = typename Designs::template At<index>;
  static_assert([] {
    if constexpr (!exists) return explain_budget<type, budget>();
    return true;
  }());
};

}  // namespace detail

/// Satisfied by what a design can be chosen from: one or more networks, or one Grid.
template <class... Candidates>
concept DesignSpace = (sizeof...(Candidates) > 0) &&
                      ((AnyNetwork<Candidates> && ...) || (sizeof...(Candidates) == 1 && (AnyGrid<Candidates> && ...)));

/// The largest of the candidates (networks, or one Grid) within the budget: the one of the most FLOPs, of equals the
/// most parameters, of equals the first. None within it is an error that prints how much of what the smallest of them
/// takes, and the limit. `best_under<Budget{.flops = 2'000'000, .arena_bytes = 32 * 1024}, Small, Medium, Large>`
template <Budget budget, class... Candidates>
  requires DesignSpace<Candidates...>
using best_under = typename detail::Choice<budget, detail::Designs<Candidates...>>::type;

/// The point of a grid that best_under chooses: `static_assert(best_point<budget, G>.width == 16)`.
template <Budget budget, AnyGrid Grid>
inline constexpr GridPoint best_point = Grid::points[detail::Choice<budget, detail::Designs<Grid>>::index];

namespace detail {

inline void print_points(std::ostream& out, const Budget& budget, std::span<const GridPoint> points) {
  std::vector<std::vector<std::string>> rows{
      {"width", "resolution", "depth", "parameters", "MACs", "weight bytes", "arena bytes", "budget"}};
  const std::size_t chosen = largest_within(budget, points);
  for (std::size_t i = 0; i < points.size(); ++i) {
    const GridPoint& point = points[i];
    rows.push_back({std::to_string(point.width), std::to_string(point.resolution), std::to_string(point.depth),
                    grouped(point.cost.params), grouped(point.cost.macs), grouped(point.weight_bytes),
                    grouped(point.arena_bytes),
                    i == chosen            ? "chosen"
                    : budget.allows(point) ? "within"
                                           : "over"});
  }
  print_aligned(out, rows, 0);
}

}  // namespace detail

/// Prints the points of a grid, a row each: width, resolution, depth, parameters, multiply-accumulates, weight bytes,
/// arena bytes, and whether it is within the budget, over it, or chosen. None is chosen where all are over.
template <AnyGrid Grid>
void print_grid(std::ostream& out, const Budget& budget) {
  detail::print_points(out, budget, Grid::points);
}

}  // namespace ctnn
