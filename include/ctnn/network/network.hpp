/// A network: a spec bound to an input shape, a number format and an instruction set. Everything about it but its
/// weights is a constant expression.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>

#include <ctnn/core/cost.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/epilogue.hpp>
#include <ctnn/kernels/gather.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/shape_ops.hpp>
#include <ctnn/layers/with.hpp>
#include <ctnn/network/fuse.hpp>
#include <ctnn/network/graph.hpp>
#include <ctnn/network/layer_info.hpp>
#include <ctnn/network/memory.hpp>
#include <ctnn/network/run_memory.hpp>
#include <ctnn/network/runnable.hpp>
#include <ctnn/network/step_kernels.hpp>
#include <ctnn/network/weights.hpp>
#include <ctnn/numeric/f32.hpp>
#include <ctnn/numeric/int8.hpp>
#include <ctnn/simd/denormals.hpp>
#include <ctnn/simd/isa.hpp>

namespace ctnn {

/// Arena bytes up to which `model(x)` may use the stack; beyond, the caller brings an Arena.
inline constexpr std::size_t stack_arena_limit = std::size_t{256} * 1024;

namespace detail {

/// A value's numbers: real = scale * (q - zero_point).
struct ScaleAndZero {
  float scale = 1.0F;
  std::int32_t zero_point = 0;

  /// As a format has them: nothing in floating point.
  template <NumberFormat N>
  [[nodiscard]] constexpr typename N::Quantization of() const {
    if constexpr (Quantized<N>) {
      return {scale, zero_point};
    } else {
      return {};
    }
  }
};

/// What comes out of a network: its number format, and that one's number, none where no leaf has it.
template <class B, NumberFormat N>
struct OutputOf {
  static constexpr int value = graph_of<B>.result;
  static constexpr auto made() {
    if constexpr (value == 0) {
      return std::type_identity<outer_format<N>>{};
    } else {
      constexpr int leaf = graph_of<B>.nodes[static_cast<std::size_t>(value) - 1].leaf;
      return std::type_identity<format_of<Leaf<B, static_cast<std::size_t>(leaf)>, N>>{};
    }
  }
  using Made = typename decltype(made())::type;
  using Format = outer_format<Made>;
  static constexpr int number = [] {
    if constexpr (std::is_same_v<Format, outer_format<N>>) {
      return 0;
    } else if constexpr (std::is_same_v<Format, Made>) {
      constexpr int leaf = graph_of<B>.nodes[static_cast<std::size_t>(value) - 1].leaf;
      return format_numbers<B, N, outer_format<N>>[static_cast<std::size_t>(leaf)];
    } else {
      return none;
    }
  }();
};

template <class B, class N, class Isa>
constexpr LeafFacts facts_of(int format) {
  LeafFacts facts{.traits = traits_of<B>,
                  .in = extent_of<typename B::Input>,
                  .out = extent_of<typename B::Output>,
                  .geometry = {},
                  .format = format,
                  .quantized = Quantized<N>,
                  .float_weights = std::is_same_v<typename N::Weight, float>,
                  .element_bytes = sizeof(typename N::Activation),
                  .has_kernel = has_kernel<B, N, Isa>};
  if constexpr (requires { B::geometry; }) facts.geometry = B::geometry;
  if constexpr (Floating<N> && !std::same_as<typename N::Weight, float>) {
    if (std::same_as<typename N::Activation, Half>) {
      facts.readers = Readers::of_halves;
    } else if (facts.traits.operation == Operation::linear && kernels::stores_weights<N>(facts.geometry)) {
      constexpr bool pairs = std::same_as<typename N::Activation, BFloat16>;
      facts.readers = pairs ? Readers::direct_and_tiles : Readers::direct;
      facts.word_depth = numeric::word_depth<typename N::Weight>;
    } else if (!std::same_as<typename N::Activation, float>) {
      facts.readers = Readers::direct_and_lanewise;
    }
  }
  if constexpr (Quantized<N> && has_stored_weights<N, B>) facts.word_depth = numeric::word_depth<typename N::Weight>;
  if constexpr (requires { B::use; }) facts.use = B::use;
  if constexpr (requires { B::first_channel; }) facts.first_channel = B::first_channel;
  if constexpr (requires { B::gate; }) facts.gate = B::gate;
  if constexpr (requires { B::groups; }) facts.groups = B::groups;
  if constexpr (requires { typename B::Function; }) {
    facts.fuses = Floating<N> || kernels::ClampFunction<typename B::Function>;
  }
  return facts;
}

/// What stands for zero in every step's output, where that is 0.
struct FloatZeros {
  constexpr float operator[](std::size_t /*step*/) const { return 0.0F; }
};

/// One step's packed weights, by position.
template <std::size_t S, class Packed>
struct PackedStep {
  [[no_unique_address]] Packed packed{};
};
template <class Sequence, template <std::size_t> class PackedOf>
struct PackedSteps;
template <std::size_t... S, template <std::size_t> class PackedOf>
struct PackedSteps<std::index_sequence<S...>, PackedOf> : PackedStep<S, typename PackedOf<S>::type>... {};

}  // namespace detail

/// A spec bound to an input shape, a number format and an instruction set.
///
/// Immutable once constructed: any number of threads may run one network at a time, each with an Arena of its own.
/// Running allocates nothing, locks nothing and throws nothing. Denormal floats are flushed to zero while it runs.
///
/// This template is what a network that cannot be turns into: it says why in one sentence, and otherwise keeps quiet by
/// behaving as Identity.
template <class Spec, InputShape In, NumberFormat N = F32, class Isa = isa::Native>
class Network : public Network<Identity, In, F32, Isa> {
  static_assert(detail::explain_network<Spec, In, N, Isa>());

