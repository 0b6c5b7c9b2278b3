/// Output rows by the kernel rows that they see: of integers whose zero is not 0, the sum that an output begins with
/// depends on the taps that are outside.
#pragma once

#include <array>
#include <cstddef>

#include <ctnn/kernels/geometry.hpp>

namespace ctnn::kernels {

namespace detail {

template <Convolution2d g>
struct RowCases {
  std::array<TapRange, g.out.height> ranges{};  // the first `count`: distinct
  std::array<std::size_t, g.out.height> of_row{};
  std::size_t count = 0;

  constexpr RowCases() {
    constexpr Window w = g.window;
    for (std::size_t row = 0; row < g.out.height; ++row) {
      const TapRange own = taps_inside(row, w.stride_height, w.dilation_height, w.height, w.pad_top, g.in.height);
      std::size_t i = 0;
      while (i < count && (ranges[i].first != own.first || ranges[i].last != own.last)) ++i;
      if (i == count) ranges[count++] = own;
      of_row[row] = i;
    }
  }
};
template <Convolution2d g>
inline constexpr RowCases<g> row_cases{};

}  // namespace detail

/// How many cases a convolution's output rows fall into, the case of a row, and the kernel rows that a case sees.
template <Convolution2d g>
inline constexpr std::size_t row_case_count = detail::row_cases<g>.count;
template <Convolution2d g>
constexpr std::size_t row_case(std::size_t row) {
  if constexpr (row_case_count<g> == 1) {
    return 0;
  } else {
    return detail::row_cases<g>.of_row[row];
  }
}
template <Convolution2d g>
constexpr TapRange row_case_taps(std::size_t number) {
  return detail::row_cases<g>.ranges[number];
}

}  // namespace ctnn::kernels
