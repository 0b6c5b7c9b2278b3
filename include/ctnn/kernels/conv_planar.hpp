/// Convolution of few channels: vectors of neighbouring pixels x all output channels, every channel's image by itself.
/// With one to eight channels this keeps all lanes busy where channels-last would leave most of them empty.
#pragma once

#include <algorithm>
#include <cstddef>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Vectors of pixels `first` to `first + Vectors - 1` of output row oh, all output channels.
template <class Isa, Convolution2d g, Layout in, Layout out, std::size_t Vectors, class Epilogue>
CTNN_ALWAYS_INLINE void planar_tile(const float* x, const float* weight, const float* bias, float* y, std::size_t oh,
                                    std::size_t first, const Epilogue& epilogue) {
  using V = simd::Vector<float, Isa>;
  constexpr Window w = g.window;
  // numbers by themselves: GCC 12 crashes on members of a constexpr structure inside the lambdas
  constexpr std::size_t channels = g.out.channels, inputs = g.in.channels, row_taps = w.width * inputs;
  constexpr std::size_t dilation = w.dilation_width, plane = in.channel_stride();
  // the row's last vector overlaps its neighbour instead of hanging over the end
  std::size_t column[Vectors];
  simd::unroll<Vectors>(
      [&](auto v) CTNN_INLINE_LAMBDA { column[v] = std::min((first + v) * Isa::lanes, g.out.width - Isa::lanes); });
  V sum[channels][Vectors];
  simd::unroll<channels>([&](auto oc) CTNN_INLINE_LAMBDA {
    simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA { sum[oc][v] = V(bias[oc]); });
  });
  const auto rows = taps_inside(oh, w.stride_height, w.dilation_height, w.height, w.pad_top, g.in.height);
  for (std::size_t kh = rows.first; kh < rows.last; ++kh) {
    const std::size_t ih = oh * w.stride_height + kh * w.dilation_height - w.pad_top;
    const float* row_x = x + in.at(ih, 0, 0) - w.pad_left;
    const float* row_weight = weight + kh * row_taps * channels;  // (KW, IC, OC)
    simd::unroll<row_taps>([&](auto tap) CTNN_INLINE_LAMBDA {
      const float* tap_x = row_x + tap / inputs * dilation + tap % inputs * plane;
      const float* tap_weight = row_weight + tap * channels;  // (OC)
      V input[Vectors];
      simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA { input[v] = simd::load<Isa>(tap_x + column[v]); });
      simd::unroll<channels>([&](auto oc) CTNN_INLINE_LAMBDA {
        const V scale(tap_weight[oc]);
        simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA { sum[oc][v] = simd::fma(input[v], scale, sum[oc][v]); });
      });
    });
  }
  simd::unroll<channels>([&](auto oc) CTNN_INLINE_LAMBDA {
    simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      const std::size_t at = out.at(oh, column[v], oc);
      simd::store<Isa>(y + at, epilogue.template apply<Isa>(sum[oc][v], at, Isa::lanes));
    });
  });
}

/// The whole convolution, unit horizontal stride; weights are (KH, KW, IC, OC). Left and right padding must be borders
/// of the input's layout; rows outside are skipped. Neighbouring vectors may overlap, so a residual must not share
/// memory with the output.
template <class Isa, Convolution2d g, Layout in, Layout out, class Epilogue>
void convolve_planar(const float* x, const float* weight, const float* bias, float* y, const Epilogue& epilogue) {
  static_assert(in.border_left >= g.window.pad_left && in.is_planar() && out.is_planar() && g.window.stride_width == 1);
  static_assert(g.out.width >= Isa::lanes);
  constexpr std::size_t row_vectors = blocks(g.out.width, Isa::lanes);
  constexpr std::size_t tile = std::min(row_vectors, std::max<std::size_t>(1, tile_columns<Isa>(g.out.channels)));
  for (std::size_t oh = 0; oh < g.out.height; ++oh) {
    const Epilogue row_epilogue = epilogue.at_row(oh);
    std::size_t v = 0;
    for (; v + tile <= row_vectors; v += tile) {
      planar_tile<Isa, g, in, out, tile>(x, weight, bias, y, oh, v, row_epilogue);
    }
    if constexpr (row_vectors % tile != 0) {
      planar_tile<Isa, g, in, out, row_vectors % tile>(x, weight, bias, y, oh, v, row_epilogue);
    }
  }
}

}  // namespace ctnn::kernels
