/// A network's layers one by one, to look at what flows between them.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/convolution.hpp>
#include <ctnn/kernels/gather.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/with.hpp>
#include <ctnn/network/fuse.hpp>
#include <ctnn/network/graph.hpp>
#include <ctnn/network/network.hpp>
#include <ctnn/network/weights.hpp>

namespace ctnn::detail {

/// A convolution or fully connected layer as its integer form will see it: in floats, natural order, the batch norm
/// after it folded in. Empty for other leaves.
struct LinearWeights {
  std::size_t outputs = 0, taps = 0, groups = 1;
  std::vector<float> weight;  // (outputs, taps), the taps (inputs / groups, window)
  std::vector<float> bias;    // (outputs)
  std::size_t group_inputs = 0;

  [[nodiscard]] bool exists() const { return outputs != 0; }
  /// The weights of an output channel.
  [[nodiscard]] std::span<float> row(std::size_t output) { return {weight.data() + output * taps, taps}; }
  [[nodiscard]] std::span<const float> row(std::size_t output) const { return {weight.data() + output * taps, taps}; }
};

/// How many values the leaf reads when it runs.
template <class B, std::size_t I>
inline constexpr std::size_t inputs_of = [] {
  for (const Node& node : graph_of<B>.nodes) {
    if (node.leaf == static_cast<int>(I) && node.input_count != 0) return static_cast<std::size_t>(node.input_count);
  }
  return std::size_t{0};  // identities are no nodes
}();

/// A leaf that runs alone in a number format, on canonical tensors.
template <class L, NumberFormat N, std::size_t inputs>
struct LeafAlone {
  using T = typename N::Activation;
  // floats by the vector kernels that take any sizes, integers by the reference
  using Isa = std::conditional_t<Floating<N>, isa::Native, isa::Scalar>;
  static constexpr Operation operation = traits_of<L>.operation;
  static constexpr bool runs = inputs != 0 && operation != Operation::exit && computes_in<L, N, Isa>;
  static constexpr kernels::Algorithm algorithm = [] {
    if (Isa::lanes == 1) return kernels::Algorithm::reference;
    if (operation == Operation::linear) return kernels::Algorithm::direct;
    return operation == Operation::fully_connected ? kernels::Algorithm::gemv : kernels::Algorithm::reference;
  }();
  static constexpr kernels::Layout canonical_in = kernels::canonical(extent_of<typename L::Input>);
  static constexpr kernels::Layout out = kernels::canonical(extent_of<typename L::Output>);
  static constexpr kernels::Layout in = [] {
    kernels::Layout layout = canonical_in;
    if constexpr (algorithm == kernels::Algorithm::direct) {  // reads padding from the borders
      layout.border_left = L::geometry.window.pad_left;
      layout.border_right = L::geometry.columns_beyond();
    }
    return layout;
  }();

  static constexpr auto kernel() {
    if constexpr (!runs) {
      return std::type_identity<NothingPacked>{};
    } else if constexpr (has_kernel<L, N, Isa>) {
      return std::type_identity<typename L::template Kernel<N, Isa, algorithm, in, out>>{};
    } else {
      return std::type_identity<ForwardKernel<L, N>>{};
    }
  }
  using Kernel = typename decltype(kernel())::type;

  /// `x` points to the inputs, `y` to the output, both of T.
  static void run([[maybe_unused]] const void* packed_bytes, [[maybe_unused]] const void* const* x,
                  [[maybe_unused]] void* y) {
    if constexpr (runs) {
      const auto& packed = *static_cast<const typename Kernel::Packed*>(packed_bytes);
      const kernels::FloatEpilogue<> epilogue;
      const auto* first = static_cast<const T*>(*x);
      auto* output = static_cast<T*>(y);
      if constexpr (inputs > 1) {
        std::array<const T*, inputs> all{};
        std::transform(x, x + inputs, all.begin(), [](const void* input) { return static_cast<const T*>(input); });
        Kernel::run(all, output, packed, epilogue);
      } else if constexpr (in == canonical_in) {
        Kernel::run(first, output, packed, epilogue);
      } else {
        std::vector<T> bordered(in.size());  // zeros
        kernels::relayout<canonical_in, in>(first, bordered.data());
        Kernel::run(bordered.data(), output, packed, epilogue);
      }
    }
  }
};

/// How the numbers around a leaf are quantized, where they are.
struct QuantizationAround {
  std::array<ScaleAndZero, kernels::max_inputs> inputs{};
  ScaleAndZero output{};
};

/// All leaves of a bound layer in a network of format N, each packed and run apart.
template <class B, NumberFormat N>
class Leaves {
  static constexpr std::size_t count = leaf_count<B>;
  template <std::size_t I>
  using Alone = LeafAlone<Leaf<B, I>, format_of<Leaf<B, I>, N>, inputs_of<B, I>>;

 public:
  using Table = WeightTable<B, N>;

  /// Packs every leaf: `around` by leaf; floats' convolutions and fully connected layers from `linear`, by leaf, all
  /// else from the weights.
  Leaves(const TableView<Table>& weights, std::span<const QuantizationAround> around,
         std::span<const LinearWeights> linear) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (pack<I>(weights, around[I], linear), ...); }
    (std::make_index_sequence<count>{});
  }

  /// Runs one, on numbers of its format. y must not overlap what it reads, except where it is an activation.
  void run(int leaf, const void* const* inputs, void* y) const {
    const auto i = static_cast<std::size_t>(leaf);
    runs[i](packed_[i].get(), inputs, y);
  }

 private:
  using Run = void (*)(const void*, const void* const*, void*);
  static constexpr auto runs = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Run, count>{&Alone<I>::run...};
  }
  (std::make_index_sequence<count>{});

  template <std::size_t I>
  void pack(const TableView<Table>& weights, const QuantizationAround& quantization,
            std::span<const LinearWeights> linear) {
    using A = Alone<I>;
    using Format = format_of<Leaf<B, I>, N>;
    if constexpr (A::runs) {
      const auto packed = std::make_shared<typename A::Kernel::Packed>();
      kernels::Surroundings<Format> around;
      if constexpr (Floating<Format> && is_linear(A::operation)) {
        using W = Field<"weight", typename Leaf<B, I>::Weight, float>;
        using Bias = Field<"bias", Shape<A::out.channels>, float>;
        const FieldViews<FieldList<W, Bias>> fields{
            {FieldView<W>{linear[I].weight.data()}, FieldView<Bias>{linear[I].bias.data()}}};
        A::Kernel::pack(*packed, fields, around);
      } else {
        for (std::size_t i = 0; i < kernels::max_inputs; ++i) {
          around.inputs[i] = quantization.inputs[i].template of<Format>();
        }
        around.output = quantization.output.template of<Format>();
        A::Kernel::pack(*packed, weights.template leaf<I>(), around);
      }
      packed_[I] = packed;
    }
  }

  std::array<std::shared_ptr<void>, count> packed_;
};

}  // namespace ctnn::detail
