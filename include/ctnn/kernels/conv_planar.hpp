/// Convolution of few channels: vectors of neighbouring pixels, every channel's image by itself. With one to eight
/// channels this keeps all lanes busy where channels-last would leave most of them empty.
#pragma once

#include <algorithm>
#include <cstddef>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/gather.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Vectors of pixels `first` to `first + Vectors - 1` of output row oh, all output channels of a dense convolution. `x`
/// begins with input row `top`. As `Paired`, all pixels of rows oh and oh + 1, with as many taps inside: of each its
/// whole vectors, then one of the last pixels of both.
template <class Isa, Convolution2d g, Layout in, Layout out, std::size_t Vectors, bool Paired = false, class Epilogue>
CTNN_ALWAYS_INLINE void planar_tile(const float* x, const float* weight, const float* bias, float* y, std::size_t oh,
                                    std::size_t first, std::size_t top, const Epilogue& epilogue) {
  using V = simd::Vector<float, Isa>;
  constexpr Window w = g.window;
  // numbers by themselves: GCC 12 crashes on members of a constexpr structure inside the lambdas
  constexpr std::size_t channels = g.out.channels, inputs = g.in.channels, row_taps = w.width * inputs;
  constexpr std::size_t stride = w.stride_width, dilation = w.dilation_width, plane = in.channel_stride();
  constexpr std::size_t next_input_row = w.stride_height * in.row_stride(), width = g.out.width;
  constexpr std::size_t own_vectors = Paired ? Vectors - 1 : Vectors, row_vectors = Paired ? own_vectors / 2 : Vectors;
  // the row's last vector overlaps its neighbour instead of hanging over the end
  std::size_t column[Vectors];
  simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
    column[v] =
        v < own_vectors ? std::min((first + v % row_vectors) * Isa::lanes, width - Isa::lanes) : width - Isa::lanes / 2;
  });
  V sum[channels][Vectors];
  simd::unroll<channels>([&](auto oc) CTNN_INLINE_LAMBDA {
    simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA { sum[oc][v] = V(bias[oc]); });
  });
  const auto rows = taps_inside(oh, w.stride_height, w.dilation_height, w.height, w.pad_top, g.in.height);
  for (std::size_t kh = rows.first; kh < rows.last; ++kh) {
    const std::size_t ih = oh * w.stride_height + kh * w.dilation_height - w.pad_top - top;
    const float* row_x = x + in.at(ih, 0, 0) - w.pad_left;
    const float* row_weight = weight + kh * row_taps * channels;  // (KW, IC, OC)
    simd::unroll<row_taps>([&](auto tap) CTNN_INLINE_LAMBDA {
      const float* tap_x = row_x + tap / inputs * dilation + tap % inputs * plane;
      const float* tap_weight = row_weight + tap * channels;  // (OC)
      V input[Vectors];
      simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
        const float* from = tap_x + column[v] * stride;
        if constexpr (v < own_vectors) {
          input[v] = simd::load_steps<Isa, stride>(from + v / row_vectors * next_input_row, Isa::lanes);
        } else {
          input[v] = simd::load_halves<Isa>(from, from + next_input_row);
        }
      });
      simd::unroll<channels>([&](auto oc) CTNN_INLINE_LAMBDA {
        const V scale(tap_weight[oc]);
        simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA { sum[oc][v] = simd::fma(input[v], scale, sum[oc][v]); });
      });
    });
  }
  simd::unroll<channels>([&](auto oc) CTNN_INLINE_LAMBDA {
    simd::unroll<Vectors>([&](auto v) CTNN_INLINE_LAMBDA {
      constexpr std::size_t row = v < own_vectors ? v / row_vectors : 0;
      const std::size_t at = out.at(oh + row, column[v], oc);
      const V result = epilogue.template apply<Isa>(sum[oc][v], at, Isa::lanes);
      if constexpr (v < own_vectors) {
        simd::store<Isa>(y + at, result);
      } else {
        simd::store_halves<Isa>(y + at, y + at + out.row_stride(), result);
      }
    });
  });
}

/// A depthwise tile's numbers, by themselves as above; GCC 12 does not see local constants inside the lambdas either.
template <Window w, std::size_t Rows>
struct PlanarColumn {
  static constexpr std::size_t input_rows = (Rows - 1) * w.stride_height + w.span_height();
  static constexpr std::size_t height = w.height, width = w.width, stride = w.stride_width, dilation = w.dilation_width;
  /// Which tap output row `row` has at input row `at` of the tile; `height` where it has none.
  static constexpr std::size_t tap(std::size_t row, std::size_t at) {
    const std::size_t begin = row * w.stride_height;
    const bool hit = at >= begin && (at - begin) % w.dilation_height == 0;
    return hit ? std::min(height, (at - begin) / w.dilation_height) : height;
  }
};

