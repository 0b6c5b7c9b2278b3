/// Algorithms, layouts and places: what every value looks like in memory and where in the arena it lies.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/convolution.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/network/fuse.hpp>

namespace ctnn {

/// A tensor that flows between steps.
struct Value {
  kernels::Layout layout;
  bool exists = false;      // fusion and aliasing leave numbers unused
  int made_by = none;       // step; none for the network's input
  int last_read_by = none;  // step
  std::size_t offset = 0;   // elements from the arena's start
};

/// All that is decided before anything runs.
template <std::size_t Capacity>
struct Plan {
  Steps<Capacity> steps;
  std::array<Value, 2 * Capacity> values{};
  int value_count = 0;
  int result = 0;
  std::size_t arena_elements = 0;
};

namespace detail {

/// Working state of the planning passes.
template <class Isa, std::size_t Leaves, std::size_t Capacity>
struct Planner {
  const std::array<LeafFacts, Leaves>& facts;
  Plan<Capacity> plan;

  [[nodiscard]] constexpr Value& value(int v) { return plan.values[static_cast<std::size_t>(v)]; }
  [[nodiscard]] constexpr const Value& value(int v) const { return plan.values[static_cast<std::size_t>(v)]; }
  [[nodiscard]] constexpr Operation operation(const Step& step) const {
    return step.leaf == none ? Operation::other : facts[static_cast<std::size_t>(step.leaf)].traits.operation;
  }
  [[nodiscard]] constexpr const LeafFacts& facts_of(const Step& step) const {
    return facts[static_cast<std::size_t>(step.leaf)];
  }

  /// Steps from the one after a value's maker to its last reader; what does not read it among them is harmless.
  [[nodiscard]] constexpr std::span<const Step> readers(int v) const {
    const int begin = value(v).made_by + 1, end = std::max(value(v).last_read_by + 1, begin);
    return {plan.steps.begin() + begin, plan.steps.begin() + end};
  }

  // ---- flattening

  /// Whether everything that reads `v`, seen through activations, is a fully connected layer.
  [[nodiscard]] constexpr bool feeds_only_fully_connected(int v) const {
    if (v == plan.result) return false;
    for (const Step& step : plan.steps) {
      if (!reads(step, v)) continue;
      const bool through = operation(step) == Operation::activation && feeds_only_fully_connected(step.output);
      if (!through && (operation(step) != Operation::fully_connected || step.residual == v)) return false;
    }
    return true;
  }
  /// Fully connected layers read images where they lie: the Flatten between goes.
  constexpr void drop_flattens() {
    for (std::size_t s = 0; s < plan.steps.size;) {
      const Step step = plan.steps[s];
      if (operation(step) == Operation::flatten && feeds_only_fully_connected(step.output)) {
        plan.steps.erase(s);
        for (Step& reader : plan.steps) {
          for (int& input : reader.inputs) {
            if (input == step.output) input = step.input();
          }
        }
      } else {
        ++s;
      }
    }
  }

  // ---- algorithms and layouts

  /// The algorithm of a convolution: the user's or the library's choice.
  [[nodiscard]] constexpr Algorithm algorithm_for(const LeafFacts& leaf, bool planar) const {
    return leaf.use && Isa::lanes > 1 ? *leaf.use : kernels::select_convolution<Isa>(leaf.geometry, planar);
  }
  /// Whether a convolution reads a planar value.
  [[nodiscard]] constexpr bool takes_planar(const LeafFacts& leaf) const {
    const Algorithm algorithm = algorithm_for(leaf, false);
    return algorithm == Algorithm::direct || algorithm == Algorithm::reference;
  }
  /// Whether a value may lie planar: all its readers can read that.
  [[nodiscard]] constexpr bool readers_take_planar(int v) const {
    if (v == plan.result) return false;
    for (const Step& step : readers(v)) {
      if (!reads(step, v)) continue;
      const Operation op = operation(step);
      const bool takes = op == Operation::fully_connected || op == Operation::flatten ||
                         (op == Operation::linear && takes_planar(facts_of(step))) ||
                         (op == Operation::activation && readers_take_planar(step.output));
      if (!takes || step.residual == v) return false;
    }
    return true;
  }
  constexpr void choose_algorithms_and_layouts() {
    value(0).exists = true;
    for (Step& step : plan.steps) {
      const LeafFacts& leaf = facts_of(step);
      Value& out = value(step.output);
      const kernels::Layout& in = value(step.input()).layout;
      out.exists = operation(step) != Operation::exit;
      out.layout = kernels::canonical(leaf.out);
      if (operation(step) == Operation::linear) {
        // the network's input is copied into any layout at little cost; a value in the middle is not
        const bool planar = kernels::planar_fits<Isa>(leaf.geometry) && (in.is_planar() || step.input() == 0) &&
                            step.residual == none && readers_take_planar(step.output);
        step.algorithm = algorithm_for(leaf, planar);
        out.layout.planar = step.algorithm == kernels::Algorithm::planar;
        if (const std::size_t size = kernels::scratch_of<Isa>(step.algorithm, leaf.geometry); size != 0) {
          step.scratch = plan.value_count++;
          value(step.scratch).exists = true;
          value(step.scratch).layout = {.channels = size};
        }
      } else if (operation(step) == Operation::fully_connected) {
        step.algorithm = kernels::select_fully_connected<Isa>();
      } else if (operation(step) == Operation::activation) {
        out.layout = in;
      }
    }
  }

