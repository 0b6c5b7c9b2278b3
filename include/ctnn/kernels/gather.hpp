/// Data movement: every output element is one input element or a fill. Padding, slicing, concatenation, shuffling,
/// nearest upsampling and changes of layout are one loop with three maps.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <functional>
#include <type_traits>
#include <utility>

#include <ctnn/kernels/geometry.hpp>

namespace ctnn::kernels {

/// What a map answers for an output position that has no input.
inline constexpr std::size_t nowhere = static_cast<std::size_t>(-1);

/// The map of an axis that is copied as it is.
struct Same {
  constexpr std::size_t operator()(std::size_t i) const { return i; }
};

/// y(r, c, k) = convert(x(rows(r), columns(c), channels(k))), or fill where a map answers nowhere. The extent is the
/// part of the output that is written; `out` may be larger.
template <Extent extent, Layout in, Layout out, class T, class Y, class Rows, class Columns, class Channels,
          class Convert = std::identity>
constexpr void gather(const T* x, Y* y, Rows rows, Columns columns, Channels channels, Y fill = Y{},
                      Convert convert = {}) {
  for (std::size_t row = 0; row < extent.height; ++row) {
    const std::size_t from_row = rows(row);
    for (std::size_t column = 0; column < extent.width; ++column) {
      const std::size_t from_column = columns(column);
      Y* pixel = y + out.at(row, column, 0);
      if (from_row == nowhere || from_column == nowhere) {
        for (std::size_t k = 0; k < extent.channels; ++k) pixel[k * out.channel_stride()] = fill;
      } else {
        const T* source = x + in.at(from_row, from_column, 0);
        for (std::size_t k = 0; k < extent.channels; ++k) {
          pixel[k * out.channel_stride()] = convert(source[channels(k) * in.channel_stride()]);
        }
      }
    }
  }
}

/// y has the first channel of every x, then the second of each, and so on; x are of one extent. Loops that compilers
/// make vector shuffles of: six times faster than gather.
template <Layout out, Layout... in, class T>
constexpr void interleave_channels(const std::array<const T*, sizeof...(in)>& x, T* y) {
  static_assert(!out.planar && (!in.planar && ...) && (in.channels + ...) == out.channels);
  constexpr std::size_t count = sizeof...(in), channels = out.channels / count;
  for (std::size_t row = 0; row < out.height; ++row) {
    for (std::size_t column = 0; column < out.width; ++column) {
      const std::array<std::size_t, count> at{in.at(row, column, 0)...};
      T* __restrict pixel = y + out.at(row, column, 0);
      for (std::size_t i = 0; i < channels; ++i) {
        for (std::size_t k = 0; k < count; ++k) pixel[i * count + k] = x[k][at[k] + i];
      }
    }
  }
}
/// The channels of every pixel as (groups, channels / groups), transposed.
template <std::size_t groups, Layout in, Layout out, class T>
constexpr void shuffle_channels(const T* x, T* y) {
  constexpr Layout group = in.share(in.channels / groups);
  [&]<std::size_t... I>(std::index_sequence<I...>) {
    interleave_channels<out, (static_cast<void>(I), group)...>(
        std::array<const T*, groups>{x + I * group.channels * in.channel_stride()...}, y);
  }
  (std::make_index_sequence<groups>{});
}

/// y = convert(x) in another layout.
template <Layout in, Layout out, class T, class Y, class Convert = std::identity>
constexpr void relayout(const T* x, Y* y, Convert convert = {}) {
  if constexpr (in.planar == out.planar) {
    for_each_run<in, out>([&](std::size_t from, std::size_t to, std::size_t length) {
      if constexpr (std::is_same_v<T, Y> && std::is_same_v<Convert, std::identity>) {
        std::copy_n(x + from, length, y + to);  // bytes at once, which compilers do not make of a transformation
      } else {
        std::transform(x + from, x + from + length, y + to, convert);
      }
    });
  } else {
    gather<in.extent(), in, out>(x, y, Same{}, Same{}, Same{}, Y{}, convert);
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
