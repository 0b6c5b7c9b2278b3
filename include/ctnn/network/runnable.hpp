/// Whether a network can be: its spec takes the input, and every leaf computes in its format. If not, why.
#pragma once

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <type_traits>
#include <utility>

#include <ctnn/core/tensor.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/with.hpp>
#include <ctnn/network/fuse.hpp>
#include <ctnn/network/graph.hpp>
#include <ctnn/network/weights.hpp>
#include <ctnn/numeric/format.hpp>

namespace ctnn::detail {

/// Satisfied by leaves that name a kernel for the format, and by those that have a forward for it.
template <class B, class N, class Isa>
concept has_kernel = requires {
  typename B::template Kernel<N, Isa, kernels::Algorithm::reference, kernels::canonical(extent_of<typename B::Input>),
                              kernels::canonical(extent_of<typename B::Output>)>;
};
template <class B, class N>
concept has_forward = requires(View<const typename N::Activation, typename B::Input> x,
                               View<typename N::Activation, typename B::Output> y,
                               FieldTensors<typename N::template Fields<B>> parameters) {
  B::template forward<N>(x, y, parameters);
};
template <class B, class N, class Isa>
concept computes_in = traits_of<B>
.operation == Operation::identity || has_kernel<B, N, Isa> || has_forward<B, N>;

/// Whether leaf I of a bound layer needs no kernel in an integer format: a batch norm that its weights have absorbed.
template <class B, class N, std::size_t I>
inline constexpr bool is_absorbed = [] {
  if constexpr (Quantized<format_of<Leaf<B, I>, N>> && traits_of<Leaf<B, I>>.operation == Operation::batch_norm) {
    return folded_batch_norms<B, N>[I];
  } else {
    return false;
  }
}();

template <class B, class N, class Isa>
inline constexpr std::size_t first_leaf_without_format = []<std::size_t... I>(std::index_sequence<I...>) {
  const bool computes[] = {(computes_in<Leaf<B, I>, format_of<Leaf<B, I>, N>, Isa> || is_absorbed<B, N, I>)...};
  return static_cast<std::size_t>(std::find(std::begin(computes), std::end(computes), false) - std::begin(computes));
}
(std::make_index_sequence<leaf_count<B>>{});

/// The first early exit whose answer has not the shape of the network's output.
template <class B>
inline constexpr std::size_t first_exit_misshapen = []<std::size_t... I>(std::index_sequence<I...>) {
  const bool fits[] = {(traits_of<Leaf<B, I>>.operation != Operation::exit ||
                        std::is_same_v<typename Leaf<B, I>::Output, typename B::Output>)...};
  return static_cast<std::size_t>(std::find(std::begin(fits), std::end(fits), false) - std::begin(fits));
}
(std::make_index_sequence<leaf_count<B>>{});

/// Satisfied where the spec takes the input and every leaf computes in the format.
template <class Spec, class In, class N, class Isa>
concept runnable = accepts<Spec, In> && first_leaf_without_format<Bound<Spec, In>, N, Isa>
== leaf_count<Bound<Spec, In>>&& first_exit_misshapen<Bound<Spec, In>> == leaf_count<Bound<Spec, In>>;

template <std::size_t position, class Answer, class Output>
constexpr void explain_exit() {
  static_assert(std::is_same_v<Answer, Output>,
                "EarlyExit: the head's output must have the shape of the network's output");
}

template <class Layer, std::size_t position, class Format>
constexpr void explain_format() {
  if constexpr (traits_of<Layer>.operation == Operation::batch_norm) {
    static_assert(sizeof(Layer) == 0,
                  "BatchNorm2d: integer formats have it directly after a convolution or Linear only, whose weights "
                  "absorb it");
  } else {
    static_assert(sizeof(Layer) == 0,
                  "this layer does not compute in this number format; replace it, or give the network another format");
  }
}

/// The one error of a network that cannot be.
template <class Spec, class In, class N, class Isa>
constexpr bool explain_network() {
  if constexpr (!accepts<Spec, In>) {
    explain_rejection<Spec, 0, In>();
  } else {
    using B = Bound<Spec, In>;
    constexpr std::size_t leaf = first_leaf_without_format<B, N, Isa>, exit = first_exit_misshapen<B>;
    if constexpr (leaf != leaf_count<B>) {
      explain_format<Leaf<B, leaf>, leaf, format_of<Leaf<B, leaf>, N>>();
    } else {
      explain_exit<exit, typename Leaf<B, exit>::Output, typename B::Output>();
    }
  }
  return true;
}

}  // namespace ctnn::detail
