/// A network as quantization sees it: the steps of its integer form, which its float form takes as well.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include <ctnn/layers/with.hpp>
#include <ctnn/network/fuse.hpp>
#include <ctnn/network/graph.hpp>
#include <ctnn/network/network.hpp>
#include <ctnn/numeric/f32.hpp>
#include <ctnn/quantize/equalize.hpp>
#include <ctnn/quantize/leaves.hpp>

namespace ctnn::detail {

/// A bound layer and all that it holds in one format, whatever With says.
template <NumberFormat N, class B>
struct InOneFormat : B {
  using OwnFormat = N;
};
template <NumberFormat N, Composite B>
struct InOneFormat<N, B> : B {
  using OwnFormat = N;
  template <std::size_t I>
  using Part = InOneFormat<N, typename B::template Part<I>>;
};

/// The same network in floats.
template <class Model>
using FloatBound = InOneFormat<F32, Bound<typename Model::Spec, typename Model::Input>>;
template <class Model>
using FloatTable = WeightTable<FloatBound<Model>, F32>;

/// The format of integers in a network: its own, or else that of the first leaf that has one; void where none has.
template <class... Formats>
struct FirstQuantized {
  using type = void;
};
template <class N, class... Formats>
struct FirstQuantized<N, Formats...> : FirstQuantized<Formats...> {};
template <Quantized N, class... Formats>
struct FirstQuantized<N, Formats...> {
  using type = N;
};
template <class Format, class B, class Leaves>
struct IntegerFormat;
template <class Format, class B, std::size_t... I>
struct IntegerFormat<Format, B, std::index_sequence<I...>> {
  using type = typename FirstQuantized<Format, format_of<Leaf<B, I>, Format>...>::type;
  /// Whether all others are F32.
  static constexpr bool beside_floats = [] {
    constexpr auto known = []<class N>(std::type_identity<N>) {
      return std::is_same_v<N, type> || std::is_same_v<N, F32>;
    };
    return known(std::type_identity<Format>{}) && (known(std::type_identity<format_of<Leaf<B, I>, Format>>{}) && ...);
  }();
};
template <class Model, class B = Bound<typename Model::Spec, typename Model::Input>>
using IntegerFormatOf = IntegerFormat<typename Model::Format, B, std::make_index_sequence<leaf_count<B>>>;

/// Whether `quantize` knows all of a network's formats: one of integers, and F32.
template <class Model>
inline constexpr bool is_quantizable =
    !std::is_void_v<typename IntegerFormatOf<Model>::type> && IntegerFormatOf<Model>::beside_floats;

/// Numbers that flow in a network, by value.
template <class T>
struct NetworkValues {
  std::vector<std::vector<float>> real;
  std::vector<std::vector<T>> integer;  // what stands for them, where an integer layer made them
};

/// Facts and functions of a network of which all or parts are in an integer format, N, the others in F32. Numbers are
/// of steps and values, as in Steps.
template <class Model>
struct QuantizedSteps {
  using NetworkFormat = typename Model::Format;
  using N = typename IntegerFormatOf<Model>::type;
  using T = typename N::Activation;
  using Quantization = typename N::Quantization;
  using B = Bound<typename Model::Spec, typename Model::Input>;
  static constexpr std::size_t leaf_count = detail::leaf_count<B>;
  template <std::size_t I>
  using LeafFormat = format_of<Leaf<B, I>, NetworkFormat>;

