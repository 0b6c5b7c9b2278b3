/// Where a network departs from what is known to be efficient, as numbers: the four guidelines of ShuffleNetV2
/// (arXiv 1807.11164), convolutions that could be separable (arXiv 1704.04861), layers bound by memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string_view>
#include <utility>

#include <ctnn/core/cost.hpp>
#include <ctnn/network/network.hpp>
#include <ctnn/network/summary.hpp>
#include <ctnn/numeric/math.hpp>

namespace ctnn {

/// The least memory access of a 1x1 convolution of `macs` multiply-accumulates over `pixels` pixels, in elements:
/// 2 sqrt(pixels * macs) + macs / pixels, reached where input and output channels are equal.
constexpr double least_memory_access(std::uint64_t pixels, std::uint64_t macs) {
  const auto p = static_cast<double>(pixels), b = static_cast<double>(macs);
  return 2.0 * numeric::sqrt(p * b) + b / p;
}

/// What a piece of advice is about.
enum class Guideline {
  unequal_widths,     ///< G1: a 1x1 convolution whose input and output channels differ
  many_groups,        ///< G2: a grouped (not depthwise) convolution
  fragments,          ///< G3: convolutions in parallel branches
  elementwise_share,  ///< G4: memory access of everything but convolutions and fully connected layers
  separable,          ///< a standard convolution with a kernel larger than 1x1
  memory_bound,       ///< on a machine: less arithmetic per byte than the machine could do
};

/// A departure, in numbers: what it is and what it would be at best, both in the guideline's unit.
struct Advice {
  Guideline guideline{};
  std::size_t layer = 0;  ///< number in Model::layers; of elementwise_share, none
  /// unequal_widths, many_groups: elements accessed. fragments: branches. elementwise_share: share of all memory
  /// access. separable: multiply-accumulates. memory_bound: FLOPs per byte.
  double is = 0.0, could_be = 0.0;

  /// How many times too much (or, of arithmetic per byte, too little) it is.
  [[nodiscard]] constexpr double factor() const {
    const bool more_is_better = guideline == Guideline::memory_bound;
    return more_is_better ? could_be / is : is / could_be;
  }
};

/// Pieces of advice, in the order of the layers; a range.
template <std::size_t Capacity>
struct AdviceList {
  std::array<Advice, Capacity> items{};
  std::size_t count = 0;

  constexpr void push_back(const Advice& advice) { items[count++] = advice; }
  [[nodiscard]] constexpr std::size_t size() const { return count; }
  [[nodiscard]] constexpr const Advice* begin() const { return items.data(); }
  [[nodiscard]] constexpr const Advice* end() const { return items.data() + count; }
  /// How many are of that guideline.
  [[nodiscard]] constexpr std::size_t size(Guideline guideline) const {
    std::size_t n = 0;
    for (const Advice& advice : *this) n += advice.guideline == guideline ? 1 : 0;
    return n;
  }
};

namespace detail {

/// Advice on one convolution.
template <std::size_t Capacity>
constexpr void advise_on_convolution(AdviceList<Capacity>& list, std::size_t layer, const kernels::Convolution2d& g,
                                     const Cost& cost) {
  const std::size_t window = g.window.height * g.window.width;
  const auto accessed = static_cast<double>(cost.memory_access);
  const auto pixels = static_cast<double>(g.out.pixels()), macs = static_cast<double>(cost.macs);
  if (g.groups == 1 && g.window == kernels::Window{} && g.in.channels != g.out.channels) {
    list.push_back({Guideline::unequal_widths, layer, accessed, least_memory_access(g.out.pixels(), cost.macs)});
  }
  if (g.groups > 1 && g.groups < g.in.channels) {
    // the paper's comparison: the same input and multiply-accumulates without groups, so with 1 / groups of the outputs
    const auto in = static_cast<double>(g.in.size()), weights = static_cast<double>(g.out.channels * g.taps());
    const double ungrouped_outputs = pixels * static_cast<double>(g.out.channels) / static_cast<double>(g.groups);
    list.push_back({Guideline::many_groups, layer, accessed, in + ungrouped_outputs + weights});
  }
  if (g.groups == 1 && window > 1 && g.in.channels > 1) {
    const auto separable = pixels * static_cast<double>(g.in.channels * (window + g.out.channels));
    if (separable < macs) list.push_back({Guideline::separable, layer, macs, separable});
  }
}

/// Advice on every leaf of B, the first of which is number `first` in the network.
template <class B, std::size_t first, class List>
constexpr void advise_on(List& list) {
  if constexpr (Composite<B>) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const int done[] = {(advise_on<typename B::template Part<I>, first + part_begin<B>[I]>(list), 0)...};
      static_cast<void>(done);
    }
    (std::make_index_sequence<B::part_count>{});
    if constexpr (requires { B::branch_count; }) {
      const std::size_t fragments = []<std::size_t... I>(std::index_sequence<I...>) {
        return (std::size_t{B::template Part<I>::cost.macs > 0} + ... + 0);
      }
      (std::make_index_sequence<B::branch_count>{});
      const std::size_t join = first + part_begin<B>[B::branch_count];
      if (fragments > 1) list.push_back({Guideline::fragments, join, static_cast<double>(fragments), 1.0});
    }
  } else if constexpr (traits_of<B>.operation == Operation::linear) {
    advise_on_convolution(list, first, B::geometry, B::cost);
  }
}

