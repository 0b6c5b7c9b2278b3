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

/// A leaf that runs alone, on canonical tensors.
template <class L, NumberFormat N, class Isa, std::size_t inputs>
struct LeafAlone {
  using T = typename N::Activation;
  static constexpr Operation operation = traits_of<L>.operation;
  static constexpr bool runs = inputs != 0 && operation != Operation::exit && computes_in<L, N, Isa>;
  // floats by the kernels that take any sizes, integers by the reference
  static constexpr kernels::Algorithm algorithm = [] {
    if (!Floating<N> || Isa::lanes == 1) return kernels::Algorithm::reference;
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

  static void run([[maybe_unused]] const void* packed_bytes, [[maybe_unused]] const T* const* x,
                  [[maybe_unused]] T* y) {
    if constexpr (runs) {
      const auto& packed = *static_cast<const typename Kernel::Packed*>(packed_bytes);
      const kernels::FloatEpilogue<> epilogue;
      if constexpr (inputs > 1) {
        std::array<const T*, inputs> all{};
        std::copy_n(x, inputs, all.begin());
        Kernel::run(all, y, packed, epilogue);
      } else if constexpr (in == canonical_in) {
        Kernel::run(*x, y, packed, epilogue);
      } else {
        std::vector<T> bordered(in.size());  // zeros
        kernels::relayout<canonical_in, in>(*x, bordered.data());
        Kernel::run(bordered.data(), y, packed, epilogue);
      }
    }
  }
};

/// All leaves of a bound layer, each packed and run apart.
template <class B, NumberFormat N, class Isa>
class Leaves {
  static constexpr std::size_t count = leaf_count<B>;
  template <std::size_t I>
  using Alone = LeafAlone<Leaf<B, I>, N, Isa, inputs_of<B, I>>;

 public:
  using T = typename N::Activation;
  using Table = WeightTable<B, N>;
  using Surroundings = kernels::Surroundings<N>;

  /// Packs every leaf: `around` by leaf; floats' convolutions and fully connected layers from `linear`, by leaf, all
  /// else from the weights.
  Leaves(const TableView<Table>& weights, std::span<const Surroundings> around, std::span<const LinearWeights> linear) {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (pack<I>(weights, around[I], linear), ...); }
    (std::make_index_sequence<count>{});
  }

  /// Runs one. y must not overlap what it reads, except where it is an activation.
  void run(int leaf, const T* const* inputs, T* y) const {
    const auto i = static_cast<std::size_t>(leaf);
    runs[i](packed_[i].get(), inputs, y);
  }

 private:
  using Run = void (*)(const void*, const T* const*, T*);
  static constexpr auto runs = []<std::size_t... I>(std::index_sequence<I...>) {
    return std::array<Run, count>{&Alone<I>::run...};
  }
  (std::make_index_sequence<count>{});

  template <std::size_t I>
  void pack(const TableView<Table>& weights, const Surroundings& around, std::span<const LinearWeights> linear) {
    using A = Alone<I>;
    if constexpr (A::runs) {
      const auto packed = std::make_shared<typename A::Kernel::Packed>();
      if constexpr (Floating<N> && is_linear(A::operation)) {
        using W = Field<"weight", typename Leaf<B, I>::Weight, float>;
        using Bias = Field<"bias", Shape<A::out.channels>, float>;
        const FieldViews<FieldList<W, Bias>> fields{
            {FieldView<W>{linear[I].weight.data()}, FieldView<Bias>{linear[I].bias.data()}}};
        A::Kernel::pack(*packed, fields, around);
      } else {
        A::Kernel::pack(*packed, weights.template leaf<I>(), around);
      }
      packed_[I] = packed;
    }
  }

  std::array<std::shared_ptr<void>, count> packed_;
};

}  // namespace ctnn::detail