 public:
  template <class... Anything>
  constexpr explicit Network(const Anything&...)
      : Network<Identity, In, F32, Isa>{WeightsView<Network<Identity, In, F32, Isa>>{nullptr, nullptr, nullptr}} {}
};

template <class SpecType, InputShape In, NumberFormat N, class IsaType>
  requires detail::runnable<SpecType, In, N, IsaType>
class Network<SpecType, In, N, IsaType> {  // NOLINT(clang-analyzer-optin.performance.Padding): weights are aligned
  using B = Bound<SpecType, In>;
  static constexpr std::size_t leaf_count = detail::leaf_count<B>;
  template <std::size_t I>
  using LeafFormat = format_of<Leaf<B, I>, N>;
  static constexpr auto leaf_indices = std::make_index_sequence<leaf_count>{};

 public:
  using Spec = SpecType;
  using Input = In;
  using Output = typename B::Output;
  using Format = N;
  using Isa = IsaType;
  using Element = typename outer_format<N>::Activation;  ///< of the input
  using WeightTable = detail::WeightTable<B, StoredFormat<N>>;
  using Quantization = typename outer_format<N>::Quantization;  ///< of the input
  /// The same network on the scalar kernels: runs in constant expressions too.
  using Reference = Network<Spec, In, N, isa::Scalar>;

 private:
  static constexpr auto facts = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<LeafFacts, leaf_count>{
        detail::facts_of<Leaf<B, I>, LeafFormat<I>, Isa>(detail::format_numbers<B, N, outer_format<N>>[I])...};
  }
  (leaf_indices);
  static constexpr bool mixed =
      std::any_of(facts.begin(), facts.end(), [](const LeafFacts& leaf) { return leaf.format != 0; });
  using OutputFormat = typename detail::OutputOf<B, N>::Format;
  using T = Element;
  using U = typename OutputFormat::Activation;

  static constexpr auto plan =
      make_plan<Isa, mixed>(graph_of<B>, facts, extent_of<In>, {sizeof(T), sizeof(U), detail::OutputOf<B, N>::number});
  template <int number>
  static constexpr auto format_numbered() {
    if constexpr (number == none) {
      return std::type_identity<OutputFormat>{};
    } else if constexpr (number == 0) {
      return std::type_identity<outer_format<N>>{};
    } else {
      return std::type_identity<LeafFormat<static_cast<std::size_t>(number) - 1>>{};
    }
  }
  static constexpr std::size_t step_count = plan.steps.size;
  using StepIndices = std::make_index_sequence<step_count>;

