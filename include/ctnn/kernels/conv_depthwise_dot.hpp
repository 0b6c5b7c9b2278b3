/// Depthwise convolution of bytes: the pixels that four taps read are interleaved once, for all outputs of a tile.
/// Input and output are channels-last.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include <ctnn/core/config.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/conv_depthwise_staged.hpp>
#include <ctnn/kernels/depthwise_dot_plan.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/pack.hpp>
#include <ctnn/kernels/row_cases.hpp>
#include <ctnn/simd/integer.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// Where the taps of a row of dot products lie, of an input whose pixels are `pixel_stride` apart. Those beyond the
/// last meet weights of zero, and are read, too, where all of them are near; else they are the first.
template <class Isa, Convolution2d g, std::size_t columns>
constexpr auto depthwise_dot_offsets(std::size_t pixel_stride) {
  constexpr std::size_t apart = (columns - 1) * g.window.stride_width, reach = apart + g.window.width;
  constexpr std::size_t taps = depthwise_dots<Isa>(g) * 4 + apart / 2 * 2;
  const std::size_t step = g.window.dilation_width * pixel_stride;
  std::array<std::size_t, taps> offsets{};
  for (std::size_t tap = 0; tap < taps; ++tap) {
    if (tap < reach || taps * step <= alignment) offsets[tap] = tap * step;
  }
  return offsets;
}
/// Channels [first_channel, last_channel), `vectors` vectors of them at a time.
template <class Isa, std::size_t vectors, std::size_t first_channel, std::size_t last_channel, Convolution2d g,
          Layout in, Layout out, class T, class Epilogue>
