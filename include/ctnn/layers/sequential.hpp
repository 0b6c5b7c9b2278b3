/// Layers in series, and names for them.
#pragma once

#include <array>
#include <cstddef>
#include <string_view>
#include <utility>

#include <ctnn/core/fixed_string.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/shape_ops.hpp>

namespace ctnn {

/// A layer whose parameters are found under `Name` instead of its position: `Named<"features", Sequential<...>>`.
/// `Named<"", L>` adds nothing to the path.
template <FixedString Name, class Layer>
struct Named {
  template <AnyShape In>
  static constexpr void explain() {
    detail::explain_rejection<Layer, 0, In>();
  }
};

namespace detail {

template <FixedString Name, class L, class In>
struct Bind<Named<Name, L>, In> : Bind<L, In> {};

/// The layer under a name, and the name: null where it has none and its position serves.
template <class L>
struct Unnamed {
  using type = L;
  static constexpr std::string_view name{};
  static constexpr bool named = false;
};
template <FixedString Name, class L>
struct Unnamed<Named<Name, L>> {
  using type = L;
  static constexpr auto literal = Name;
  static constexpr std::string_view name = literal.view();
  static constexpr bool named = true;
};

// Layers by position: overload resolution among indexed bases costs the compiler far less than recursion.
template <std::size_t I, class T>
struct Indexed {
  using type = T;
};
template <class Sequence, class... Ts>
struct IndexedList;
template <std::size_t... I, class... Ts>
struct IndexedList<std::index_sequence<I...>, Ts...> : Indexed<I, Ts>... {};
template <std::size_t I, class T>
Indexed<I, T> indexed(const Indexed<I, T>&);

/// A list of types looked up by position.
template <class... Ts>
struct TypeList : IndexedList<std::index_sequence_for<Ts...>, Ts...> {
  static constexpr std::size_t size = sizeof...(Ts);
};
template <class List, std::size_t I>
using type_at = typename decltype(indexed<I>(std::declval<List>()))::type;

/// Step I of a series: its layer bound to the output of step I - 1.
template <class Layers, class In, std::size_t I>
struct SequentialStep {
  using Input = typename SequentialStep<Layers, In, I - 1>::Bound::Output;
  using Bound = ctnn::Bound<type_at<Layers, I>, Input>;
};
template <class Layers, class In>
struct SequentialStep<Layers, In, 0> {
  using Input = In;
  using Bound = ctnn::Bound<type_at<Layers, 0>, Input>;
};

/// A series bound to an input.
template <class Layers, AnyShape In>
struct SequentialOn {
  using Input = In;
  static constexpr std::size_t part_count = Layers::size;
  template <std::size_t I>
  using Part = typename SequentialStep<Layers, In, I>::Bound;

 private:
  template <std::size_t I>
  static constexpr bool explain_part() {
    using Step = SequentialStep<Layers, In, I>;
    if constexpr (!is_accepted<typename Step::Bound>()) {
      return explain_rejection<type_at<Layers, I>, I, typename Step::Input>();
    } else {
      return true;
    }
  }
  // In order, so that no step is instantiated from inside another: the template depth stays small.
  static constexpr auto costs = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Cost, part_count + 1>{Part<I>::cost...};
  }
  (std::make_index_sequence<part_count>{});
  static constexpr auto parts_accepted = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<bool, part_count + 1>{is_accepted<Part<I>>()..., true};
  }
  (std::make_index_sequence<part_count>{});

 public:
  using Output = typename Part<part_count - 1>::Output;
  static constexpr bool accepted = [] {
    for (const bool ok : parts_accepted) {
      if (!ok) return false;
    }
    return true;
  }();
  static constexpr bool explain_parts() {
    return []<std::size_t... I>(std::index_sequence<I...>) {
      const bool explained[] = {explain_part<I>()...};
      return explained[0];
    }
    (std::make_index_sequence<part_count>{});
  }
  static constexpr Cost cost = [] {
    Cost sum;
    for (const Cost& c : costs) sum += c;
    return sum;
  }();

  template <std::size_t I>
  static constexpr std::string_view part_name() {
    return Unnamed<type_at<Layers, I>>::name;
  }
  template <std::size_t I>
  static constexpr bool part_is_named = Unnamed<type_at<Layers, I>>::named;

  /// Adds the parts to a graph, each reading the one before; returns the last one's value.
  template <class Graph>
  static constexpr int wire(Graph& graph, int x) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const int values[] = {(x = graph.template part<SequentialOn, I>({x}))...};
      x = values[part_count - 1];
    }
    (std::make_index_sequence<part_count>{});
    return x;
  }
};

template <class... Layers>
inline constexpr bool have_distinct_names = [] {
  const std::array<std::string_view, sizeof...(Layers)> names{Unnamed<Layers>::name...};
  const std::array<bool, sizeof...(Layers)> named{Unnamed<Layers>::named...};
  for (std::size_t i = 0; i < names.size(); ++i) {
    for (std::size_t j = i + 1; j < names.size() && !names[i].empty(); ++j) {
      if (names[i] == names[j]) return false;
    }
    // a name may also be the position of an unnamed layer
    std::size_t position = 0;
    bool number = !names[i].empty() && names[i].size() < 6;
    for (const char c : names[i]) {
      number = number && c >= '0' && c <= '9';
      position = 10 * position + static_cast<std::size_t>(c - '0');
    }
    if (number && position < names.size() && !named[position]) return false;
  }
  return true;
}();

}  // namespace detail

/// Satisfied where no two layers of a series are found under the same name.
template <class... Layers>
concept distinct_names = detail::have_distinct_names<Layers...>;  // not a lambda here: Clang 14 takes none in a concept

/// Layers one after the other. Parameters are found under each layer's position ("0.weight") or name.
template <class... Layers>
  requires(sizeof...(Layers) > 0 && distinct_names<Layers...>)
struct Sequential {
  template <AnyShape In>
  struct On : detail::SequentialOn<detail::TypeList<Layers...>, In> {};
};

namespace detail {

template <std::size_t time, class L>
using EachTime = L;
template <class L, std::size_t... I>
Sequential<EachTime<I, L>...> repeated(std::index_sequence<I...>);
template <class L>
Identity repeated(std::index_sequence<>);

}  // namespace detail

/// A layer `count` times in series, with parameters of its own each time; Identity where `count` is 0.
template <std::size_t count, class Layer>
using Repeat = decltype(detail::repeated<Layer>(std::make_index_sequence<count>{}));

}  // namespace ctnn