  static constexpr bool is_exit(const Step& step) {
    return step.leaf != none && facts[static_cast<std::size_t>(step.leaf)].traits.operation == Operation::exit;
  }
  static constexpr const Value& value(int v) { return plan.values[static_cast<std::size_t>(v)]; }

  /// Types of value v. (A struct: GCC 12 crashes on an alias that reads the plan.)
  template <int v>
  struct ValueTypes {
    using Format = typename decltype(format_numbered<value(v).format>())::type;
    using Element = typename Format::Activation;
  };
  template <int v>
  using FormatOfValue = typename ValueTypes<v>::Format;
  template <int v>
  using ElementOf = typename ValueTypes<v>::Element;

  /// Types and layouts of step S.
  template <std::size_t S>
  struct StepTypes {
    static constexpr Step step = plan.steps[S];
    template <int leaf>
    using LeafAt = Leaf<B, static_cast<std::size_t>(leaf)>;

    static constexpr auto kernel() {
      constexpr kernels::Layout have = value(step.input()).layout, out = value(step.output).layout;
      if constexpr (step.leaf == none) {
        return std::type_identity<
            detail::CopyKernel<FormatOfValue<step.input()>, FormatOfValue<step.output>, have, out>>{};
      } else if constexpr (step.input_count > 1 && traits_of<LeafAt<step.leaf>>.operation == Operation::shuffle) {
        return []<std::size_t... I>(std::index_sequence<I...>) {
          return std::type_identity<
              detail::InterleaveKernel<value(step.output).layout, value(step.inputs[I]).layout...>>{};
        }
        (std::make_index_sequence<static_cast<std::size_t>(step.input_count)>{});
      } else {
        using L = LeafAt<step.leaf>;
        using F = LeafFormat<static_cast<std::size_t>(step.leaf)>;
        // a vector that lies as an image is read as the layer sees it, unless the layer takes any layout
        constexpr bool as_it_lies = is_linear(traits_of<L>.operation) ||
                                    traits_of<L>.operation == Operation::activation ||
                                    have.extent() == extent_of<typename L::Input>;
        constexpr kernels::Layout in = as_it_lies ? have : kernels::canonical(extent_of<typename L::Input>);
        if constexpr (detail::has_kernel<L, F, Isa>) {
          return std::type_identity<typename L::template Kernel<F, Isa, step.algorithm, in, out>>{};
        } else {
          return std::type_identity<detail::ForwardKernel<L, F>>{};
        }
      }
    }
    using Kernel = typename decltype(kernel())::type;

    template <int leaf>
    static constexpr auto function_of() {
      if constexpr (leaf == none) {
        return kernels::Linear{};
      } else {
        return typename LeafAt<leaf>::Function{};
      }
    }
    static constexpr kernels::Addend addend = step.residual == none ? kernels::Addend::nothing
                                              : value(step.residual).layout == value(step.output).layout
                                                  ? kernels::Addend::aligned
                                                  : kernels::Addend::shifted;
    using Epilogue = kernels::FloatEpilogue<
        decltype(function_of<step.first_activation>()), addend, decltype(function_of<step.second_activation>()),
        std::conditional_t<std::integral<ElementOf<step.output>>, float, ElementOf<step.output>>>;
  };
  template <std::size_t S>
  struct PackedOf {
    using type = typename StepTypes<S>::Kernel::Packed;
  };

