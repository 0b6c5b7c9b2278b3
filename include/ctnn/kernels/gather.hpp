/// Data movement: every output element is one input element or a fill. Padding, slicing, concatenation, shuffling,
/// nearest upsampling and changes of layout are one loop with three maps.
#pragma once

#include <algorithm>
#include <cstddef>

#include <ctnn/kernels/geometry.hpp>

namespace ctnn::kernels {

/// What a map answers for an output position that has no input.
inline constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

/// The map of an axis that is copied as it is.
struct Same {
  constexpr std::size_t operator()(std::size_t i) const { return i; }
};

/// y(r, c, k) = x(rows(r), columns(c), channels(k)), or fill where a map answers nowhere. The extent is the
/// part of the output that is written; `out` may be larger.
template <Extent extent, Layout in, Layout out, class T, class Rows, class Columns, class Channels>
constexpr void gather(const T* x, T* y, Rows rows, Columns columns, Channels channels, T fill = T{}) {
  for (std::size_t row = 0; row < extent.height; ++row) {
    const std::size_t from_row = rows(row);
    for (std::size_t column = 0; column < extent.width; ++column) {
      const std::size_t from_column = columns(column);
      T* pixel = y + out.at(row, column, 0);
      if (from_row == nowhere || from_column == nowhere) {
        for (std::size_t k = 0; k < extent.channels; ++k) pixel[k * out.channel_stride()] = fill;
      } else {
        const T* source = x + in.at(from_row, from_column, 0);
        for (std::size_t k = 0; k < extent.channels; ++k) {
          pixel[k * out.channel_stride()] = source[channels(k) * in.channel_stride()];
        }
      }
    }
  }
}

/// The channels of every pixel as (groups, channels / groups), transposed. Loops that compilers make vector shuffles
/// of: six times faster than gather.
template <std::size_t groups, Layout in, Layout out, class T>
constexpr void shuffle_channels(const T* x, T* y) {
  static_assert(!in.planar && !out.planar);
  constexpr std::size_t in_group = in.channels / groups;
  for (std::size_t row = 0; row < in.height; ++row) {
    for (std::size_t column = 0; column < in.width; ++column) {
      const T* __restrict source = x + in.at(row, column, 0);
      T* __restrict pixel = y + out.at(row, column, 0);
      for (std::size_t i = 0; i < in_group; ++i) {
        for (std::size_t group = 0; group < groups; ++group) pixel[i * groups + group] = source[group * in_group + i];
      }
    }
  }
}

/// y = x in another layout.
template <Layout in, Layout out, class T>
constexpr void relayout(const T* x, T* y) {
  if constexpr (in.planar == out.planar) {
    for_each_run<in, out>(
        [&](std::size_t from, std::size_t to, std::size_t length) { std::copy_n(x + from, length, y + to); });
  } else {
    gather<in.extent(), in, out>(x, y, Same{}, Same{}, Same{});
  }
}

/// Writes zeros, or what stands for them, to the borders of a layout.
template <Layout layout, class T>
constexpr void clear_borders(T* y, T zero = T{}) {
  constexpr std::size_t left = layout.border_left * layout.pixel_stride();
  constexpr std::size_t right = layout.border_right * layout.pixel_stride();
  if constexpr (left + right != 0) {
    for (std::size_t row = 0; row < layout.size() / layout.row_stride(); ++row, y += layout.row_stride()) {
      std::fill(y, y + left, zero);
      std::fill(y + layout.row_stride() - right, y + layout.row_stride(), zero);
    }
  }
}

}  // namespace ctnn::kernels