  // ---- borders

  /// Columns of zeros that a step wants beside its input.
  [[nodiscard]] constexpr kernels::Layout wanted_borders(const Step& step) const {
    kernels::Layout wanted{};
    if (operation(step) == Operation::linear && step.algorithm != kernels::Algorithm::reference &&
        !kernels::transforms(step.algorithm)) {
      const auto& g = facts_of(step).geometry;
      const std::size_t reach = (g.out.width - 1) * g.window.stride_width + g.window.span_width();
      wanted.border_left = g.window.pad_left;
      wanted.border_right = reach > g.in.width + g.window.pad_left ? reach - g.in.width - g.window.pad_left : 0;
    }
    return wanted;
  }
  /// Whether a step reads a value with borders.
  [[nodiscard]] constexpr bool reads_borders(const Step& step, int v) const {
    if (step.residual == v) return facts_of(step).out == value(v).layout.extent();
    if (is_linear(operation(step)) || operation(step) == Operation::activation) return true;
    if (operation(step) == Operation::exit) return false;
    return step.input_count == 1 && facts_of(step).has_kernel && facts_of(step).in == value(v).layout.extent();
  }
  /// Whether a value can be made with borders.
  [[nodiscard]] constexpr bool can_have_borders(int v) const {
    if (v == 0 || v == plan.result) return false;
    if (!facts_of(plan.steps[static_cast<std::size_t>(value(v).made_by)]).has_kernel) return false;
    const auto all = readers(v);
    return std::all_of(all.begin(), all.end(),
                       [&](const Step& step) { return !reads(step, v) || reads_borders(step, v); });
  }
  constexpr void widen(int v, const kernels::Layout& wanted) {
    auto& layout = value(v).layout;
    layout.border_left = std::max(layout.border_left, wanted.border_left);
    layout.border_right = std::max(layout.border_right, wanted.border_right);
  }
  /// Gives values the borders their readers want; where a value cannot have them (or is not planar for a planar
  /// convolution), the reader gets a copy that does.
  constexpr void give_borders() {
    Steps<Capacity> with_copies;
    for (Step step : plan.steps) {
      const kernels::Layout wanted = wanted_borders(step);
      const int v = step.input();
      const bool wrong_order = step.algorithm == kernels::Algorithm::planar && !value(v).layout.is_planar();
      if (!wrong_order && (!wanted.has_border() || can_have_borders(v))) {
        widen(v, wanted);
      } else {
        step.inputs[0] = plan.value_count++;
        Value& copy = value(step.input());
        copy.exists = true;
        copy.layout = value(v).layout;
        copy.layout.planar = step.algorithm == kernels::Algorithm::planar;
        widen(step.input(), wanted);
        Step copying{.input_count = 1, .output = step.input()};
        copying.inputs[0] = v;
        with_copies.push_back(copying);
      }
      with_copies.push_back(step);
    }
    plan.steps = with_copies;
  }
  /// A network that hands its input on needs a step all the same.
  constexpr void copy_result() {
    if (plan.result != 0) return;
    const int copy = plan.value_count++;
    value(copy).exists = true;
    value(copy).layout = value(0).layout;
    Step copying{.input_count = 1, .output = copy};
    plan.steps.push_back(copying);
    plan.result = copy;
  }

  // ---- places