/// A vector of pixels of output rows oh to oh + Rows - 1, of one channel: every input is loaded once for all the rows
/// that need it. `x` and `y` are the channel's images, `weight` its first tap, others `channels` apart.
template <class Isa, Convolution2d g, Layout in, Layout out, std::size_t Rows, class Epilogue>
CTNN_ALWAYS_INLINE void planar_depthwise_tile(const float* x, const float* weight, float bias, float* y, std::size_t oh,
                                              std::size_t column, const Epilogue& epilogue) {
  using V = simd::Vector<float, Isa>;
  using Column = PlanarColumn<g.window, Rows>;
  constexpr std::size_t channels = g.out.channels, row_stride = in.row_stride(), in_height = g.in.height;
  V scale[Column::height * Column::width];
  simd::unroll<Column::height * Column::width>([&](auto tap)
                                                   CTNN_INLINE_LAMBDA { scale[tap] = V(weight[tap * channels]); });
  V sum[Rows];
  simd::unroll<Rows>([&](auto row) CTNN_INLINE_LAMBDA { sum[row] = V(bias); });
  const std::ptrdiff_t top =
      static_cast<std::ptrdiff_t>(oh * g.window.stride_height) - static_cast<std::ptrdiff_t>(g.window.pad_top);
  x += in.at(0, column * g.window.stride_width, 0) - g.window.pad_left;
  simd::unroll<Column::input_rows>([&]<std::size_t r>(std::integral_constant<std::size_t, r>) CTNN_INLINE_LAMBDA {
    const std::ptrdiff_t at = top + static_cast<std::ptrdiff_t>(r);
    if (at < 0 || at >= static_cast<std::ptrdiff_t>(in_height)) return;
    const float* row_x = x + at * static_cast<std::ptrdiff_t>(row_stride);
    simd::unroll<Column::width>([&]<std::size_t kw>(std::integral_constant<std::size_t, kw>) CTNN_INLINE_LAMBDA {
      const V input = simd::load_steps<Isa, Column::stride>(row_x + kw * Column::dilation, Isa::lanes);
      simd::unroll<Rows>([&]<std::size_t row>(std::integral_constant<std::size_t, row>) CTNN_INLINE_LAMBDA {
        constexpr std::size_t kh = Column::tap(row, r);
        if constexpr (kh < Column::height) sum[row] = simd::fma(input, scale[kh * Column::width + kw], sum[row]);
      });
    });
  });
  simd::unroll<Rows>([&](auto row) CTNN_INLINE_LAMBDA {
    const std::size_t at = out.at(oh + row, column, 0);
    simd::store<Isa>(y + at, epilogue.at_row(oh + row).template apply<Isa>(sum[row], at, Isa::lanes));
  });
}

/// Output rows `row` to `last`, not included, of a dense convolution; `x` as above.
template <class Isa, Convolution2d g, Layout in, Layout out, class Epilogue>
void planar_rows(const float* x, const float* weight, const float* bias, float* y, std::size_t row, std::size_t last,
                 std::size_t top, const Epilogue& epilogue) {
  constexpr std::size_t row_vectors = blocks(g.out.width, Isa::lanes);
  constexpr std::size_t tile = std::min(row_vectors, std::max<std::size_t>(1, tile_columns<Isa>(g.out.channels)));
  constexpr std::size_t pair = 2 * row_vectors - 1;
  // sums and inputs, four registers to spare: without, GCC keeps sums in memory (40 x 40, 5 to 5 channels: 0.9x)
  constexpr bool paired = (g.out.channels + 1) * pair + 4 <= Isa::registers;
  constexpr Window w = g.window;
  const auto taps = [&](std::size_t oh) {
    return taps_inside(oh, w.stride_height, w.dilation_height, w.height, w.pad_top, g.in.height);
  };
  for (; row < last; ++row) {
    if constexpr (paired && w.stride_width == 1 && pairs_last_vectors<Isa>(g.out.width, g.out.height)) {
      if (row + 1 < last && taps(row) == taps(row + 1)) {
        planar_tile<Isa, g, in, out, pair, true>(x, weight, bias, y, row++, 0, top, epilogue);
        continue;
      }
    }
    std::size_t v = 0;
    for (; v + tile <= row_vectors; v += tile) {
      planar_tile<Isa, g, in, out, tile>(x, weight, bias, y, row, v, top, epilogue);
    }
    if constexpr (row_vectors % tile != 0) {
      planar_tile<Isa, g, in, out, row_vectors % tile>(x, weight, bias, y, row, v, top, epilogue);
    }
  }
}