inline void print_number(std::ostream& out, double number) {
  if (number >= 100.0) {
    out << grouped(static_cast<std::uint64_t>(number + 0.5));
  } else {
    out << static_cast<double>(static_cast<std::int64_t>(number * 100.0 + 0.5)) / 100.0;
  }
}

}  // namespace detail

/// What can be said of a network by itself: departures from the guidelines, layer by layer, as constexpr data.
/// `static_assert(advice<Model>.size(Guideline::many_groups) == 0)`.
template <class Model>
inline constexpr auto advice = [] {
  constexpr std::size_t leaves = Model::layers.size();
  AdviceList<2 * leaves + 1> list;
  detail::advise_on<Bound<typename Model::Spec, typename Model::Input>, 0>(list);
  std::uint64_t elementwise = 0;
  for (const LayerInfo& layer : Model::layers) elementwise += layer.cost.macs == 0 ? layer.cost.memory_access : 0;
  if (elementwise != 0) {
    const auto share = static_cast<double>(elementwise) / static_cast<double>(Model::cost.memory_access);
    list.push_back({Guideline::elementwise_share, leaves, share, 0.0});
  }
  return list;
}();

/// The layers that a machine's memory, not its arithmetic, bounds.
template <class Model>
constexpr auto memory_bound_layers(const Machine& machine) {
  AdviceList<Model::layers.size()> list;
  for (std::size_t i = 0; i < Model::layers.size(); ++i) {
    const Cost& cost = Model::layers[i].cost;
    const double intensity = Model::layers[i].arithmetic_intensity();
    const double balance = machine.balance(Model::layers[i].precision);
    if (cost.memory_access != 0 && intensity < balance) {
      list.push_back({Guideline::memory_bound, i, intensity, balance});
    }
  }
  return list;
}

/// Prints pieces of advice about Model, a sentence each.
template <class Model, std::size_t Capacity>
void print_advice(std::ostream& out, const AdviceList<Capacity>& list) {
  for (const Advice& advice : list) {
    if (advice.layer < Model::layers.size()) {
      const LayerInfo& layer = Model::layers[advice.layer];
      out << layer.path.view() << ' ' << layer.name << ": ";
    }
    const auto print = [&](std::string_view before, double number, std::string_view after) {
      out << before;
      detail::print_number(out, number);
      out << after;
    };
    switch (advice.guideline) {
      case Guideline::unequal_widths:
        print("input and output widths differ; it accesses ", advice.is, " elements, ");
        print("equal widths of the same arithmetic ", advice.could_be, "");
        break;
      case Guideline::many_groups:
        print("it accesses ", advice.is, " elements, ");
        print("the same arithmetic without groups ", advice.could_be, "");
        break;
      case Guideline::fragments:
        print("", advice.is, " branches compute in parallel, each too small to fill a machine");
        break;
      case Guideline::elementwise_share:
        print("layers that multiply nothing make ", 100.0 * advice.is, " % of the memory access");
        break;
      case Guideline::separable:
        print("depthwise-separable it would take ", advice.could_be, " multiply-accumulates ");
        print("instead of ", advice.is, "");
        print(", ", advice.factor(), " times fewer");
        break;
      case Guideline::memory_bound:
        print("bound by memory: ", advice.is, " FLOPs per byte, ");
        print("the machine could do ", advice.could_be, "");
        break;
    }
    out << '\n';
  }
}

}  // namespace ctnn
