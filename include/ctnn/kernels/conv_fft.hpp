/// Convolution by the Fourier transform of tiles of 16 x 16 inputs (overlap-save): (17 - KH) x (17 - KW) outputs each,
/// whatever the window's size, so that larger windows cost little more. Errs less than the direct sum.
///
/// The spectrum of a real tile is 126 complex numbers and 4 real ones. A complex product is made of three real ones
/// (Gauss), so that a tile takes 3 * 126 + 4 = 382 products per pair of channels.
#pragma once

#include <array>
#include <cstddef>
#include <type_traits>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/transform_domain.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

namespace fourier {

/// A number of the transform, float vectors' or double's.
template <class V>
CTNN_ALWAYS_INLINE constexpr V constant(double c) {
  return V(static_cast<std::conditional_t<std::is_same_v<V, double>, double, float>>(c));
}

/// Turning a complex number by the angle 2 pi k / N, k < N / 4, takes two steps, each a multiply-add: here divided by
/// cos, a + tan * b (or a - tan * b) ...
template <std::size_t N, std::size_t k>
inline constexpr double cosine =
    std::array{1.0, 0.92387953251128675613, 0.70710678118654752440, 0.38268343236508977173}[k * 16 / N];
template <std::size_t N, std::size_t k>
inline constexpr double tangent = std::array{0.0, 0.41421356237309504880, 1.0, 2.41421356237309504880}[k * 16 / N];
template <std::size_t N, std::size_t k, class V>
CTNN_ALWAYS_INLINE constexpr V turned(const V& a, const V& b) {
  if constexpr (k == 0) {
    return a;
  } else {
    return simd::fma(constant<V>(tangent<N, k>), b, a);
  }
}
template <std::size_t N, std::size_t k, class V>
CTNN_ALWAYS_INLINE constexpr V turned_back(const V& a, const V& b) {
  if constexpr (k == 0) {
    return a;
  } else {
    return simd::fma(constant<V>(-tangent<N, k>), b, a);
  }
}
/// ... then multiplied by it where the sum and the difference with another number are made.
template <std::size_t N, std::size_t k, class V>
CTNN_ALWAYS_INLINE constexpr void add_scaled(const V& a, const V& b, V& sum, V& difference) {
  if constexpr (k == 0) {
    sum = a + b, difference = a - b;
  } else {
    sum = simd::fma(constant<V>(cosine<N, k>), b, a), difference = simd::fma(constant<V>(-cosine<N, k>), b, a);
  }
}

/// y[k] = sum over n of x[n * Step] exp(-2 pi i k n / N).
template <std::size_t N, std::size_t Step = 1, class V>
CTNN_ALWAYS_INLINE constexpr void transform(const V* x_re, const V* x_im, V (&re)[N], V (&im)[N]) {
  if constexpr (N == 1) {
    re[0] = x_re[0], im[0] = x_im[0];
  } else {
    V even_re[N / 2], even_im[N / 2], odd_re[N / 2], odd_im[N / 2];
    transform<N / 2, 2 * Step>(x_re, x_im, even_re, even_im);
    transform<N / 2, 2 * Step>(x_re + Step, x_im + Step, odd_re, odd_im);
    simd::unroll<N / 2>([&](auto k) CTNN_INLINE_LAMBDA {
      // odd * exp(-2 pi i k / N): what is over a quarter turn, then perhaps the quarter, (re, im) -> (im, -re)
      constexpr std::size_t angle = 4 * k < N ? k : k - N / 4;
      const V u = turned<N, angle>(odd_re[k], odd_im[k]), v = turned_back<N, angle>(odd_im[k], odd_re[k]);
      if constexpr (4 * k < N) {
        add_scaled<N, angle>(even_re[k], u, re[k], re[k + N / 2]);
        add_scaled<N, angle>(even_im[k], v, im[k], im[k + N / 2]);
      } else {
        add_scaled<N, angle>(even_re[k], v, re[k], re[k + N / 2]);
        add_scaled<N, angle>(even_im[k], u, im[k + N / 2], im[k]);
      }
    });
  }
}

/// The same of real x: y[0] to y[N / 2], the first and the last real; y[N - k] are their conjugates.
template <std::size_t N, std::size_t Step = 1, class V>
CTNN_ALWAYS_INLINE constexpr void transform_real(const V* x, V (&re)[N / 2 + 1], V (&im)[N / 2 + 1]) {
  if constexpr (N == 1) {
    re[0] = x[0];
  } else {
    V even_re[N / 4 + 1], even_im[N / 4 + 1], odd_re[N / 4 + 1], odd_im[N / 4 + 1];
    transform_real<N / 2, 2 * Step>(x, even_re, even_im);
    transform_real<N / 2, 2 * Step>(x + Step, odd_re, odd_im);
    simd::unroll<N / 4 + 1>([&](auto k) CTNN_INLINE_LAMBDA {
      if constexpr (k == 0) {
        re[0] = even_re[0] + odd_re[0], re[N / 2] = even_re[0] - odd_re[0];
      } else if constexpr (4 * k == N) {
        re[k] = even_re[k], im[k] = -odd_re[k];
      } else {
        const V u = turned<N, k>(odd_re[k], odd_im[k]), v = turned_back<N, k>(odd_im[k], odd_re[k]);
        V minus_im;
        add_scaled<N, k>(even_re[k], u, re[k], re[N / 2 - k]);
        add_scaled<N, k>(even_im[k], v, im[k], minus_im);
        im[N / 2 - k] = -minus_im;
      }
    });
  }
}

/// Back: x[n * Step] = sum of y[k] exp(2 pi i k n / N) over all N; N times what was transformed.
template <std::size_t N, std::size_t Step = 1, class V>
CTNN_ALWAYS_INLINE void restore_real(const V (&re)[N / 2 + 1], const V (&im)[N / 2 + 1], V* x) {
  if constexpr (N == 1) {
    x[0] = re[0];
  } else {
    V even_re[N / 4 + 1], even_im[N / 4 + 1], odd_re[N / 4 + 1], odd_im[N / 4 + 1];
    simd::unroll<N / 4 + 1>([&](auto k) CTNN_INLINE_LAMBDA {
      if constexpr (k == 0) {
        even_re[0] = re[0] + re[N / 2], odd_re[0] = re[0] - re[N / 2];
      } else if constexpr (4 * k == N) {
        even_re[k] = re[k] + re[k], odd_re[k] = -(im[k] + im[k]);
      } else {
        even_re[k] = re[k] + re[N / 2 - k], even_im[k] = im[k] - im[N / 2 - k];
        const V d_re = re[k] - re[N / 2 - k], d_im = im[k] + im[N / 2 - k];
        odd_re[k] = constant<V>(cosine<N, k>) * turned_back<N, k>(d_re, d_im);
        odd_im[k] = constant<V>(cosine<N, k>) * turned<N, k>(d_im, d_re);
      }
    });
    restore_real<N / 2, 2 * Step>(even_re, even_im, x);
    restore_real<N / 2, 2 * Step>(odd_re, odd_im, x + Step);
  }
}

inline constexpr std::size_t side = fft_side, complex_points = fft_complex_points;

/// The spectrum of a tile: `load(row, x)` reads a row of it, `put_complex(i, re, im)` and `put_real(i, value)` take the
/// numbers. Rows first, then columns: those of the frequencies 0 and 8 are real, those of 1 to 7 complex.
template <class V, class Load, class PutComplex, class PutReal>
CTNN_ALWAYS_INLINE constexpr void spectrum(Load load, PutComplex put_complex, PutReal put_real) {
  V half[16][side];  // (frequency: real 0 to 8, imaginary 1 to 7; row)
  for (std::size_t row = 0; row < side; ++row) {
    V x[side], re[9], im[9];
    load(row, x);
    transform_real<side>(x, re, im);
    simd::unroll<9>([&](auto k) CTNN_INLINE_LAMBDA { half[k][row] = re[k]; });
    simd::unroll<7>([&](auto k) CTNN_INLINE_LAMBDA { half[k + 9][row] = im[k + 1]; });
  }
  for (std::size_t k = 1; k < 8; ++k) {
    V re[side], im[side];
    transform<side>(half[k], half[k + 8], re, im);
    simd::unroll<side>([&](auto i) CTNN_INLINE_LAMBDA { put_complex((k - 1) * side + i, re[i], im[i]); });
  }
  for (std::size_t k = 0; k < 2; ++k) {
    V re[9], im[9];
    transform_real<side>(half[k * 8], re, im);
    simd::unroll<7>([&](auto i) CTNN_INLINE_LAMBDA { put_complex(112 + k * 7 + i, re[i + 1], im[i + 1]); });
    put_real(2 * k, re[0]);
    put_real(2 * k + 1, re[8]);
  }
}

}  // namespace fourier