/// Of a channels-last input a band of rows at a time is brought into planes, in scratch memory: in L1, while the planes
/// of the whole image may not be (VWW's first layer 1.3x over a copy beforehand).
struct PlanarBand {
  std::size_t rows;  // of output
  Layout planes;     // of input
};
constexpr PlanarBand planar_band(const Convolution2d& g) {
  constexpr std::size_t most = 4096;  // floats, 16 KiB: leaves most of L1 to weights and output
  const Window& w = g.window;
  Layout planes{1, g.in.width, g.in.channels, w.pad_left, g.columns_beyond(), true};
  const std::size_t fit = std::max(w.span_height(), most / (g.in.channels * planes.row_stride()));
  const std::size_t rows = std::min(g.out.height, (fit - w.span_height()) / w.stride_height + 1);
  planes.height = (rows - 1) * w.stride_height + w.span_height();
  return {rows, planes};
}

/// Input row `row`, channels-last, into row `to` of planes.
template <class Isa, Layout in, Layout planes>
void row_into_planes(const float* x, float* y, std::size_t row, std::size_t to) {
  x += in.at(row, 0, 0);
  y += planes.at(to, 0, 0);
  if constexpr (in.width >= Isa::lanes) {
    for (std::size_t column = 0; column < in.width; column += Isa::lanes) {
      const std::size_t from = std::min(column, in.width - Isa::lanes);
      simd::store_channels<Isa, in.channels>(x + from * in.channels, y + from, planes.channel_stride());
    }
  } else {
    for (std::size_t i = 0; i < in.width * in.channels; ++i) {
      y[i / in.channels + i % in.channels * planes.channel_stride()] = x[i];
    }
  }
}

/// The whole convolution, windows one or two pixels apart, dense or depthwise; weights are (KH, KW, IC / groups, OC).
/// Left and right padding must be borders of a planar input's layout; rows outside are skipped. A dense convolution's
/// input may also be channels-last: then there must be scratch memory. Neighbouring tiles may overlap: there is no
/// residual, which might lie where the output does.
template <class Isa, Convolution2d g, Layout in, Layout out, class Epilogue>
void convolve_planar(const float* x, const float* weight, const float* bias, float* y, [[maybe_unused]] float* scratch,
                     const Epilogue& epilogue) {
  static_assert(out.is_planar() && g.out.width >= Isa::lanes && !Epilogue::has_residual);
  constexpr Window w = g.window;
  if constexpr (!in.is_planar()) {
    static_assert(g.groups == 1);
    constexpr PlanarBand band = planar_band(g);
    clear_borders<band.planes>(scratch);
    for (std::size_t row = 0; row < g.out.height; row += band.rows) {
      const std::size_t last = std::min(row + band.rows, g.out.height);
      const std::size_t top = row * w.stride_height - std::min(row * w.stride_height, w.pad_top);
      const std::size_t end = std::min(g.in.height + w.pad_top, (last - 1) * w.stride_height + w.span_height());
      for (std::size_t ih = top; ih + w.pad_top < end; ++ih) {
        row_into_planes<Isa, in, band.planes>(x, scratch, ih, ih - top);
      }
      planar_rows<Isa, g, band.planes, out>(scratch, weight, bias, y, row, last, top, epilogue);
    }
  } else if constexpr (g.groups == 1) {
    static_assert(in.border_left >= w.pad_left);
    planar_rows<Isa, g, in, out>(x, weight, bias, y, 0, g.out.height, 0, epilogue);
  } else {
    static_assert(in.border_left >= w.pad_left);
    // accumulators: beside them a 3 x 3 window's weights and some inputs stay in 32 registers
    constexpr std::size_t rows = std::min<std::size_t>(g.out.height, Isa::registers == 32 ? 8 : 4);
    for (std::size_t c = 0; c < g.out.channels; ++c) {
      for (std::size_t oh = 0; oh < g.out.height; oh += rows) {
        for (std::size_t ow = 0; ow < g.out.width; ow += Isa::lanes) {
          planar_depthwise_tile<Isa, g, in, out, rows>(x + c * in.channel_stride(), weight + c, bias[c],
                                                       y + c * out.channel_stride(), std::min(oh, g.out.height - rows),
                                                       std::min(ow, g.out.width - Isa::lanes), epilogue);
        }
      }
    }
  }
}

}  // namespace ctnn::kernels