 public:
  /// What one run costs, in all and leaf by leaf.
  static constexpr Cost cost = B::cost;
  static constexpr std::array<LayerInfo, leaf_count> layers = []<std::size_t... I>(std::index_sequence<I...>) {
    std::array<LayerInfo, leaf_count> table{};
    const auto fill = [&]<class L>(std::type_identity<L>, const Path& path, std::size_t i) {
      table[i].path = path;
      table[i].name = {detail::layer_name<L>.text.data(), detail::layer_name<L>.size};
      table[i].rank = L::Output::rank;
      for (std::size_t d = 0; d < L::Output::rank; ++d) table[i].output[d] = L::Output::dims[d];
      table[i].cost = L::cost;
      table[i].output_bytes = L::Output::size * facts[i].element_bytes;
    };
    const int done[] = {(fill(std::type_identity<Leaf<B, I>>{}, path_of<B, I>, I), 0)...};
    ((table[I].format = LeafFormat<I>::name.view(), table[I].precision = precision_of<LeafFormat<I>>), ...);
    ((table[I].bytes_accessed = detail::bytes_accessed<LeafFormat<I>, Leaf<B, I>>), ...);
    ((table[I].weight_bytes =
          detail::weight_bytes_of<LeafFormat<I>, Leaf<B, I>, typename WeightTable::template LeafFields<I>>),
     ...);
    static_cast<void>(done);
    return table;
  }
  (leaf_indices);
  /// The cost of the layers at or under a path: of a block, `cost_of("features.3")`. Nothing there: no cost.
  static constexpr Cost cost_of(std::string_view path) {
    Cost sum;
    for (const LayerInfo& layer : layers) {
      const std::string_view own = layer.path.view();
      const bool under =
          own.starts_with(path) && (path.empty() || own.size() == path.size() || own[path.size()] == '.');
      if (under) sum += layer.cost;
    }
    return sum;
  }
  /// The places where a run may end early, in order.
  static constexpr std::size_t exit_count = [] {
    std::size_t count = 0;
    for (const LeafFacts& leaf : facts) count += leaf.traits.operation == Operation::exit ? 1 : 0;
    return count;
  }();
  static constexpr std::array<ExitInfo, exit_count> exits = [] {
    std::array<ExitInfo, exit_count> table{};
    Cost sum;
    for (std::size_t leaf = 0, exit = 0; leaf < leaf_count; ++leaf) {
      sum += layers[leaf].cost;
      if (facts[leaf].traits.operation == Operation::exit) table[exit++] = {layers[leaf].path, sum};
    }
    return table;
  }();
  /// Of how many inputs left at each exit; the last number: how many went to the end.
  using ExitCounts = std::array<std::uint64_t, exit_count + 1>;
  /// The mean cost of inputs that leave like those, each count rounded to the nearest integer; the worst case, `cost`,
  /// if there are none. All parameters count, as all must be there.
  static constexpr Cost expected_cost(const ExitCounts& counts) {
    const auto mean = [&](std::uint64_t Cost::*part) {
      double sum = static_cast<double>(cost.*part) * static_cast<double>(counts[exit_count]);
      auto inputs = static_cast<double>(counts[exit_count]);
      for (std::size_t e = 0; e < exit_count; ++e) {
        sum += static_cast<double>(exits[e].cost.*part) * static_cast<double>(counts[e]);
        inputs += static_cast<double>(counts[e]);
      }
      if (inputs == 0.0) return cost.*part;
      const double half = 0.5;  // std::round is not constexpr
      return static_cast<std::uint64_t>(sum / inputs + half);
    };
    return {mean(&Cost::macs), mean(&Cost::elementwise_ops), cost.params, mean(&Cost::memory_access)};
  }
  /// The named arrays a weights file holds for this network, in order.
  static constexpr std::size_t weight_count = WeightTable::count;
  static constexpr const typename WeightTable::Infos& weights = WeightTable::infos;
  /// Bytes that the weights take in a number format; batch norms count as folded where it has none of its own.
  template <NumberFormat F>
  static constexpr std::size_t weight_bytes_in = []<std::size_t... I>(std::index_sequence<I...>) {
    std::size_t sum = detail::bytes_of_fields<typename F::InputFields>;
    for (const std::size_t bytes : {detail::weight_bytes_of<F, Leaf<B, I>>...}) sum += bytes;
    return sum;
  }
  (leaf_indices);
  /// Bytes of the weights in their layers' number formats. (sizeof(Network) is the bytes of the packed weights.)
  static constexpr std::size_t weight_bytes = [] {
    std::size_t sum = detail::bytes_of_fields<typename WeightTable::InputFields>;
    for (const LayerInfo& layer : layers) sum += layer.weight_bytes;
    return sum;
  }();
  /// Bytes of memory a run needs for its activations and its kernels' scratch, input and output apart: exactly the
  /// plan's peak. It depends on the instruction set, as layouts and algorithms do.
  static constexpr std::size_t arena_bytes = plan.arena_bytes;