  [[nodiscard]] constexpr bool in_arena(int v) const { return value(v).exists && v != 0 && v != plan.result; }
  constexpr void find_lifetimes() {
    for (std::size_t s = 0; s < plan.steps.size; ++s) {
      const Step& step = plan.steps[s];
      value(step.output).made_by = static_cast<int>(s);
      for (int i = 0; i < step.input_count; ++i) {
        value(step.inputs[static_cast<std::size_t>(i)]).last_read_by = static_cast<int>(s);
      }
      if (step.residual != none) value(step.residual).last_read_by = static_cast<int>(s);
      if (step.scratch != none) value(step.scratch).last_read_by = static_cast<int>(s);
    }
  }
  /// The value whose memory the step's output may take: one that ends here, lies alike, and is read position by
  /// position.
  [[nodiscard]] constexpr int reusable(std::size_t s) const {
    const Step& step = plan.steps[s];
    const auto ends_here = [&](int v) {
      return v != none && in_arena(v) && value(v).last_read_by == static_cast<int>(s) &&
             value(v).layout == value(step.output).layout;
    };
    if (!in_arena(step.output) || step.leaf == none) return none;
    if (step.residual != none) return ends_here(step.residual) && step.residual != step.input() ? step.residual : none;
    const bool repeated = step.input_count > 1 && step.inputs[1] == step.input();
    return facts_of(step).traits.in_place && !repeated && ends_here(step.input()) ? step.input() : none;
  }
  /// Places values greedily, the largest first, each at the lowest offset where nothing alive at the same time lies.
  /// Values that share memory in place move as one block.
  constexpr void place(std::size_t granule) {
    struct Block {
      std::size_t size = 0, offset = 0;
      int begin = 0, end = 0;  // steps that it is alive in
    };
    std::array<Block, 2 * Capacity> blocks{};  // in order of their beginnings
    std::size_t count = 0;
    std::array<std::size_t, 2 * Capacity> block_of{};  // by value
    const auto rounded_size = [&](int v) { return (value(v).layout.size() + granule - 1) / granule * granule; };
    for (std::size_t s = 0; s < plan.steps.size; ++s) {
      if (const int scratch = plan.steps[s].scratch; scratch != none) {
        block_of[static_cast<std::size_t>(scratch)] = count;
        blocks[count++] = {.size = rounded_size(scratch), .begin = static_cast<int>(s), .end = static_cast<int>(s)};
      }
      const int v = plan.steps[s].output;
      if (!in_arena(v)) continue;
      const int shared = reusable(s);
      const std::size_t b = shared == none ? count++ : block_of[static_cast<std::size_t>(shared)];
      block_of[static_cast<std::size_t>(v)] = b;
      Block& block = blocks[b];
      if (shared == none) block.begin = static_cast<int>(s);
      block.end = std::max({block.end, static_cast<int>(s), value(v).last_read_by});
      block.size = std::max(block.size, rounded_size(v));
    }
    std::array<std::size_t, 2 * Capacity> order{};
    for (std::size_t i = 0; i < count; ++i) order[i] = i;
    std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), [&](std::size_t a, std::size_t b) {
      return blocks[a].size != blocks[b].size ? blocks[a].size > blocks[b].size : a < b;
    });
    std::array<int, 2 * Capacity> last_end{};  // of the blocks up to this one
    for (std::size_t b = 0; b < count; ++b) last_end[b] = std::max(blocks[b].end, b == 0 ? 0 : last_end[b - 1]);
    std::array<bool, 2 * Capacity> placed{};
    for (std::size_t i = 0; i < count; ++i) {
      Block& block = blocks[order[i]];
      // all that is alive with it lies in [first, last)
      std::size_t first = order[i], last = order[i] + 1;
      while (first > 0 && last_end[first - 1] >= block.begin) --first;
      while (last < count && blocks[last].begin <= block.end) ++last;
      for (std::size_t j = first; j < last;) {  // up past everything in the way, from the start again after each move
        const Block& other = blocks[j];
        const bool in_the_way = placed[j] && other.end >= block.begin && other.offset < block.offset + block.size &&
                                block.offset < other.offset + other.size;
        if (in_the_way) block.offset = other.offset + other.size;
        j = in_the_way ? first : j + 1;
      }
      placed[order[i]] = true;
      plan.arena_elements = std::max(plan.arena_elements, block.offset + block.size);
    }
    for (const Step& step : plan.steps) {
      for (const int v : {step.output, step.scratch}) {
        if (v != none && in_arena(v)) value(v).offset = blocks[block_of[static_cast<std::size_t>(v)]].offset;
      }
    }
  }
};

}  // namespace detail

/// Plans a network: `element_bytes` is an activation's size, `folds` as in fuse().
template <class Isa, std::size_t Leaves>
constexpr auto make_plan(const Graph<Leaves>& graph, const std::array<LeafFacts, Leaves>& facts, const Extent& input,
                         std::size_t element_bytes, bool folds) {
  const auto steps = fuse(graph, facts, folds);
  detail::Planner<Isa, Leaves, 2 * Leaves + 2> planner{.facts = facts, .plan = {}};
  planner.plan.steps = steps;
  planner.plan.value_count = graph.node_count + 1;
  planner.plan.result = graph.result;
  planner.value(0).layout = kernels::canonical(input);
  planner.drop_flattens();
  planner.find_lifetimes();
  planner.choose_algorithms_and_layouts();
  planner.give_borders();
  planner.copy_result();
  planner.find_lifetimes();
  planner.place(alignment / element_bytes);
  return planner.plan;
}

}  // namespace ctnn
