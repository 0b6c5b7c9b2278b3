/// The contract between a layer and the network that holds it.
///
/// A layer is an empty type, the spec, with a nested template `On<In>` that is the layer bound to an input shape. A
/// bound layer of a user's own needs
///   using Input, Output;                     // shapes
///   using Parameters = ParameterList<...>;   // or NoParameters
///   static constexpr Cost cost;
///   template <Floating N> static void forward(View<const float, Input>, View<float, Output>, const auto& parameters);
/// and, as an option, `static constexpr Traits traits`. `parameters.get<"name">()` is a View in natural order.
/// Constraints on `On` say which inputs the layer takes; `template <AnyShape In> static constexpr void explain()` says
/// in a static_assert what was wrong. The library's own layers name a `Kernel` instead of `forward`; composites
/// (Sequential, Residual, ...) have parts and wire them.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <tuple>
#include <type_traits>

#include <ctnn/core/cost.hpp>
#include <ctnn/core/parameter.hpp>
#include <ctnn/core/shape.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/convolution.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/numeric/format.hpp>

namespace ctnn {

/// What a bound layer is to the passes over a network.
enum class Operation {
  other,            ///< reads and writes canonical tensors
  identity,         ///< hands its input on
  linear,           ///< convolution or fully connected: takes an epilogue; has `geometry`
  batch_norm,       ///< folds into a linear operation before it
  activation,       ///< one function of every element, without parameters: fuses into an epilogue; has `Function`
  add,              ///< sum of branches: fuses into an epilogue
  weight_channels,  ///< product of an image and one pixel, the gate: folds into weights; has `gate`, the gate's input
  concat,           ///< branches one behind the other along the channels
  shuffle,          ///< channels interleaved; has `groups`
  slice,            ///< a share of the channels; has `first_channel`
  pool,             ///< reads channels-last and planar images, and can leave a planar one either way
  exit,             ///< may end the run with its input as the network's output; its own output does not exist
  flatten,          ///< image to vector in (channel, row, column) order; has `source`
  fully_connected,  ///< linear, of a vector that may be a flattened image where it lies
};

/// How the network may treat a bound layer.
struct Traits {
  Operation operation = Operation::other;
  bool in_place = false;    ///< output may take its first input's memory
  bool any_layout = false;  ///< works in whatever layout its input has, and its output has the same
  bool rescales = false;    ///< in integer formats, the output has a quantization of its own
};

namespace detail {

/// The shape of what comes after a rejected layer: nothing is checked any more.
struct Unknown {};

/// Stands in for a layer that does not fit, so that there is one error and not a cascade.
template <class L, class In>
struct Rejected {
  using Input = In;
  using Output = Unknown;
  using Parameters = NoParameters;
  static constexpr bool accepted = false;
  static constexpr Cost cost{};
};

template <class L, class In>
struct Bind {
  using type = Rejected<L, In>;
};
template <class L, AnyShape In>
  requires requires { typename L::template On<In>; }
struct Bind<L, In> {
  using type = typename L::template On<In>;
};

template <class B>
constexpr bool is_accepted() {
  if constexpr (requires { B::accepted; }) {
    return B::accepted;
  } else {
    return true;
  }
}

}  // namespace detail

/// The layer bound to that input, or a stand-in where it does not fit.
template <class L, class In>
using Bound = typename detail::Bind<L, In>::type;

/// Satisfied where the layer, and everything in it, takes that input: `static_assert(!accepts<Linear<10>, Shape<4, 4,
/// 3>>)`.
template <class L, class In>
concept accepts = detail::is_accepted<Bound<L, In>>();

/// Satisfied by bound layers that hold others.
template <class B>
concept Composite = requires {
  B::part_count;
};

/// Traits of a bound layer, the cautious ones where it has none.
template <class B>
inline constexpr Traits traits_of = [] {
  if constexpr (requires { B::traits; }) {
    return B::traits;
  } else {
    return Traits{};
  }
}();

/// Satisfied by bound layers whose results' range is known: in integer formats their output is quantized over it.
template <class B>
concept has_output_range = requires(Range range) {
  range = B::output_range;
};

namespace detail {

/// Says why `L`, at `position` of what holds it, does not take `In`. The sentence is the layer's own; the compiler's
/// notes carry the layer, its position and the shape.
template <class L, std::size_t position, class In>
constexpr bool explain_rejection() {
  using B = Bound<L, In>;
  if constexpr (std::is_same_v<In, Unknown>) {
    return false;  // an earlier layer has been explained
  } else if constexpr (Composite<B>) {
    return B::explain_parts();
  } else if constexpr (requires { typename L::template On<In>; }) {
    return false;
  } else if constexpr (requires { L::template explain<In>(); }) {
    L::template explain<In>();
    return false;
  } else {
    static_assert(!AnyShape<In>,
                  "this layer does not take the shape before it (or is no layer: it has no template On)");
    return false;
  }
}

}  // namespace detail

/// A fixed element count and type for each of a layer's fields, by name. `get<"weight">()` is a View.
template <class Fields, template <class> class Holder>
struct FieldsByName;

namespace detail {

template <class F>
using FieldView = View<const typename F::Element, typename F::Shape>;
template <class F>
using FieldTensor = Tensor<typename F::Element, typename F::Shape>;

}  // namespace detail

template <class... Fs, template <class> class Holder>
struct FieldsByName<FieldList<Fs...>, Holder> {
  std::tuple<Holder<Fs>...> holders;

  template <FixedString name>
  static constexpr bool has = ((Fs::name.view() == name.view()) || ...);

  template <FixedString name>
  [[nodiscard]] constexpr auto get() const {
    static_assert(has<name>, "the layer has no parameter of that name");
    constexpr std::size_t index = [] {
      const std::array<bool, sizeof...(Fs)> same{Fs::name.view() == name.view()...};
      std::size_t i = 0;
      while (!same[i]) ++i;
      return i;
    }();
    using F = typename FieldList<Fs...>::template At<index>;
    return detail::FieldView<F>{std::get<index>(holders).data()};
  }
};

/// Views of a layer's fields, in somebody's weights.
template <class Fields>
using FieldViews = FieldsByName<Fields, detail::FieldView>;
/// A copy of a layer's fields.
template <class Fields>
using FieldTensors = FieldsByName<Fields, detail::FieldTensor>;

/// A kernel with nothing to pack.
struct NothingPacked {
  struct Packed {};
  template <class Fields, class Around>
  static constexpr void pack(Packed&, const Fields&, const Around&) {}
};

}  // namespace ctnn