  /// Time in seconds that the roofline model gives: per layer the slower of arithmetic and memory, summed.
  static constexpr double roofline_seconds(const Machine& machine) {
    double sum = 0.0;
    for (std::size_t i = 0; i < leaf_count; ++i) {
      sum += layers[i].roofline_seconds(machine);
    }
    return sum;
  }

  /// Memory for one run at a time.
  struct Arena {
    alignas(alignment) std::byte bytes[std::max<std::size_t>(arena_bytes, 1)];
  };

  /// Packs the weights for this instruction set; they are not needed afterwards. constexpr: a model can be constinit.
  constexpr explicit Network(const TableView<WeightTable>& natural) {
    std::array<detail::ScaleAndZero, plan.values.size()> quantizations{};
    if constexpr (Quantized<outer_format<N>>) {
      const auto fields = natural.input();
      quantizations[0] = read_quantization<outer_format<N>>(fields.template get<"input_scale">(),
                                                            fields.template get<"input_zero_point">());
    }
    [&]<std::size_t... S>(std::index_sequence<S...>) {
      const int done[] = {(pack_step<S>(natural, quantizations), 0)...};
      static_cast<void>(done);
    }
    (StepIndices{});
    input_quantization_ = quantizations[0].template of<outer_format<N>>();
    output_quantization_ = quantizations[static_cast<std::size_t>(plan.result)].template of<OutputFormat>();
  }

  /// Runs the network: y = f(x). y must not overlap x or the arena. The arena's content is of no matter before or
  /// after. Returns the number of the early exit that was taken, exit_count where it went to the end.
  std::size_t run(View<const T, Input> x, View<U, Output> y, Arena& arena) const noexcept {
    const simd::FlushDenormals flush;
    return run_steps(x.data(), y.data(), detail::ArenaMemory{arena.bytes});
  }

  /// Runs the network with an arena on the stack.
  [[nodiscard]] constexpr Tensor<U, Output> operator()(View<const T, Input> x) const noexcept {
    static_assert(
        at_most<arena_bytes, stack_arena_limit>,
        "this network needs more memory than model(x) takes from the stack: pass an Arena, model.run(x, y, arena)");
    Tensor<U, Output> y;
    if (std::is_constant_evaluated()) {
      run_in_constant_memory(x.data(), y.data(), leaf_indices);
    } else {
      run_on_stack(x, y);
    }
    return y;
  }

  /// How the integers of the input and the output stand for real numbers; empty in floating-point formats.
  [[nodiscard]] constexpr Quantization input_quantization() const { return input_quantization_; }
  [[nodiscard]] constexpr typename OutputFormat::Quantization output_quantization() const {
    return output_quantization_;
  }

  /// How leaf number `leaf` runs: a convolution's or fully connected layer's algorithm; "fused" inside another's loop;
  /// "" for any other.
  static constexpr std::string_view algorithm_of(std::size_t leaf) {
    const auto number = static_cast<int>(leaf);
    for (const Step& step : plan.steps) {
      if (step.leaf == number) return is_linear(facts[leaf].traits.operation) ? kernels::name_of(step.algorithm) : "";
      const bool fused =
          step.batch_norm == number || step.first_activation == number || step.second_activation == number;
      if (fused) return "fused";
    }
    const Operation operation = facts[leaf].traits.operation;  // of a leaf without a step
    const bool fused =
        operation == Operation::add || operation == Operation::weight_channels || operation == Operation::concat;
    return fused ? "fused" : "";
  }