void depthwise_dot_channels(const T* x, const std::int8_t* weight, const std::int32_t* bias, T* y,
                            const Epilogue& caller_epilogue) {
  using Sum = simd::IntSum<Isa>;
  const Epilogue epilogue = caller_epilogue;  // its numbers do not change, whatever is written to bytes
  constexpr Window w = g.window;
  constexpr std::size_t rows = depthwise_dot_rows<Isa>(g, vectors), columns = depthwise_dot_columns<Isa>(g, vectors);
  constexpr std::size_t dots = depthwise_dots<Isa>(g), shared = depthwise_dot_shared<Isa>(g), groups = columns / shared;
  constexpr std::size_t input_rows = (rows - 1) * w.stride_height + w.span_height();
  constexpr std::size_t row_weights = shared * dots;
  // Interleaved rows that stay for the next outputs: where they are half of what those read, and registers hold them
  // beside the sums.
  constexpr std::size_t overlap = input_rows - std::min(input_rows, rows * w.stride_height);
  constexpr std::size_t kept_rows = vectors == 4 && overlap >= rows && overlap * groups * dots <= 2 ? overlap : 0;
  constexpr std::size_t block = vectors * Isa::lanes;
  constexpr bool whole = g.out.channels % block == 0;
  constexpr auto tap_offsets = depthwise_dot_offsets<Isa, g, columns>(in.pixel_stride());
  constexpr std::size_t biases = blocks(g.out.channels, Isa::lanes) * Isa::lanes;  // of a row case
  x += in.at(0, 0, 0) - w.pad_left * in.pixel_stride();
  Sum last[kept_rows == 0 ? 1 : kept_rows][dots][groups][vectors];
  // The outputs of some rows and columns; `follows`: those above are the last that were made.
  const auto make_tile = [&](std::size_t row, std::size_t column, std::size_t channel,
                             [[maybe_unused]] bool follows) CTNN_INLINE_LAMBDA {
    const T* column_x = x + column * w.stride_width * in.pixel_stride();
    const std::int8_t* own_weight = weight + channel * w.height * row_weights * 4;
    const auto weights_at = [&](std::size_t v, std::size_t i) CTNN_INLINE_LAMBDA {
      return simd::load_ints<Isa>(own_weight + (v * w.height * row_weights + i) * Isa::lanes * 4);
    };
    // One vector's stay in registers; those of four are read where they are used, as operands from memory. Of one dot
    // product per row they are hidden: the next row's that are the same would be kept, and sums stored instead (1.15x;
    // 56 x 56 x 144, 5 x 5 strided: 0.94x).
    constexpr bool kept = vectors == 1;
    Sum weights[kept ? w.height * row_weights : 1];
    if constexpr (kept) {
      simd::unroll<w.height * row_weights>([&](auto i) CTNN_INLINE_LAMBDA { weights[i] = weights_at(0, i); });
    }
    const auto interleave = [&](const T* pixel, std::size_t d, Sum(&inputs)[groups][vectors]) CTNN_INLINE_LAMBDA {
      const auto tap = [&](std::size_t i) CTNN_INLINE_LAMBDA { return pixel + tap_offsets[d * 4 + i]; };
      if constexpr (vectors == 4) {
        Sum pair[groups + 1][2];
        simd::unroll<groups + 1>([&](auto p) CTNN_INLINE_LAMBDA {
          const auto own = [&](std::size_t i)
                               CTNN_INLINE_LAMBDA { return simd::to_dot_input<Isa, T>(simd::load_ints<Isa>(tap(i))); };
          simd::interleave_registers<Isa>(own(2 * p), own(2 * p + 1), pair[p]);
        });
        simd::unroll<groups>([&](auto q)
                                 CTNN_INLINE_LAMBDA { simd::interleave_pairs<Isa>(pair[q], pair[q + 1], inputs[q]); });
      } else {
        const std::array<const void*, 4> taps{tap(0), tap(1), tap(2), tap(3)};
        inputs[0][0] = simd::to_dot_input<Isa, T>(simd::interleave_bytes<Isa>(taps));
      }
    };
    const auto top = static_cast<std::ptrdiff_t>(row * w.stride_height) - static_cast<std::ptrdiff_t>(w.pad_top);
    const auto input_row = [&](std::ptrdiff_t at, auto use) CTNN_INLINE_LAMBDA {
      if (at < 0 || at >= static_cast<std::ptrdiff_t>(g.in.height)) return;
      use(column_x + static_cast<std::size_t>(at) * in.row_stride() + channel);
    };
    if (!follows) {
      simd::unroll<kept_rows>([&](auto r) CTNN_INLINE_LAMBDA {
        input_row(top + static_cast<std::ptrdiff_t>(r), [&](const T* pixel) CTNN_INLINE_LAMBDA {
          simd::unroll<dots>([&](auto d) CTNN_INLINE_LAMBDA { interleave(pixel, d, last[r][d]); });
        });
      });
    }
    Sum sum[rows * columns][vectors];
    simd::unroll<rows>([&](auto r) CTNN_INLINE_LAMBDA {
      const std::int32_t* start = bias + row_case<g>(row + r) * biases + channel;
      simd::unroll<columns * vectors>([&](auto i) CTNN_INLINE_LAMBDA {
        sum[r * columns + i / vectors][i % vectors] = simd::load_ints<Isa>(start + i % vectors * Isa::lanes);
      });
    });
    simd::unroll<input_rows>([&]<std::size_t r>(std::integral_constant<std::size_t, r>) CTNN_INLINE_LAMBDA {
      input_row(top + static_cast<std::ptrdiff_t>(r), [&](const T* pixel) CTNN_INLINE_LAMBDA {
        if constexpr (dots == 1) simd::hide(own_weight);
        simd::unroll<dots>([&]<std::size_t d>(std::integral_constant<std::size_t, d>) CTNN_INLINE_LAMBDA {
          Sum inputs[groups][vectors];
          const auto copy = [&](const auto& from, auto& to) CTNN_INLINE_LAMBDA {
            simd::unroll<groups * vectors>(
                [&](auto i) CTNN_INLINE_LAMBDA { to[i / vectors][i % vectors] = from[i / vectors][i % vectors]; });
          };
          if constexpr (r < kept_rows) {
            copy(last[r][d], inputs);
          } else {
            interleave(pixel, d, inputs);
          }
          if constexpr (r >= input_rows - kept_rows) copy(inputs, last[r - (input_rows - kept_rows)][d]);
          simd::unroll<rows>([&]<std::size_t o>(std::integral_constant<std::size_t, o>) CTNN_INLINE_LAMBDA {
            constexpr std::size_t first = o * w.stride_height;  // input row of the output's first tap
            if constexpr (r >= first && (r - first) % w.dilation_height == 0 &&
                          (r - first) / w.dilation_height < w.height) {
              constexpr std::size_t tap = (r - first) / w.dilation_height;
              simd::unroll<columns * vectors>([&](auto i) CTNN_INLINE_LAMBDA {
                constexpr std::size_t c = i / vectors, v = i % vectors;
                constexpr std::size_t own = (tap * shared + c % shared) * dots + d;
                Sum& own_sum = sum[o * columns + c][v];
                const Sum& input = inputs[c / shared][v];
                if constexpr (kept) {
                  own_sum = simd::dot<Isa, simd::DotInput<Isa, T>>(input, weights[own], own_sum);
                } else {
                  own_sum = simd::dot<Isa, simd::DotInput<Isa, T>>(input, weights_at(v, own), own_sum);
                }
              });
            }
          });
        });
      });
    });
    epilogue.template store_tile<Isa, columns>(y, out.at(row, column, channel), out.row_stride(), out.pixel_stride(),
                                               sum, channel, whole ? block : g.out.channels - channel);
  };
  const auto columns_and_channels = [&](auto body) CTNN_INLINE_LAMBDA {
    for (std::size_t left = 0; left < g.out.width; left += columns) {
      const std::size_t column = std::min(left, g.out.width - columns);
      for (std::size_t channel = first_channel; channel < last_channel; channel += block) body(column, channel);
    }
  };
  // Down the image where rows stay, so far that the first cache still has the lines when the next channels and columns
  // read them (56 x 56 x 128: all rows take 1.5 times as long); else along it.
  constexpr std::size_t band = rows * (kept_rows == 0 ? 1 : 8);
  for (std::size_t first = 0; first < g.out.height; first += band) {
    if constexpr (kept_rows == 0) {
      const std::size_t row = std::min(first, g.out.height - rows);
      columns_and_channels([&](std::size_t column, std::size_t channel)
                               CTNN_INLINE_LAMBDA { make_tile(row, column, channel, false); });
    } else {
      const std::size_t end = std::min(first + band, g.out.height);
      columns_and_channels([&](std::size_t column, std::size_t channel) CTNN_INLINE_LAMBDA {
        for (std::size_t begin = first; begin < end; begin += rows) {
          const std::size_t row = std::min(begin, g.out.height - rows);
          make_tile(row, column, channel, begin != first && row == begin);
        }
      });
    }
  }
}