/// Transforms the inputs of one tile: `channels` of them, `step` from one point's matrix to the next. Of a + b i: a +
/// b, a, b.
template <class Isa, class Source>
[[gnu::noinline]] void fft_input(const Source& source, std::size_t channels, std::size_t step, float* transformed) {
  using V = simd::Vector<float, Isa>;
  for (std::size_t channel = 0; channel < channels; channel += Isa::lanes) {
    const std::size_t n = channels - channel;
    float* to = transformed + channel;
    fourier::spectrum<V>(
        [&](std::size_t row, V(&x)[fourier::side]) CTNN_INLINE_LAMBDA {
          simd::unroll<fourier::side>([&](auto column) CTNN_INLINE_LAMBDA {
            x[column] = simd::load_up_to<Isa>(source(row, column) + channel, n);
          });
        },
        [&](std::size_t i, const V& re, const V& im) CTNN_INLINE_LAMBDA {
          simd::store<Isa>(to + 3 * i * step, re + im);
          simd::store<Isa>(to + (3 * i + 1) * step, re);
          simd::store<Isa>(to + (3 * i + 2) * step, im);
        },
        [&](std::size_t i, const V& value)
            CTNN_INLINE_LAMBDA { simd::store<Isa>(to + (3 * fourier::complex_points + i) * step, value); });
  }
}

