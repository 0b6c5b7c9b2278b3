/// Storage and views with a static shape. Memory order is the shape's: (height, width, channels), channels fastest.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <type_traits>

#include <ctnn/core/shape.hpp>

namespace ctnn {

/// Alignment of everything the library allocates: one cache line, one AVX-512 register.
inline constexpr std::size_t alignment = 64;

/// The position of an element in a canonical tensor of shape S.
template <AnyShape S, std::integral... Index>
  requires(sizeof...(Index) == S::rank)
[[nodiscard]] constexpr std::size_t offset_of(Index... index) {
  std::size_t offset = 0, axis = 0;
  ((assert(static_cast<std::size_t>(index) < S::dims[axis]),
    offset = offset * S::dims[axis++] + static_cast<std::size_t>(index)),
   ...);
  return offset;
}

/// Elements of somebody else's memory, read as shape S. Cheap to copy; never owns.
template <class T, AnyShape S>
class View {
 public:
  using Element = T;
  using Shape = S;

  /// `first` points to S::size elements that outlive the view.
  constexpr explicit View(T* first) noexcept : first_{first} {}
  /// A mutable view reads as a constant one.
  template <class U>
    requires(std::is_same_v<const U, T>)
  constexpr View(View<U, S> other) noexcept : first_{other.data()} {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] constexpr T* data() const noexcept { return first_; }
  [[nodiscard]] constexpr T* begin() const noexcept { return first_; }
  [[nodiscard]] constexpr T* end() const noexcept { return first_ + S::size; }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return S::size; }
  /// Element by position in memory order.
  [[nodiscard]] constexpr T& operator[](std::size_t i) const { return first_[i]; }
  /// Element by index, one per axis: `view(row, column, channel)`.
  template <std::integral... Index>
    requires(sizeof...(Index) == S::rank)
  [[nodiscard]] constexpr T& operator()(Index... index) const { return first_[offset_of<S>(index...)]; }

 private:
  T* first_;
};

/// S::size elements of type T, aligned for SIMD. An aggregate: `Tensor<float, Shape<3>> t{{1, 2, 3}};`.
template <class T, AnyShape S>
struct Tensor {
  using Element = T;
  using Shape = S;

  alignas(alignment) std::array<T, S::size> elements{};

  [[nodiscard]] constexpr T* data() noexcept { return elements.data(); }
  [[nodiscard]] constexpr const T* data() const noexcept { return elements.data(); }
  [[nodiscard]] constexpr T* begin() noexcept { return data(); }
  [[nodiscard]] constexpr const T* begin() const noexcept { return data(); }
  [[nodiscard]] constexpr T* end() noexcept { return data() + S::size; }
  [[nodiscard]] constexpr const T* end() const noexcept { return data() + S::size; }
  [[nodiscard]] static constexpr std::size_t size() noexcept { return S::size; }
  [[nodiscard]] constexpr T& operator[](std::size_t i) { return elements[i]; }
  [[nodiscard]] constexpr const T& operator[](std::size_t i) const { return elements[i]; }
  template <std::integral... Index>
    requires(sizeof...(Index) == S::rank)
  [[nodiscard]] constexpr T& operator()(Index... index) { return elements[offset_of<S>(index...)]; }
  template <std::integral... Index>
    requires(sizeof...(Index) == S::rank)
  [[nodiscard]] constexpr const T& operator()(Index... index) const { return elements[offset_of<S>(index...)]; }

  constexpr operator View<T, S>() noexcept { return View<T, S>{data()}; }                    // NOLINT
  constexpr operator View<const T, S>() const noexcept { return View<const T, S>{data()}; }  // NOLINT

  friend constexpr bool operator==(const Tensor&, const Tensor&) = default;
};

/// Position of the largest element, the first of equals: the predicted class of a classifier's output.
template <class T, AnyShape S>
[[nodiscard]] constexpr std::size_t argmax(const Tensor<T, S>& t) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < S::size; ++i) {
    if (t[i] > t[best]) best = i;
  }
  return best;
}

}  // namespace ctnn