 private:
  /// A zero point is one of the integers; one beyond, from a damaged file, must not overflow the accumulators.
  template <Quantized F>
  static constexpr detail::ScaleAndZero read_quantization(const auto& scale, const auto& zero_point) {
    using Q = typename F::Quantization;
    return {scale[0], std::clamp<std::int32_t>(zero_point[0], Q::lowest, Q::highest)};
  }

  template <std::size_t S>
  [[nodiscard]] constexpr auto& packed() {
    return static_cast<detail::PackedStep<S, typename PackedOf<S>::type>&>(packed_).packed;
  }
  template <std::size_t S>
  [[nodiscard]] constexpr const auto& packed() const {
    return static_cast<const detail::PackedStep<S, typename PackedOf<S>::type>&>(packed_).packed;
  }

  /// Packs step S; `quantizations`, by value, are known for the step's inputs and become known for its output.
  template <std::size_t S, class Quantizations>
  constexpr void pack_step(const TableView<WeightTable>& natural, Quantizations& quantizations) {
    using Types = StepTypes<S>;
    constexpr Step step = Types::step;
    auto& output = quantizations[static_cast<std::size_t>(step.output)];
    output = quantizations[static_cast<std::size_t>(step.input())];
    if constexpr (step.leaf == none) {
      using From = FormatOfValue<step.input()>;
      using To = FormatOfValue<step.output>;
      if constexpr (Quantized<To> && step.copies_for != none && !std::is_same_v<From, To>) {
        const auto fields = natural.template leaf<static_cast<std::size_t>(step.copies_for)>();
        output = read_quantization<To>(fields.template get<"input_scale">(), fields.template get<"input_zero_point">());
      }
      if constexpr (!std::is_empty_v<typename Types::Kernel::Packed>) {
        packed<S>() = {quantizations[static_cast<std::size_t>(step.input())].template of<From>(),
                       output.template of<To>()};
      }
    } else {
      using F = LeafFormat<static_cast<std::size_t>(step.leaf)>;
      const auto fields = natural.template leaf<static_cast<std::size_t>(step.leaf)>();
      kernels::Surroundings<F> around;
      if constexpr (Quantized<F>) {
        if constexpr (facts[static_cast<std::size_t>(step.leaf)].traits.rescales) {
          output =
              read_quantization<F>(fields.template get<"output_scale">(), fields.template get<"output_zero_point">());
        } else if constexpr (has_output_range<Leaf<B, static_cast<std::size_t>(step.leaf)>>) {
          constexpr auto range = Leaf<B, static_cast<std::size_t>(step.leaf)>::output_range;
          constexpr auto fixed = F::Quantization::over(range);
          output = {fixed.scale, fixed.zero_point};
        }
        for (std::size_t i = 0; i < static_cast<std::size_t>(step.input_count); ++i) {
          around.inputs[i] = quantizations[static_cast<std::size_t>(step.inputs[i])].template of<F>();
        }
        around.output = output.template of<F>();
        if constexpr (step.first_activation != none) {
          using Function = decltype(Types::template function_of<step.first_activation>());
          around.lower = Function::lower, around.upper = Function::upper;
        }
      }
      if constexpr (step.batch_norm != none && Floating<F>) {  // integer weights have absorbed it
        constexpr auto leaf = static_cast<std::size_t>(step.batch_norm);
        const auto affine = Leaf<B, leaf>::affine_of(natural.template leaf<leaf>());
        around.channel_scale = affine.scale.data();
        around.channel_shift = affine.shift.data();
        Types::Kernel::pack(packed<S>(), fields, around);
      } else {
        Types::Kernel::pack(packed<S>(), fields, around);
      }
    }
    if constexpr (Floating<FormatOfValue<step.output>>) output = {};  // its zero is 0
    if constexpr (any_quantized) zeros_[S] = output.zero_point;
  }