/// Transforms the products of one tile into outputs: columns back, then rows.
template <class Isa, class Epilogue>
[[gnu::noinline]] void fft_output(const float* products, std::size_t step, const float* bias, float* y,
                                  const TileOutputs& tile, const Epilogue& epilogue) {
  using V = simd::Vector<float, Isa>;
  constexpr std::size_t side = fourier::side;
  for (std::size_t channel = 0; channel < tile.channels; channel += Isa::lanes) {
    const auto point = [&](std::size_t i) CTNN_INLINE_LAMBDA { return simd::load<Isa>(products + channel + i * step); };
    // of the products (a + b) c, a (d - c), b (c + d)
    const auto get_complex = [&](std::size_t i, V& re, V& im) CTNN_INLINE_LAMBDA {
      const V first = point(3 * i);
      re = first - point(3 * i + 2), im = first + point(3 * i + 1);
    };
    V half[side][16];  // (row; frequency: real 0 to 8, imaginary 1 to 7)
    for (std::size_t k = 1; k < 8; ++k) {
      V re[side], im[side], row_re[side], row_im[side];
      simd::unroll<side>([&](auto i) CTNN_INLINE_LAMBDA { get_complex((k - 1) * side + i, re[i], im[i]); });
      fourier::transform<side>(im, re, row_im, row_re);  // parts exchanged: backwards
      simd::unroll<side>([&](auto row)
                             CTNN_INLINE_LAMBDA { half[row][k] = row_re[row], half[row][k + 8] = row_im[row]; });
    }
    for (std::size_t k = 0; k < 2; ++k) {
      V re[9], im[9], row_re[side];
      simd::unroll<7>([&](auto i) CTNN_INLINE_LAMBDA { get_complex(112 + k * 7 + i, re[i + 1], im[i + 1]); });
      re[0] = point(3 * fourier::complex_points + 2 * k);
      re[8] = point(3 * fourier::complex_points + 2 * k + 1);
      fourier::restore_real<side>(re, im, row_re);
      simd::unroll<side>([&](auto row) CTNN_INLINE_LAMBDA { half[row][k * 8] = row_re[row]; });
    }
    const V start = simd::load<Isa>(bias + channel);
    for (std::size_t row = 0; row < tile.rows; ++row) {
      V re[9], im[9], outputs[side];
      simd::unroll<9>([&](auto k) CTNN_INLINE_LAMBDA { re[k] = half[row][k]; });
      simd::unroll<7>([&](auto k) CTNN_INLINE_LAMBDA { im[k + 1] = half[row][k + 9]; });
      fourier::restore_real<side>(re, im, outputs);
      simd::unroll<side>([&](auto column) CTNN_INLINE_LAMBDA { outputs[column] = outputs[column] + start; });
      store_row<Isa>(outputs, row, channel, y, tile, epilogue);
    }
  }
}

/// The Fourier transform for a window of KH x KW.
template <std::size_t KH, std::size_t KW>
struct Fourier {
  static constexpr std::size_t side = fourier::side;
  static constexpr TransformTile tile = transform_tile(Algorithm::fft, {.height = KH, .width = KW});

  /// Of the conjugate spectrum c + d i (a correlation), divided by what going back multiplies: c, d - c, c + d.
  template <class W>
  static constexpr void weight(const W* taps, std::array<double, fft_points>& points) {
    constexpr double scale = 1.0 / (side * side);
    fourier::spectrum<double>(
        [&](std::size_t row, double(&x)[side]) {
          for (std::size_t column = 0; column < side; ++column) {
            x[column] = row < KH && column < KW ? scale * static_cast<double>(taps[row * KW + column]) : 0.0;
          }
        },
        [&](std::size_t i, double re, double im) {
          points[3 * i] = re, points[3 * i + 1] = -im - re, points[3 * i + 2] = re - im;
        },
        [&](std::size_t i, double value) { points[3 * fourier::complex_points + i] = value; });
  }
  template <class Isa, class Source>
  static void input(const Source& source, std::size_t channels, std::size_t step, float* transformed) {
    fft_input<Isa>(source, channels, step, transformed);
  }
  template <class Isa, class Epilogue>
  static void output(const float* products, std::size_t step, const float* bias, float* y, const TileOutputs& outputs,
                     const Epilogue& epilogue) {
    fft_output<Isa>(products, step, bias, y, outputs, epilogue);
  }
};

}  // namespace ctnn::kernels
