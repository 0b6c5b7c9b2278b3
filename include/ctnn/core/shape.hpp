/// Shapes are types: `Shape<28, 28, 1>` is an image (height, width, channels), `Shape<100, 8>` a sequence
/// (length, channels), `Shape<10>` a vector. The last axis varies fastest in memory. Batch is not part of a shape.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>

namespace ctnn {

template <std::size_t... Dims>
struct Shape {
  static_assert(sizeof...(Dims) >= 1 && sizeof...(Dims) <= 4, "Shape: one to four axes");
  static_assert(((Dims > 0) && ...), "Shape: every axis must be at least 1");
  static constexpr std::size_t rank = sizeof...(Dims);
  static constexpr std::size_t size = (Dims * ...);
  static constexpr std::array<std::size_t, rank> dims{Dims...};
};

namespace detail {
template <class T>
inline constexpr bool is_shape = false;
template <std::size_t... Dims>
inline constexpr bool is_shape<Shape<Dims...>> = true;
}  // namespace detail

/// Satisfied by every `Shape<...>`.
template <class T>
concept AnyShape = detail::is_shape<T>;
/// Satisfied by `Shape<N>`.
template <class T>
concept VectorShape = AnyShape<T> && T::rank == 1;
/// Satisfied by `Shape<Length, Channels>`.
template <class T>
concept SequenceShape = AnyShape<T> && T::rank == 2;
/// Satisfied by `Shape<Height, Width, Channels>`.
template <class T>
concept ImageShape = AnyShape<T> && T::rank == 3;

/// Satisfied by vectors, sequences and images: what flows through a network.
template <class T>
concept InputShape = AnyShape<T> && T::rank <= 3;

/// Height, width and channels as numbers. A sequence is an image one pixel high, a vector one of one pixel, so that
/// one machinery serves all three.
struct Extent {
  std::size_t height = 1, width = 1, channels = 1;
  [[nodiscard]] constexpr std::size_t pixels() const { return height * width; }
  [[nodiscard]] constexpr std::size_t size() const { return height * width * channels; }
  friend constexpr bool operator==(const Extent&, const Extent&) = default;
};

/// The extent of a shape of up to three axes.
template <InputShape S>
inline constexpr Extent extent_of = [] {
  if constexpr (S::rank == 1) {
    return Extent{1, 1, S::dims[0]};
  } else if constexpr (S::rank == 2) {
    return Extent{1, S::dims[0], S::dims[1]};
  } else {
    return Extent{S::dims[0], S::dims[1], S::dims[2]};
  }
}();

namespace detail {
template <std::size_t Rank, Extent e>
struct ShapeWithExtent;
template <Extent e>
struct ShapeWithExtent<1, e> {
  using type = Shape<e.size()>;
};
template <Extent e>
struct ShapeWithExtent<2, e> {
  using type = Shape<e.width, e.channels>;
};
template <Extent e>
struct ShapeWithExtent<3, e> {
  using type = Shape<e.height, e.width, e.channels>;
};
}  // namespace detail

/// The shape of the given rank with that extent.
template <std::size_t Rank, Extent e>
using ShapeOf = typename detail::ShapeWithExtent<Rank, e>::type;

}  // namespace ctnn
