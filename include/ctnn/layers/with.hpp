/// A number format for a part of a network.
#pragma once

#include <cstddef>
#include <type_traits>

#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/sequential.hpp>
#include <ctnn/numeric/format.hpp>

namespace ctnn {

/// The layer, and all that it holds, in another number format than the network's: `With<F32, Linear<10>>`. Where values
/// go from one format to another the network converts them, once. An integer layer that reads floats has the parameters
/// input_scale and input_zero_point, by which they become integers.
template <NumberFormat N, class Layer>
struct With {
  template <AnyShape In>
  static constexpr void explain() {
    detail::explain_rejection<Layer, 0, In>();
  }
};

namespace detail {

/// A bound layer with a format; what it holds has it too, unless it has its own.
template <NumberFormat N, class B>
struct InFormat : B {
  using Plain = B;
  using OwnFormat = N;
};
template <NumberFormat N, class B>
struct InFormatOrOwn {
  using type = InFormat<N, B>;
};
template <NumberFormat N, class B>
  requires requires { typename B::OwnFormat; }
struct InFormatOrOwn<N, B> {
  using type = B;
};
template <NumberFormat N, Composite B>
struct InFormat<N, B> : B {
  using Plain = B;
  using OwnFormat = N;
  template <std::size_t I>
  using Part = typename InFormatOrOwn<N, typename B::template Part<I>>::type;
};

template <class B, NumberFormat N>
struct FormatOf {
  using type = N;
};
template <class B, NumberFormat N>
  requires requires { typename B::OwnFormat; }
struct FormatOf<B, N> {
  using type = typename B::OwnFormat;
};

template <NumberFormat N, class L, class In>
struct Bind<With<N, L>, In> {
  using Plain = typename Bind<L, In>::type;
  using type = typename std::conditional_t<is_accepted<Plain>(), InFormatOrOwn<N, Plain>, Bind<L, In>>::type;
};

template <NumberFormat N, class L>
struct Unnamed<With<N, L>> : Unnamed<L> {};

template <NumberFormat N>
struct OuterFormat {
  using type = N;
};
template <NumberFormat N>
  requires requires { typename N::Outer; }
struct OuterFormat<N> {
  using type = typename N::Outer;
};

}  // namespace detail

/// The format of the numbers that go into a network of format N and come out: N's own, or the one that N names as
/// Outer.
template <NumberFormat N>
using outer_format = typename detail::OuterFormat<N>::type;

/// The number format of a bound layer in a network of format N.
template <class B, NumberFormat N>
using format_of = typename detail::FormatOf<B, N>::type;

}  // namespace ctnn