/// The whole convolution; weights are (C / lanes, taps / 4, lanes, 4), biases by row case, channels of both in
/// the order of depthwise_dot_channel. Left and right padding must be borders of the input's layout; rows outside are
/// skipped. Reads up to 64 bytes beyond the input's end.
template <class Isa, Convolution2d g, Layout in, Layout out, class T, class Epilogue>
void convolve_depthwise_dot(const T* x, const std::int8_t* weight, const std::int32_t* bias, T* y,
                            const Epilogue& epilogue) {
  static_assert(g.is_depthwise() && in.border_left >= g.window.pad_left && !out.planar && !in.planar);
  constexpr std::size_t channels = g.out.channels, wide = depthwise_dot_wide<Isa>(g);
  if constexpr (wide != 0) depthwise_dot_channels<Isa, 4, 0, wide, g, in, out>(x, weight, bias, y, epilogue);
  if constexpr (wide == channels) return;
  if constexpr (depthwise_dot_staged<Isa>(g)) {
    convolve_depthwise_staged<Isa, wide, g, in, out>(x, weight, bias, y, epilogue);
  } else {
    depthwise_dot_channels<Isa, 1, wide, channels, g, in, out>(x, weight, bias, y, epilogue);
  }
}

}  // namespace ctnn::kernels
