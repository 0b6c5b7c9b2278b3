/// From nodes to steps: a convolution or fully connected layer takes the batch norm, activation and residual addition
/// that follow it into its own loop.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <utility>

#include <ctnn/kernels/convolution.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/with.hpp>
#include <ctnn/network/graph.hpp>

namespace ctnn {

/// Which kernels read the inputs and weights of a convolution in a number format.
enum class Readers {
  any,
  direct_and_lanewise,  ///< weights are floats, inputs are not
  direct_and_tiles,     ///< both are bfloat16
  direct,
  of_halves,  ///< weights and inputs are halves
};

/// What the passes know of a leaf.
struct LeafFacts {
  Traits traits;
  Extent in, out;
  kernels::Convolution2d geometry;  // of linear operations and sliding windows
  std::optional<Algorithm> use{};   // what the user chose
  Readers readers = Readers::any;   // of a convolution's numbers in this format
  std::size_t first_channel = 0;    // of a slice
  std::size_t groups = 1;           // that a shuffle interleaves
  std::size_t gate = 0;             // which input weights the other's channels
  int format = 0;                   // number of its number format (detail::format_numbers)
  bool quantized = false;           // which is of integers
  bool float_weights = true;        // and packs weights as single precision
  std::size_t word_depth = 0;       // or packs this layer's as words of several: taps side by side
  std::size_t element_bytes = sizeof(float);
  bool fuses = false;      // an activation that an epilogue can hold in this number format
  bool has_kernel = true;  // one of the library's: reads and writes any channels-last layout
};

inline constexpr int none = -1;

/// A unit of execution. Leaves that were fused into it, `none` where there are none, in the order they apply.
struct Step {
  int leaf = none;        // none: a copy to another layout or number format
  int copies_for = none;  // leaf that reads the copy, none for the network's output
  std::array<int, kernels::max_inputs> inputs{};
  int input_count = 0;
  int output = 0;
  int batch_norm = none;         // leaf
  int first_activation = none;   // leaf
  int residual = none;           // value
  int gate = none;               // value: one pixel, by which the input's channels are multiplied
  int second_activation = none;  // leaf
  kernels::Algorithm algorithm = kernels::Algorithm::reference;
  int scratch = none;  // value: memory that the kernel works in
  int band = none;     // runs in that band

  [[nodiscard]] constexpr int input() const { return inputs[0]; }
};

/// Steps in order, at most `Capacity`; values are numbered as in the graph, copies behind them.
template <std::size_t Capacity>
struct Steps {
  std::array<Step, Capacity> items{};
  std::size_t size = 0;