  struct Facts {
    LeafFacts leaf;
    bool rescales = false;                       // its output has a quantization of its own in the format
    bool homogeneous = false;                    // f(s x) = s f(x) for s > 0, channel by channel
    std::optional<Quantization> quantization{};  // its output's, where its function prescribes one
  };
  template <std::size_t I>
  static constexpr Facts facts_of_leaf() {
    using L = Leaf<B, I>;
    Facts known{.leaf = facts_of<L, LeafFormat<I>, isa::Scalar>(
                    format_numbers<B, NetworkFormat, outer_format<NetworkFormat>>[I])};
    known.rescales = FieldViews<typename LeafFormat<I>::template Fields<L>>::template has<"output_scale">;
    const bool slides = requires { L::geometry; };
    const bool pool = slides && !is_linear(known.leaf.traits.operation);
    known.homogeneous = pool || known.leaf.traits.operation == Operation::flatten;
    if constexpr (requires { typename L::Function; }) known.homogeneous = is_homogeneous<typename L::Function>;
    if constexpr (has_output_range<L>) known.quantization = Quantization::over(L::output_range);
    return known;
  }
  static constexpr auto facts = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Facts, leaf_count>{facts_of_leaf<I>()...};
  }
  (std::make_index_sequence<leaf_count>{});
  static constexpr auto steps = [] {
    std::array<LeafFacts, leaf_count> leaves{};
    for (std::size_t i = 0; i < leaf_count; ++i) {
      leaves[i] = facts[i].leaf;
      leaves[i].quantized = true;  // so that additions stay steps of their own, in floats too
    }
    return fuse<leaf_count>(graph_of<B>, leaves);
  }();
  static constexpr std::size_t value_count = static_cast<std::size_t>(graph_of<B>.node_count) + 1;
  static constexpr auto result = static_cast<std::size_t>(graph_of<B>.result);

  static const Facts& facts_at(int leaf) { return facts[static_cast<std::size_t>(leaf)]; }
  static bool is_linear_step(const Step& step) { return is_linear(facts_at(step.leaf).leaf.traits.operation); }
  static bool is_quantized(const Step& step) { return facts_at(step.leaf).leaf.quantized; }
  static std::size_t output_of(const Step& step) { return static_cast<std::size_t>(step.output); }
  static std::size_t input_of(const Step& step) { return static_cast<std::size_t>(step.input()); }
  /// Whether integers stand for a value: its maker's, or the network's own for the input.
  static bool is_integer(std::size_t value) {
    if (value == 0) return Quantized<outer_format<NetworkFormat>>;
    return facts_at(graph_of<B>.nodes[value - 1].leaf).leaf.quantized;
  }

  /// The step that alone reads a value, null where there is no such step.
  static const Step* sole_reader(int value) {
    if (value == graph_of<B>.result) return nullptr;
    const Step* reader = nullptr;
    for (const Step& step : steps) {
      for (int i = 0; i < step.input_count; ++i) {
        if (step.inputs[static_cast<std::size_t>(i)] != value) continue;
        if (reader != nullptr) return nullptr;
        reader = &step;
      }
    }
    return reader;
  }
  /// The pairs of integer layers with only functions between them that a channel's size goes through.
  static std::vector<EqualizedPair> equalizable_pairs() {
    std::vector<EqualizedPair> found;
    for (const Step& step : steps) {
      const bool through = step.first_activation == none || facts_at(step.first_activation).homogeneous;
      if (!is_linear_step(step) || !is_quantized(step) || !through) continue;
      const Step* next = sole_reader(step.output);
      while (next != nullptr && facts_at(next->leaf).homogeneous) next = sole_reader(next->output);
      if (next == nullptr || !is_linear_step(*next) || !is_quantized(*next)) continue;
      found.push_back({static_cast<std::size_t>(step.leaf), static_cast<std::size_t>(next->leaf)});
    }
    return found;
  }

  template <class Number>
  static std::vector<std::vector<Number>> make_values() {
    std::vector<std::vector<Number>> values(value_count);
    values[0].resize(Model::Input::size);
    for (const Step& step : steps) values[output_of(step)].resize(facts_at(step.leaf).leaf.out.size());
    return values;
  }
  /// Runs a step, and the activation that is fused into it, from inputs to y, all in its number format.
  template <class AnyLeaves>
  static void run_step(const AnyLeaves& leaves, const Step& step, const void* const* inputs, void* y) {
    leaves.run(step.leaf, inputs, y);
    const void* made = y;
    if (step.first_activation != none) leaves.run(step.first_activation, &made, y);
  }
  /// Runs the float network on values[0].
  template <class FloatLeaves>
  static void run_floats(const FloatLeaves& leaves, std::vector<std::vector<float>>& values) {
    for (const Step& step : steps) {
      std::array<const void*, kernels::max_inputs> inputs{};
      for (std::size_t i = 0; i < static_cast<std::size_t>(step.input_count); ++i) {
        inputs[i] = values[static_cast<std::size_t>(step.inputs[i])].data();
      }
      run_step(leaves, step, inputs.data(), values[output_of(step)].data());
    }
  }
};

}  // namespace ctnn::detail
