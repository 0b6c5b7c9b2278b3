/// Registers of tiles and their products (AMX): 16 rows of 64 bytes each.
#pragma once

#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

#include <ctnn/core/config.hpp>
#include <ctnn/simd/isa.hpp>
#include <ctnn/simd/multiply_add.hpp>

#if (defined(__AMX_TILE__) || defined(__AMXTILE__)) && defined(__linux__)
#include <sys/syscall.h>
#include <unistd.h>
#endif

namespace ctnn::simd {

/// Eight tiles in the shapes that a product takes: 0 to 3 hold sums, 4 and 5 inputs, 6 and 7 weights, of types T and W.
/// A row of sums or of weights is 64 bytes, four to each of 16 output channels.
///
///   Tiles(rows, bytes)            of inputs; sums have as many rows, weights a row for every four bytes
///   load<tile>(p, stride)         its rows, so many bytes apart
///   zero<tile>()
///   store<tile>(p, stride)
///   add_product<sum, input, weights>()
///
/// This one is made of vectors: slow, for systems that refuse tiles, and for tests.
template <class Isa, class T, class W>
class EmulatedTiles {
 public:
  EmulatedTiles(std::size_t rows, std::size_t bytes) : rows_{rows}, bytes_{bytes} {}

  template <std::size_t tile>
  void load(const void* p, std::size_t stride) {
    for (std::size_t row = 0; row < rows_of(tile); ++row) {
      std::memcpy(row_of(tile, row), static_cast<const std::byte*>(p) + row * stride, bytes_of(tile));
    }
  }
  template <std::size_t tile>
  void zero() {
    std::memset(row_of(tile, 0), 0, 16 * row_bytes);
  }
  template <std::size_t tile>
  void store(void* p, std::size_t stride) {
    for (std::size_t row = 0; row < rows_; ++row) {
      std::memcpy(static_cast<std::byte*>(p) + row * stride, row_of(tile, row), row_bytes);
    }
  }
  template <std::size_t sum, std::size_t input, std::size_t weights>
  void add_product() {
    // signed and unsigned bytes as they are, whatever else the instruction set has
    using Atom = MultiplyAdd<std::conditional_t<std::integral<T>, isa::Avx512, Isa>, T, W>;
    for (std::size_t row = 0; row < rows_; ++row) {
      typename Atom::Sum total;
      std::memcpy(&total, row_of(sum, row), row_bytes);
      for (std::size_t i = 0; i < bytes_; i += 4) {
        const auto w = Atom::weights(reinterpret_cast<const W*>(row_of(weights, i / 4)));
        total = Atom::add(Atom::input(reinterpret_cast<const T*>(row_of(input, row) + i)), w, total);
      }
      std::memcpy(row_of(sum, row), &total, row_bytes);
    }
  }

 private:
  static constexpr std::size_t row_bytes = 64;
  std::size_t rows_, bytes_;
  alignas(row_bytes) std::array<std::byte, std::size_t{8} * 16 * row_bytes> tiles_;

  std::byte* row_of(std::size_t tile, std::size_t row) { return tiles_.data() + (tile * 16 + row) * row_bytes; }
  [[nodiscard]] std::size_t rows_of(std::size_t tile) const { return tile < 6 ? rows_ : bytes_ / 4; }
  [[nodiscard]] std::size_t bytes_of(std::size_t tile) const { return tile == 4 || tile == 5 ? bytes_ : row_bytes; }
};

/// Whether the instruction set has tiles.
template <class Isa>
inline constexpr bool has_tiles = std::derived_from<Isa, isa::Amx>;

/// Whether the system lets this process use them, asked before main begins: Linux wants to be asked. Until then, no.
/// https://docs.kernel.org/arch/x86/xstate.html
#if (defined(__AMX_TILE__) || defined(__AMXTILE__)) && defined(__linux__)
inline const bool tiles_permitted = [] {
  constexpr long request_permission = 0x1023, tile_data = 18;
  return syscall(SYS_arch_prctl, request_permission, tile_data) == 0;
}();
#else
inline constexpr bool tiles_permitted = false;
#endif

/// The processor's own. What others had in them is lost; after, they are empty, as they were at first.
template <class T, class W>
class Tiles {
 public:
  CTNN_ALWAYS_INLINE Tiles(std::size_t rows, std::size_t bytes) {
    struct alignas(64) {
      std::uint8_t palette = 1, start_row = 0, reserved[14]{};
      std::uint16_t row_bytes[16]{};
      std::uint8_t rows[16]{};
    } shapes;
    for (std::size_t tile = 0; tile < 8; ++tile) {
      const bool input = tile == 4 || tile == 5;
      shapes.rows[tile] = static_cast<std::uint8_t>(tile < 6 ? rows : bytes / 4);
      shapes.row_bytes[tile] = static_cast<std::uint16_t>(input ? bytes : 64);
    }
    // (GCC 12's intrinsics do not tell the compiler that memory is read and written.)
    asm volatile("ldtilecfg %0" ::"m"(shapes));
  }
  CTNN_ALWAYS_INLINE ~Tiles() { asm volatile("tilerelease" ::: "memory"); }
  Tiles(const Tiles&) = delete;
  Tiles& operator=(const Tiles&) = delete;
  Tiles(Tiles&&) = delete;
  Tiles& operator=(Tiles&&) = delete;

  template <std::size_t tile>
  CTNN_ALWAYS_INLINE void load(const void* p, std::size_t stride) {
    asm volatile("{tileloadd (%1,%2,1), %%tmm%c0|tileloadd tmm%c0, [%1+%2]}" ::"i"(tile), "r"(p), "r"(stride)
                 : "memory");
  }
  template <std::size_t tile>
  CTNN_ALWAYS_INLINE void zero() {
    asm volatile("{tilezero %%tmm%c0|tilezero tmm%c0}" ::"i"(tile));
  }
  template <std::size_t tile>
  CTNN_ALWAYS_INLINE void store(void* p, std::size_t stride) {
    asm volatile("{tilestored %%tmm%c0, (%1,%2,1)|tilestored [%1+%2], tmm%c0}" ::"i"(tile), "r"(p), "r"(stride)
                 : "memory");
  }
  template <std::size_t sum, std::size_t input, std::size_t weights>
  CTNN_ALWAYS_INLINE void add_product() {
    if constexpr (!std::integral<T>) {
      static_assert(std::same_as<T, BFloat16> && std::same_as<W, BFloat16>);
      asm volatile("{tdpbf16ps %%tmm%c2, %%tmm%c1, %%tmm%c0|tdpbf16ps tmm%c0, tmm%c1, tmm%c2}" ::"i"(sum), "i"(input),
                   "i"(weights));
    } else if constexpr (std::is_signed_v<T>) {
      asm volatile("{tdpbssd %%tmm%c2, %%tmm%c1, %%tmm%c0|tdpbssd tmm%c0, tmm%c1, tmm%c2}" ::"i"(sum), "i"(input),
                   "i"(weights));
    } else {
      asm volatile("{tdpbusd %%tmm%c2, %%tmm%c1, %%tmm%c0|tdpbusd tmm%c0, tmm%c1, tmm%c2}" ::"i"(sum), "i"(input),
                   "i"(weights));
    }
  }
};

}  // namespace ctnn::simd