  template <std::size_t... I>
  constexpr void run_in_constant_memory(const T* x, U* y, std::index_sequence<I...>) const {
    using Memory =
        std::conditional_t<mixed, detail::ConstantMemory<arena_bytes, T, typename LeafFormat<I>::Activation...>,
                           detail::ConstantMemory<arena_bytes, T>>;
    typename Memory::Arrays arrays{};
    run_steps(x, y, Memory{&arrays});
  }
  template <class Memory>
  constexpr std::size_t run_steps(const T* x, U* y, const Memory& arena) const {
    std::size_t exit = 0;  // the next
    bool left = false;
    [&]<std::size_t... S>(std::index_sequence<S...>) {
      const int done[] = {(left ? 0 : (run_step_or_band<S>(x, y, arena, exit, left), 0))...};
      static_cast<void>(done);
    }
    (StepIndices{});
    return exit;
  }
  template <std::size_t S, class Memory>
  constexpr void run_step_or_band(const T* x, U* y, const Memory& arena, std::size_t& exit, bool& left) const {
    constexpr int band = plan.steps[S].band;
    if constexpr (band == none) {
      run_step<S>(x, y, arena, exit, left);
    } else if constexpr (plan.bands[static_cast<std::size_t>(band)].first == S) {
      run_band<static_cast<std::size_t>(band)>(x, y, arena);
    }
  }

  /// Where a value lies. (Its number is a template argument so that no program holds the plan itself.)
  template <int v>
  static constexpr int whole_of = value(v).whole == none ? v : value(v).whole;
  template <int v, class Memory>
  static constexpr ElementOf<v>* output_at(U* y, const Memory& arena) {
    constexpr std::size_t channel = value(v).first_channel, offset = value(whole_of<v>).offset;
    if constexpr (whole_of<v> == plan.result) {
      return y + channel;
    } else {
      return arena.template at<ElementOf<v>>(offset) + channel;
    }
  }
  template <int v, class Memory>
  static constexpr const ElementOf<v>* input_at(const T* x, U* y, const Memory& arena) {
    constexpr std::size_t channel = value(v).first_channel;
    if constexpr (whole_of<v> == 0) {
      return x + channel;
    } else {
      return output_at<v>(y, arena);
    }
  }
  template <std::size_t S, class Memory>
  static constexpr auto epilogue_of(const T* x, U* y, const Memory& arena) {
    constexpr Step step = StepTypes<S>::step;
    typename StepTypes<S>::Epilogue epilogue;
    if constexpr (step.residual != none) {
      constexpr kernels::Layout layout = value(step.output).layout, other = value(step.residual).layout;
      epilogue.residual = input_at<step.residual>(x, y, arena);
      epilogue.first_row_shift =
          static_cast<std::ptrdiff_t>(other.at(0, 0, 0)) - static_cast<std::ptrdiff_t>(layout.at(0, 0, 0));
      epilogue.row_shift =
          static_cast<std::ptrdiff_t>(other.row_stride()) - static_cast<std::ptrdiff_t>(layout.row_stride());
    }
    return epilogue;
  }

