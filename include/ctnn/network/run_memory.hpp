/// Memory of a run: bytes from which steps take typed pieces, and what stands in for it in constant expressions.
#pragma once

#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>

namespace ctnn::detail {

/// Memory of a run, from which steps take typed pieces by their place in bytes.
struct ArenaMemory {
  std::byte* bytes;
  template <class T>
  [[nodiscard]] T* at(std::size_t place) const {
    return reinterpret_cast<T*>(bytes + place);  // NOLINT: bytes become the elements they hold
  }
};
template <class Distinct, class... Ts>
struct DistinctTypes {
  using type = Distinct;
};
template <class... Distinct, class T, class... Ts>
struct DistinctTypes<std::tuple<Distinct...>, T, Ts...>
    : DistinctTypes<
          std::conditional_t<(std::is_same_v<T, Distinct> || ...), std::tuple<Distinct...>, std::tuple<Distinct..., T>>,
          Ts...> {};
template <std::size_t size, class Types>
struct ArraysOf;
template <std::size_t size, class... Ts>
struct ArraysOf<size, std::tuple<Ts...>> {
  using type = std::tuple<std::array<Ts, size / sizeof(Ts) + 1>...>;
};
/// The same in constant expressions, where bytes cannot: an array for each type.
template <std::size_t size, class... Ts>
struct ConstantMemory {
  using Arrays = typename ArraysOf<size, typename DistinctTypes<std::tuple<>, Ts...>::type>::type;
  Arrays* arrays;
  template <class T>
  [[nodiscard]] constexpr T* at(std::size_t place) const {
    return std::get<std::array<T, size / sizeof(T) + 1>>(*arrays).data() + place / sizeof(T);
  }
};

}  // namespace ctnn::detail
