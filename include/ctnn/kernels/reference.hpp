/// The scalar convolution: obviously right, for every layout and number format, and constexpr. It is the oracle of the
/// vector kernels and what runs where there are none.
#pragma once

#include <cstddef>

#include <ctnn/kernels/geometry.hpp>
#include <ctnn/numeric/weight_only.hpp>

namespace ctnn::kernels::reference {

/// y = epilogue(bias + sum over taps of (x - offset) * weight); taps outside the input add nothing.
/// Weights are packed as (OC, KH, KW, IC / groups). T is the activations' type, A the accumulator's.
template <Convolution2d g, Layout in, Layout out, class A, class T, class W, class Y, class Epilogue>
constexpr void convolve(const T* x, A offset, const W* weight, const A* bias, Y* y, const Epilogue& epilogue) {
  constexpr Window w = g.window;
  for (std::size_t oh = 0; oh < g.out.height; ++oh) {
    const auto& row_epilogue = epilogue.at_row(oh);
    const auto rows = taps_inside(oh, w.stride_height, w.dilation_height, w.height, w.pad_top, g.in.height);
    for (std::size_t ow = 0; ow < g.out.width; ++ow) {
      const auto columns = taps_inside(ow, w.stride_width, w.dilation_width, w.width, w.pad_left, g.in.width);
      for (std::size_t oc = 0; oc < g.out.channels; ++oc) {
        const std::size_t first_channel = oc / g.group_outputs() * g.group_inputs();
        A sum = bias[oc];
        for (std::size_t kh = rows.first; kh < rows.last; ++kh) {
          const std::size_t ih = oh * w.stride_height + kh * w.dilation_height - w.pad_top;
          for (std::size_t kw = columns.first; kw < columns.last; ++kw) {
            const std::size_t iw = ow * w.stride_width + kw * w.dilation_width - w.pad_left;
            const T* pixel = x + in.at(ih, iw, first_channel);                     // (IC / groups)
            const std::size_t first_tap = (kh * w.width + kw) * g.group_inputs();  // (KH, KW, IC / groups)
            for (std::size_t ic = 0; ic < g.group_inputs(); ++ic) {
              const auto input = static_cast<A>(numeric::as_input<W>(pixel[ic * in.channel_stride()]));
              sum += (input - offset) * numeric::weight_at<A>(weight, oc, first_tap + ic, g.taps());
            }
          }
        }
        const std::size_t position = out.at(oh, ow, oc);
        y[position] = static_cast<Y>(row_epilogue(sum, oc, position));
      }
    }
  }
}

}  // namespace ctnn::kernels::reference