  template <std::size_t number, class Memory>
  void run_band(const T* x, U* y, const Memory& arena) const {
    constexpr Band band = plan.bands[number];
    const auto each = [](auto body) {
      [&]<std::size_t... I>(std::index_sequence<I...>) { (body(std::integral_constant<std::size_t, I>{}), ...); }
      (std::make_index_sequence<band.count>{});
    };
    each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
      constexpr int made = plan.steps[band.first + I].output;
      if constexpr (value(made).whole == none) {
        kernels::clear_borders<value(made).in_memory()>(output_at<made>(y, arena));
      }
    });
    for (BandProgress progress; !progress.ended(band);) {
      progress.advance(band);
      each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {
        run_rows<band.first + I>(x, y, arena, progress.made[I], I == 0 ? 0 : progress.first_row[I - 1],
                                 progress.first_row[I]);
      });
      each([&]<std::size_t I>(std::integral_constant<std::size_t, I>) {  // what is still needed moves to the front
        if constexpr (I + 1 < band.count) {
          constexpr Value between = value(plan.steps[band.first + I].output);
          using Between = ElementOf<plan.steps[band.first + I].output>;
          Between* memory = arena.template at<Between>(between.offset);
          const kernels::Rows kept = progress.kept(band, I);
          constexpr std::size_t row = between.layout.row_stride();
          std::copy(memory + (kept.first - progress.first_row[I]) * row,
                    memory + (kept.last - progress.first_row[I]) * row, memory);
          progress.first_row[I] = kept.first;
        }
      });
    }
  }
  /// Output rows of step S, whose input's and output's memories begin with those rows.
  template <std::size_t S, class Memory>
  void run_rows(const T* x, U* y, const Memory& arena, const kernels::Rows& rows, std::size_t first_input_row,
                std::size_t first_output_row) const {
    if (rows.first == rows.last) return;
    constexpr Step step = StepTypes<S>::step;
    constexpr std::size_t input_row = value(step.input()).layout.row_stride();
    constexpr std::size_t output_row = value(step.output).layout.row_stride();
    const auto* input = input_at<step.input()>(x, y, arena) - first_input_row * input_row;
    auto* output = output_at<step.output>(y, arena) - first_output_row * output_row;
    StepTypes<S>::Kernel::run_rows(input, output, packed<S>(), epilogue_of<S>(x, y, arena), rows);
  }

  template <std::size_t S, class Memory>
  constexpr void run_step(const T* x, U* y, const Memory& arena, std::size_t& exit, bool& left) const {
    using Types = StepTypes<S>;
    constexpr Step step = Types::step;
    constexpr kernels::Layout layout = value(step.output).layout;
    const auto* input = input_at<step.input()>(x, y, arena);
    auto* output = output_at<step.output>(y, arena);
    const auto epilogue = epilogue_of<S>(x, y, arena);
    if constexpr (is_exit(step)) {
      left = Types::Kernel::run(input, y, packed<S>(), epilogue);
      exit += left ? 0 : 1;
    } else if constexpr (step.gate != none) {
      constexpr std::size_t scratch = value(step.scratch).offset;
      Types::Kernel::run_gated(input, input_at<step.gate>(x, y, arena), output, packed<S>(), epilogue,
                               arena.template at<float>(scratch));
    } else if constexpr (step.scratch != none) {
      constexpr std::size_t scratch = value(step.scratch).offset;
      Types::Kernel::run(input, output, packed<S>(), epilogue, arena.template at<ElementOf<step.input()>>(scratch));
    } else if constexpr (step.input_count == 1) {
      Types::Kernel::run(input, output, packed<S>(), epilogue);
    } else {
      std::array<const ElementOf<step.input()>*, static_cast<std::size_t>(step.input_count)> inputs{};
      [&]<std::size_t... I>(std::index_sequence<I...>) { ((inputs[I] = input_at<step.inputs[I]>(x, y, arena)), ...); }
      (std::make_index_sequence<static_cast<std::size_t>(step.input_count)>{});
      Types::Kernel::run(inputs, output, packed<S>(), epilogue);
    }
    if constexpr (value(step.output).whole == none) {
      kernels::clear_borders<layout>(output, static_cast<ElementOf<step.output>>(zeros_[S]));
    }
  }

  void run_on_stack(View<const T, Input> x, View<U, Output> y) const noexcept {
    Arena arena;
    run(x, y, arena);
  }

  detail::PackedSteps<StepIndices, PackedOf> packed_;
  static constexpr bool any_quantized =
      std::any_of(facts.begin(), facts.end(), [](const LeafFacts& leaf) { return leaf.quantized; });
  [[no_unique_address]] std::conditional_t<any_quantized, std::array<std::int32_t, step_count>, detail::FloatZeros>
      zeros_{};
  [[no_unique_address]] Quantization input_quantization_{};
  [[no_unique_address]] typename OutputFormat::Quantization output_quantization_{};
};

/// A model on the heap, for those too large for the stack.
template <class Model>
[[nodiscard]] std::unique_ptr<Model> make_model(const WeightsView<Model>& weights) {
  return std::make_unique<Model>(weights);
}

}  // namespace ctnn
