/// A bound network as plain arrays: its leaves (bound layers that hold no others), in order, and the nodes that connect
/// them. Passes over a network are ordinary constexpr functions over these arrays; types appear again only when a leaf
/// runs.
#pragma once

#include <array>
#include <cstddef>
#include <initializer_list>
#include <string_view>
#include <type_traits>
#include <utility>

#include <ctnn/core/shape.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/with.hpp>

namespace ctnn {

namespace detail {

/// Leaves in a bound layer.
template <class B>
inline constexpr std::size_t leaf_count = 1;

/// The leaf number at which each part of a composite begins, and the end.
template <class C>
inline constexpr auto part_begin = []<std::size_t... I>(std::index_sequence<I...>) {
  std::array<std::size_t, C::part_count + 1> begin{};
  const std::size_t counts[] = {leaf_count<typename C::template Part<I>>...};
  for (std::size_t i = 0; i < C::part_count; ++i) begin[i + 1] = begin[i] + counts[i];
  return begin;
}
(std::make_index_sequence<C::part_count>{});

template <Composite C>
inline constexpr std::size_t leaf_count<C> = part_begin<C>[C::part_count];

/// The part of a composite that holds a leaf.
template <class C>
constexpr std::size_t part_holding(std::size_t leaf) {
  std::size_t part = 0;
  while (part_begin<C>[part + 1] <= leaf) ++part;
  return part;
}

template <class B, std::size_t I>
struct LeafOf {
  using type = B;
};
template <Composite C, std::size_t I>
struct LeafOf<C, I> {
  static constexpr std::size_t part = part_holding<C>(I);
  using type = typename LeafOf<typename C::template Part<part>, I - part_begin<C>[part]>::type;
};

}  // namespace detail

/// Leaf I of a bound layer.
template <class B, std::size_t I>
using Leaf = typename detail::LeafOf<B, I>::type;

/// A parameter's or layer's place in a network, as PyTorch's state_dict spells it: "features.3.0".
class Path {
 public:
  static constexpr std::size_t capacity = 112;

  constexpr void append(std::string_view component) {
    if (component.empty()) return;
    if (size_ != 0) push('.');
    for (const char c : component) push(c);
  }
  constexpr void append(std::size_t number) {
    char digits[20]{};
    std::size_t n = 0;
    do {
      digits[n++] = static_cast<char>('0' + number % 10);
      number /= 10;
    } while (number != 0);
    if (size_ != 0) push('.');
    while (n != 0) push(digits[--n]);
  }
  [[nodiscard]] constexpr std::string_view view() const { return {text_, size_}; }

 private:
  constexpr void push(char c) { text_[size_++] = c; }  // past the end: no constant expression, so the compiler says so

  char text_[capacity]{};
  std::size_t size_ = 0;
};

namespace detail {

template <class B, std::size_t I>
constexpr void append_path(Path& path) {
  if constexpr (Composite<B>) {
    constexpr std::size_t part = part_holding<B>(I);
    if constexpr (B::template part_is_named<part>) {
      path.append(B::template part_name<part>());
    } else {
      path.append(part);
    }
    append_path<typename B::template Part<part>, I - part_begin<B>[part]>(path);
  }
}

}  // namespace detail

/// The path of leaf I.
template <class B, std::size_t I>
inline constexpr Path path_of = [] {
  Path path;
  detail::append_path<B, I>(path);
  return path;
}();

/// A leaf at work: reads values, makes one. Value 0 is the network's input.
struct Node {
  int leaf = -1;
  std::array<int, kernels::max_inputs> inputs{};
  int input_count = 0;
  int output = 0;
};

/// Nodes in an order in which they can run.
template <std::size_t Leaves>
struct Graph {
  std::array<Node, Leaves> nodes{};
  int node_count = 0;
  int result = 0;  // the value that is the network's output

  /// Adds part I of a composite, reading those values; returns the value it makes.
  template <class C, std::size_t I>
  constexpr int part(std::initializer_list<int> inputs) {
    const int outer = first_leaf;
    first_leaf += static_cast<int>(detail::part_begin<C>[I]);
    const int value = append<typename C::template Part<I>>(inputs);
    first_leaf = outer;
    return value;
  }
  template <class B>
  constexpr int append(std::initializer_list<int> inputs) {
    if constexpr (Composite<B>) {
      return B::wire(*this, *inputs.begin());
    } else if constexpr (traits_of<B>.operation == Operation::identity) {
      return *inputs.begin();
    } else {
      Node& node = nodes[static_cast<std::size_t>(node_count++)];
      node.leaf = first_leaf;
      for (const int value : inputs) node.inputs[static_cast<std::size_t>(node.input_count++)] = value;
      node.output = node_count;
      return node.output;
    }
  }

  int first_leaf = 0;  // of what is being appended
};

/// The graph of a bound layer.
template <class B>
inline constexpr auto graph_of = [] {
  Graph<detail::leaf_count<B>> graph;
  graph.result = graph.template append<B>({0});
  return graph;
}();

namespace detail {

/// The first leaf in number format F. (Types are compared, not addresses that stand for them: under the address
/// sanitizer these are no constants.)
template <class B, class N, class F>
inline constexpr int first_leaf_in = []<std::size_t... I>(std::index_sequence<I...>) {
  const std::array<bool, sizeof...(I)> in_format{std::is_same_v<F, format_of<Leaf<B, I>, N>>...};
  int first = 0;
  while (!in_format[static_cast<std::size_t>(first)]) ++first;
  return first;
}
(std::make_index_sequence<leaf_count<B>>{});

/// The numbers of the leaves' number formats: 0 for Outer, else one more than that of the first leaf that has it.
template <class B, class N, class Outer>
inline constexpr auto format_numbers = []<std::size_t... I>(std::index_sequence<I...>) {
  return std::array<int, sizeof...(I)>{
      (std::is_same_v<format_of<Leaf<B, I>, N>, Outer> ? 0 : first_leaf_in<B, N, format_of<Leaf<B, I>, N>> + 1)...};
}
(std::make_index_sequence<leaf_count<B>>{});

}  // namespace detail

}  // namespace ctnn
