/// The static numbers kernels are specialised for: how a window slides, and where the elements of a tensor lie.
#pragma once

#include <cstddef>
#include <cstdint>

#include <ctnn/core/shape.hpp>

namespace ctnn::kernels {

/// A sliding window: of a convolution or a pool.
struct Window {
  std::size_t height = 1, width = 1;
  std::size_t stride_height = 1, stride_width = 1;
  std::size_t dilation_height = 1, dilation_width = 1;
  std::size_t pad_top = 0, pad_bottom = 0, pad_left = 0, pad_right = 0;

  /// Rows and columns from the first tap to the last, inclusive.
  [[nodiscard]] constexpr std::size_t span_height() const { return (height - 1) * dilation_height + 1; }
  [[nodiscard]] constexpr std::size_t span_width() const { return (width - 1) * dilation_width + 1; }
  friend constexpr bool operator==(const Window&, const Window&) = default;
};

/// A convolution of an input extent: every output channel reads in.channels / groups input channels.
struct Convolution2d {
  Extent in, out;
  Window window;
  std::size_t groups = 1;

  [[nodiscard]] constexpr std::size_t group_inputs() const { return in.channels / groups; }
  [[nodiscard]] constexpr std::size_t group_outputs() const { return out.channels / groups; }
  /// Every channel by itself, into one output.
  [[nodiscard]] constexpr bool is_depthwise() const { return groups == in.channels && groups == out.channels; }
  /// Columns beyond the input's last that windows read.
  [[nodiscard]] constexpr std::size_t columns_beyond() const {
    const std::size_t reach = (out.width - 1) * window.stride_width + window.span_width();
    return reach > in.width + window.pad_left ? reach - in.width - window.pad_left : 0;
  }
  /// Weights per output channel.
  [[nodiscard]] constexpr std::size_t taps() const { return window.height * window.width * group_inputs(); }
};

/// Rows of an image: [first, last).
struct Rows {
  std::size_t first = 0, last = 0;
};

/// Where the elements of a tensor lie. Channels-last by default; planar keeps each channel's image together. Rows may
/// have columns of zeros on both sides ("borders"), so that a padded convolution need not look where it reads. A tensor
/// that is a share of another's channels has a gap between its pixels (channels-last).
struct Layout {
  std::size_t height = 1, width = 1, channels = 1;
  std::size_t border_left = 0, border_right = 0;
  bool planar = false;
  std::size_t gap = 0;

  [[nodiscard]] constexpr Extent extent() const { return {height, width, channels}; }
  /// Elements from a pixel to its right neighbour, from a row to the next, from a channel to the next.
  [[nodiscard]] constexpr std::size_t pixel_stride() const { return planar ? 1 : channels + gap; }
  [[nodiscard]] constexpr std::size_t row_stride() const {
    return (border_left + width + border_right) * pixel_stride();
  }
  [[nodiscard]] constexpr std::size_t channel_stride() const { return planar ? height * row_stride() : 1; }
  /// Elements in all, borders included.
  [[nodiscard]] constexpr std::size_t size() const { return height * row_stride() * (planar ? channels : 1); }
  /// Position of an element.
  [[nodiscard]] constexpr std::size_t at(std::size_t row, std::size_t column, std::size_t channel) const {
    return channel * channel_stride() + row * row_stride() + (column + border_left) * pixel_stride();
  }
  [[nodiscard]] constexpr bool has_border() const { return border_left + border_right != 0; }
  /// Where a share of the channels lies.
  [[nodiscard]] constexpr Layout share(std::size_t count) const {
    Layout result = *this;
    result.gap = channels + gap - count;
    result.channels = count;
    return result;
  }
  /// No gaps between the elements.
  [[nodiscard]] constexpr bool is_compact() const { return !has_border() && gap == 0; }
  /// Memory order is (height, width, channels) without gaps, as a Tensor's.
  [[nodiscard]] constexpr bool is_canonical() const {
    return is_compact() && (!planar || channels == 1 || height * width == 1);
  }
  /// Each channel's image lies by itself, whichever way it came about.
  [[nodiscard]] constexpr bool is_planar() const { return planar || (channels == 1 && gap == 0); }
  friend constexpr bool operator==(const Layout&, const Layout&) = default;
};

/// The layout of a canonical tensor.
constexpr Layout canonical(const Extent& e) { return {e.height, e.width, e.channels}; }

/// Calls body(x_position, y_position, length) for every stretch of memory that both layouts have in one piece.
template <Layout in, Layout out, class Body>
constexpr void for_each_run(Body body) {
  static_assert(in.extent() == out.extent() && in.planar == out.planar);
  if constexpr (in.is_compact() && out.is_compact()) {
    body(std::size_t{0}, std::size_t{0}, in.size());
  } else if constexpr (in.gap != 0 || out.gap != 0) {
    for (std::size_t row = 0; row < in.height; ++row) {
      for (std::size_t column = 0; column < in.width; ++column) {
        body(in.at(row, column, 0), out.at(row, column, 0), in.channels);
      }
    }
  } else {
    for (std::size_t plane = 0; plane < (in.planar ? in.channels : 1); ++plane) {
      for (std::size_t row = 0; row < in.height; ++row) {
        body(in.at(row, 0, plane), out.at(row, 0, plane), in.width * in.pixel_stride());
      }
    }
  }
}

/// The taps of a window that fall inside an axis: [first, last).
struct TapRange {
  std::size_t first, last;
  friend constexpr bool operator==(const TapRange&, const TapRange&) = default;
};

/// For output position `out`: which taps read inside [0, size), and (position + pad) of the first tap.
constexpr TapRange taps_inside(std::size_t out, std::size_t stride, std::size_t dilation, std::size_t taps,
                               std::size_t pad, std::size_t size) {
  const std::size_t begin = out * stride;  // tap k reads at begin + k * dilation - pad
  const std::size_t first = begin >= pad ? 0 : (pad - begin + dilation - 1) / dilation;
  const std::size_t end = size + pad;
  const std::size_t last = end <= begin ? 0 : (end - begin + dilation - 1) / dilation;
  const std::size_t upper = last < taps ? last : taps;
  return {first < upper ? first : upper, upper};
}

/// The input row that the first of the taps inside reads, 0 where there is none.
constexpr std::size_t first_row_inside(const Convolution2d& g, std::size_t out, const TapRange& inside) {
  const Window& w = g.window;
  return inside.first < inside.last ? out * w.stride_height + inside.first * w.dilation_height - w.pad_top : 0;
}

/// The input rows that the first `outputs` output rows need: all before this one.
constexpr std::size_t rows_needed(const Convolution2d& g, std::size_t outputs) {
  if (outputs == 0) return 0;
  const std::size_t end = (outputs - 1) * g.window.stride_height + g.window.span_height();
  return end <= g.window.pad_top ? 0 : end - g.window.pad_top < g.in.height ? end - g.window.pad_top : g.in.height;
}
/// The first input row that output rows from `output` on read.
constexpr std::size_t first_row_read(const Convolution2d& g, std::size_t output) {
  const std::size_t begin = output * g.window.stride_height;
  return begin <= g.window.pad_top ? 0 : begin - g.window.pad_top;
}

}  // namespace ctnn::kernels
