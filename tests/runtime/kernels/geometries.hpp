/// Convolutions that kernels are tested with, and where their tensors lie.
#pragma once

#include <algorithm>
#include <cstddef>

#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/select.hpp>

namespace kernel_tests {

using ctnn::Extent;
using ctnn::kernels::Algorithm;
using ctnn::kernels::Convolution2d;
using ctnn::kernels::Layout;
using ctnn::kernels::Window;

/// A convolution whose output follows from the rest.
constexpr Convolution2d convolution(const Extent& in, std::size_t outputs, const Window& w, std::size_t groups = 1) {
  const std::size_t rows = in.height + w.pad_top + w.pad_bottom - w.span_height();
  const std::size_t columns = in.width + w.pad_left + w.pad_right - w.span_width();
  return {.in = in,
          .out = {rows / w.stride_height + 1, columns / w.stride_width + 1, outputs},
          .window = w,
          .groups = groups};
}
/// A square window, padded such that the output has the input's size.
constexpr Window square(std::size_t size) {
  return {.height = size,
          .width = size,
          .pad_top = (size - 1) / 2,
          .pad_bottom = size / 2,
          .pad_left = (size - 1) / 2,
          .pad_right = size / 2};
}

/// The same window, so many pixels from output to output.
constexpr Window with_stride(Window w, std::size_t stride) {
  w.stride_height = w.stride_width = stride;
  return w;
}

/// Groups of Inputs to Outputs channels.
template <std::size_t Groups, std::size_t Inputs, std::size_t Outputs>
constexpr Convolution2d groups_of = convolution({3, 5, Groups* Inputs}, Groups* Outputs, square(3), Groups);

/// Strides, kernel and padding that differ by axis; taps apart; rows of outputs that see no tap at all, and only some.
inline constexpr Window uneven_window{.height = 3,
                                      .width = 2,
                                      .stride_height = 2,
                                      .stride_width = 3,
                                      .pad_top = 1,
                                      .pad_bottom = 0,
                                      .pad_left = 1,
                                      .pad_right = 2};
inline constexpr Window dilated_window{
    .height = 3, .width = 3, .dilation_height = 2, .dilation_width = 3, .pad_top = 2, .pad_left = 3};
inline constexpr Window window_in_padding{
    .height = 2, .width = 2, .pad_top = 3, .pad_bottom = 4, .pad_left = 3, .pad_right = 5};

/// Layouts of a run: as tight as the kernel takes them, or with borders to spare on all sides, or those of the output.
enum class Borders { tight, output, wide };

constexpr Layout input_layout(const Convolution2d& g, Algorithm algorithm, Borders borders, bool planar) {
  Layout layout = ctnn::kernels::canonical(g.in);
  layout.planar = planar;
  if (algorithm == Algorithm::direct || algorithm == Algorithm::lanewise || algorithm == Algorithm::planar ||
      algorithm == Algorithm::tiles) {
    const std::size_t reach = (g.out.width - 1) * g.window.stride_width + g.window.span_width();
    layout.border_left = g.window.pad_left;
    layout.border_right = std::max(reach, g.in.width + g.window.pad_left) - g.in.width - g.window.pad_left;
  }
  if (borders == Borders::wide) layout.border_left += 1, layout.border_right += 2;
  return layout;
}
constexpr Layout output_layout(const Convolution2d& g, Borders borders, bool planar) {
  Layout layout = ctnn::kernels::canonical(g.out);
  layout.planar = planar;
  if (borders != Borders::tight) layout.border_left = 2, layout.border_right = 1;
  return layout;
}

}  // namespace kernel_tests