  constexpr void push_back(const Step& step) { items[size++] = step; }
  constexpr void erase(std::size_t position) {
    for (std::size_t i = position + 1; i < size; ++i) items[i - 1] = items[i];
    items[--size] = Step{};
  }
  [[nodiscard]] constexpr const Step& operator[](std::size_t i) const { return items[i]; }
  [[nodiscard]] constexpr Step& operator[](std::size_t i) { return items[i]; }
  [[nodiscard]] constexpr Step* begin() { return items.data(); }
  [[nodiscard]] constexpr Step* end() { return items.data() + size; }
  [[nodiscard]] constexpr const Step* begin() const { return items.data(); }
  [[nodiscard]] constexpr const Step* end() const { return items.data() + size; }
};

/// The number of a value's number format, as in LeafFacts.
template <std::size_t Leaves>
constexpr int format_of_value(const Graph<Leaves>& graph, const std::array<LeafFacts, Leaves>& facts, int value) {
  if (value == 0) return 0;
  return facts[static_cast<std::size_t>(graph.nodes[static_cast<std::size_t>(value) - 1].leaf)].format;
}

/// Whether an operation is a convolution or a fully connected layer.
constexpr bool is_linear(Operation operation) {
  return operation == Operation::linear || operation == Operation::fully_connected;
}

/// Whether step reads value, as an input, as its residual or as its gate.
constexpr bool reads(const Step& step, int value) {
  for (int i = 0; i < step.input_count; ++i) {
    if (step.inputs[static_cast<std::size_t>(i)] == value) return true;
  }
  return step.residual == value || step.gate == value;
}

/// Fuses what computes in one number format. Epilogues of floating-point formats add residuals.
template <std::size_t capacity, std::size_t Leaves>
constexpr auto fuse(const Graph<Leaves>& graph, const std::array<LeafFacts, Leaves>& facts) {
  const auto count = static_cast<std::size_t>(graph.node_count);
  std::array<int, Leaves + 1> uses{}, consumer{}, made_at{};  // by value
  for (std::size_t n = 0; n < count; ++n) {
    const Node& node = graph.nodes[n];
    for (int i = 0; i < node.input_count; ++i) {
      const auto value = static_cast<std::size_t>(node.inputs[static_cast<std::size_t>(i)]);
      ++uses[value];
      consumer[value] = static_cast<int>(n);
    }
    made_at[static_cast<std::size_t>(node.output)] = static_cast<int>(n);
  }
  made_at[0] = -1;

  std::array<bool, Leaves> absorbed{};
  Steps<capacity> steps;
  for (std::size_t n = 0; n < count; ++n) {
    if (absorbed[n]) continue;
    const Node& node = graph.nodes[n];
    const auto facts_of = [&](int leaf) { return facts[static_cast<std::size_t>(leaf)]; };
    Step step{.leaf = node.leaf, .inputs = node.inputs, .input_count = node.input_count, .output = node.output};

    // the node that alone reads what the step makes so far, none where there is no such node
    const auto sole_consumer = [&] {
      const auto value = static_cast<std::size_t>(step.output);
      const bool sole = uses[value] == 1 && step.output != graph.result;
      if (!sole) return none;
      const int next = graph.nodes[static_cast<std::size_t>(consumer[value])].leaf;
      return facts_of(next).format == facts_of(node.leaf).format ? consumer[value] : none;
    };
    const auto operation_of = [&](int at) {
      return at == none ? Operation::other : facts_of(graph.nodes[static_cast<std::size_t>(at)].leaf).traits.operation;
    };
    const auto absorb = [&](int at) {
      absorbed[static_cast<std::size_t>(at)] = true;
      step.output = graph.nodes[static_cast<std::size_t>(at)].output;
      return graph.nodes[static_cast<std::size_t>(at)].leaf;
    };
    const auto absorb_activation = [&]() -> int {
      const int next = sole_consumer();
      const bool can = operation_of(next) == Operation::activation &&
                       facts_of(graph.nodes[static_cast<std::size_t>(next)].leaf).fuses;
      return can ? absorb(next) : none;
    };

    if (is_linear(facts_of(node.leaf).traits.operation)) {
      if (operation_of(sole_consumer()) == Operation::batch_norm) step.batch_norm = absorb(sole_consumer());
      step.first_activation = absorb_activation();
      const bool adds = !facts_of(node.leaf).quantized;
      if (const int next = sole_consumer(); adds && operation_of(next) == Operation::add) {
        const Node& add = graph.nodes[static_cast<std::size_t>(next)];
        const int other = add.inputs[0] == step.output ? add.inputs[1] : add.inputs[0];
        // the other branch must be there already when this step runs
        if (add.input_count == 2 && made_at[static_cast<std::size_t>(other)] < static_cast<int>(n) &&
            format_of_value(graph, facts, other) == facts_of(node.leaf).format) {
          step.residual = other;
          absorb(next);
          step.second_activation = absorb_activation();
        }
      }
    }
    made_at[static_cast<std::size_t>(step.output)] = static_cast<int>(n);
    steps.push_back(step);
  }
  return steps;
}

namespace detail {

/// The batch norms of a bound layer that fold into the linear operation before them, by leaf.
template <class B, class N>
inline constexpr auto folded_batch_norms = []<std::size_t... I>(std::index_sequence<I...>) {
  std::array<LeafFacts, leaf_count<B>> facts{};
  ((facts[I].traits = traits_of<Leaf<B, I>>), ...);
  ((facts[I].format = format_numbers<B, N, outer_format<N>>[I]), ...);
  std::array<bool, leaf_count<B>> folded{};
  for (const Step& step : fuse<leaf_count<B>>(graph_of<B>, facts)) {
    if (step.batch_norm != none) folded[static_cast<std::size_t>(step.batch_norm)] = true;
  }
  return folded;
}
(std::make_index_sequence<leaf_count<B>>{});

}  // namespace detail

}  // namespace ctnn
