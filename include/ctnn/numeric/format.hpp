/// What a number format is: element types, and how a layer's parameters are stored.
#pragma once

#include <concepts>
#include <cstddef>
#include <tuple>

#include <ctnn/core/cost.hpp>
#include <ctnn/core/parameter.hpp>
#include <ctnn/numeric/float16.hpp>

namespace ctnn {

/// A parameter as a number format stores it.
template <FixedString Name, AnyShape S, class T>
struct Field {
  static constexpr auto name = Name;
  using Shape = S;
  using Element = T;
};

/// The fields of one layer, in order.
template <class... Fields>
struct FieldList {
  static constexpr std::size_t size = sizeof...(Fields);
  template <std::size_t I>
  using At = std::tuple_element_t<I, std::tuple<Fields...>>;
};

namespace detail {
template <class... Lists>
struct JoinFields {
  using type = FieldList<>;
};
template <class... A>
struct JoinFields<FieldList<A...>> {
  using type = FieldList<A...>;
};
template <class... A, class... B, class... Rest>
struct JoinFields<FieldList<A...>, FieldList<B...>, Rest...> : JoinFields<FieldList<A..., B...>, Rest...> {};
}  // namespace detail

/// Several lists of fields as one.
template <class... Lists>
using join_fields = typename detail::JoinFields<Lists...>::type;

namespace detail {
template <class N, class Parameters>
struct FieldsOfParameters;
template <class N, class... P>
struct FieldsOfParameters<N, ParameterList<P...>> {
  using type = join_fields<typename N::template FieldsOf<P>...>;
};
}  // namespace detail

/// The fields of a list of parameters in a format that gives each parameter's as N::FieldsOf<P>.
template <class N, class Parameters>
using fields_of_parameters = typename detail::FieldsOfParameters<N, Parameters>::type;

namespace detail {
template <class N>
struct Stored {
  using type = N;
};
template <class N>
  requires requires { typename N::Stored; }
struct Stored<N> {
  using type = typename N::Stored;
};
}  // namespace detail

/// The format that a format's weights come in: its own, or the one whose it rounds when they are packed.
template <class N>
using StoredFormat = typename detail::Stored<N>::type;

/// Where a function's results lie, [lower, upper): integer formats then know its output's quantization.
struct Range {
  float lower, upper;
};

/// Satisfied by every number format.
template <class N>
concept NumberFormat = requires {
  typename N::Activation;
  typename N::Weight;
  typename N::Accumulator;
  typename N::Quantization;
};

/// Satisfied by formats whose activations are floating-point numbers: a layer's formula holds as it is written.
template <class N>
concept Floating = NumberFormat<N> && std::floating_point<numeric::Arithmetic<typename N::Activation>>;

/// What layers of a format multiply.
template <NumberFormat N>
inline constexpr Precision precision_of = std::integral<typename N::Activation>         ? Precision::int8
                                          : numeric::is_float16<typename N::Activation> ? Precision::float16
                                                                                        : Precision::float32;

/// Satisfied by formats whose activations are integers that stand for scale * (q - zero_point).
template <class N>
concept Quantized = NumberFormat<N> && std::integral<typename N::Activation>;

}  // namespace ctnn
