/// Winograd convolution F(m x m, r x r): a tile of m x m outputs from (m + r - 1)^2 products per pair of channels
/// instead of m^2 r^2: for r = 3, 4 times fewer with m = 4 and 2.25 times with m = 2; for r = 5, 6.25 and 2.8 times.
/// Lavin and Gray, arXiv 1509.09308.
#pragma once

#include <array>
#include <cstddef>

#include <ctnn/core/config.hpp>
#include <ctnn/kernels/transform_domain.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// The points p that a transform of m + r - 1 = 2 n + 2 inputs is made of, beside -p, 0 and infinity. Those of n = 2,
/// sqrt(1/2) and sqrt(2), give a quarter of the error that the usual 1 and 2 do; no other n = 3 gave less than these.
template <std::size_t n>
inline constexpr std::array<double, n> winograd_points{};
template <>
inline constexpr std::array<double, 1> winograd_points<1>{1.0};
template <>
inline constexpr std::array<double, 2> winograd_points<2>{0.70710678118654752440, 1.41421356237309504880};
template <>
inline constexpr std::array<double, 3> winograd_points<3>{0.5, 1.0, 2.0};

/// F(m, r): how m + r - 1 inputs, r weights and m + r - 1 products are transformed in one dimension. The transform of
/// the inputs evaluates polynomials: f(z) = z (z^2 - p_0^2) (z^2 - p_1^2)..., divided by z for the point 0, by z - p
/// for p. Products are in the order 0, p_0, -p_0, p_1, -p_1, ..., infinity.
template <std::size_t m, std::size_t r>
struct WinogradTransform {
  static constexpr std::size_t side = m + r - 1, n = side / 2 - 1;
  static constexpr const auto& p = winograd_points<n>;

  /// Coefficients in z^2, lowest first, of the product of all z^2 - p_j^2 but that of j = without.
  static constexpr std::array<double, n + 1> product(std::size_t without) {
    std::array<double, n + 1> c{1.0};
    for (std::size_t j = 0; j < n; ++j) {
      if (j == without) continue;
      for (std::size_t k = n; k > 0; --k) c[k] = c[k - 1] - p[j] * p[j] * c[k];
      c[0] *= -p[j] * p[j];
    }
    return c;
  }
  static constexpr auto all = product(n);
  static constexpr auto others = [] {
    std::array<std::array<double, n + 1>, n> c{};
    for (std::size_t j = 0; j < n; ++j) c[j] = product(j);
    return c;
  }();
  static constexpr auto powers = [] {
    std::array<std::array<double, side>, n> c{};
    for (std::size_t j = 0; j < n; ++j) {
      c[j][0] = 1.0;
      for (std::size_t k = 1; k < side; ++k) c[j][k] = c[j][k - 1] * p[j];
    }
    return c;
  }();
  /// The weights' transform, divided by the derivative of f at each point.
  static constexpr auto weight = [] {
    std::array<std::array<double, r>, side> c{};
    c[0][0] = 1.0 / all[0];
    c[side - 1][r - 1] = 1.0;
    for (std::size_t j = 0; j < n; ++j) {
      double derivative = 2.0 * p[j] * p[j];
      for (std::size_t k = 0; k < n; ++k) derivative *= k == j ? 1.0 : p[j] * p[j] - p[k] * p[k];
      for (std::size_t k = 0; k < r; ++k) {
        c[2 * j + 1][k] = powers[j][k] / derivative;
        c[2 * j + 2][k] = (k % 2 == 0 ? 1.0 : -1.0) * powers[j][k] / derivative;
      }
    }
    return c;
  }();

  template <class V>
  CTNN_ALWAYS_INLINE static V constant(double c) {
    return V(static_cast<float>(c));
  }
  template <class V>
  CTNN_ALWAYS_INLINE static void input(const V (&x)[side], V (&y)[side]) {
    y[0] = x[2 * n];
    y[side - 1] = x[2 * n + 1];
    simd::unroll<n>([&](auto k) CTNN_INLINE_LAMBDA {
      y[0] = simd::fma(constant<V>(all[n - 1 - k]), x[2 * (n - 1 - k)], y[0]);
      y[side - 1] = simd::fma(constant<V>(all[n - 1 - k]), x[2 * (n - 1 - k) + 1], y[side - 1]);
    });
    simd::unroll<n>([&](auto j) CTNN_INLINE_LAMBDA {
      V odd = x[2 * n - 1], even = x[2 * n];
      simd::unroll<n - 1>([&](auto k) CTNN_INLINE_LAMBDA {
        odd = simd::fma(constant<V>(others[j][n - 2 - k]), x[2 * (n - 2 - k) + 1], odd);
        even = simd::fma(constant<V>(others[j][n - 2 - k]), x[2 * (n - 2 - k) + 2], even);
      });
      y[2 * j + 1] = simd::fma(constant<V>(p[j]), odd, even);
      y[2 * j + 2] = simd::fma(constant<V>(-p[j]), odd, even);
    });
  }
  template <class V>
  CTNN_ALWAYS_INLINE static void output(const V (&x)[side], V (&y)[m]) {
    y[0] = x[0];
    y[m - 1] = x[side - 1];
    simd::unroll<n>([&](auto j) CTNN_INLINE_LAMBDA {
      const V even = x[2 * j + 1] + x[2 * j + 2], odd = x[2 * j + 1] - x[2 * j + 2];
      simd::unroll<m>([&](auto k) CTNN_INLINE_LAMBDA {
        const V& part = k % 2 == 0 ? even : odd;
        if constexpr (k == 0) {
          y[0] = y[0] + even;
        } else if constexpr (j == 0 && k != m - 1) {
          y[k] = constant<V>(powers[j][k]) * part;
        } else {
          y[k] = simd::fma(constant<V>(powers[j][k]), part, y[k]);
        }
      });
    });
  }
};

/// Transforms the inputs of one tile: `channels` of them, `step` from one point's matrix to the next.
template <class Isa, std::size_t m, std::size_t r, class Source, class T>
[[gnu::noinline]] void winograd_input(const Source& source, std::size_t channels, std::size_t step, T* transformed) {
  using V = simd::Vector<T, Isa>;
  using Transform = WinogradTransform<m, r>;
  constexpr std::size_t side = Transform::side;
  for (std::size_t channel = 0; channel < channels; channel += Isa::lanes) {
    const std::size_t n = channels - channel;
    V half[side][side];
    simd::unroll<side>([&](auto column) CTNN_INLINE_LAMBDA {
      V x[side], y[side];
      simd::unroll<side>([&](auto row)
                             CTNN_INLINE_LAMBDA { x[row] = simd::load_up_to<Isa>(source(row, column) + channel, n); });
      Transform::input(x, y);
      simd::unroll<side>([&](auto row) CTNN_INLINE_LAMBDA { half[row][column] = y[row]; });
    });
    T* to = transformed + channel;
    simd::unroll<side>([&](auto row) CTNN_INLINE_LAMBDA {
      V y[side];
      Transform::input(half[row], y);
      simd::unroll<side>([&](auto column) CTNN_INLINE_LAMBDA { simd::store<Isa>(to + column * step, y[column]); });
      to += side * step;
    });
  }
}

/// Transforms the products of one tile into outputs.
template <class Isa, std::size_t m, std::size_t r, class T, class Epilogue>
[[gnu::noinline]] void winograd_output(const T* products, std::size_t step, const float* bias, T* y,
                                       const TileOutputs& tile, const Epilogue& epilogue) {
  using V = simd::Vector<T, Isa>;
  using Transform = WinogradTransform<m, r>;
  constexpr std::size_t side = Transform::side;
  for (std::size_t channel = 0; channel < tile.channels; channel += Isa::lanes) {
    V half[m][side];
    simd::unroll<side>([&](auto column) CTNN_INLINE_LAMBDA {
      V x[side], sums[m];
      simd::unroll<side>([&](auto row) CTNN_INLINE_LAMBDA {
        x[row] = simd::load<Isa>(products + channel + (row * side + column) * step);
      });
      Transform::output(x, sums);
      simd::unroll<m>([&](auto row) CTNN_INLINE_LAMBDA { half[row][column] = sums[row]; });
    });
    const V start = simd::load<Isa>(bias + channel);
    V outputs[m][m];
    simd::unroll<m>([&](auto row) CTNN_INLINE_LAMBDA {
      Transform::output(half[row], outputs[row]);
      simd::unroll<m>([&](auto column) CTNN_INLINE_LAMBDA { outputs[row][column] = outputs[row][column] + start; });
    });
    for (std::size_t row = 0; row < tile.rows; ++row) {
      store_row<Isa>(outputs[row], row, channel, y, tile, epilogue);
    }
  }
}

/// Winograd's transform in two dimensions.
template <std::size_t m, std::size_t r>
struct Winograd {
  static constexpr std::size_t side = m + r - 1;
  static constexpr TransformTile tile{.rows = m, .columns = m, .points = side * side};

  template <class W>
  static constexpr void weight(const W* taps, std::array<double, side * side>& points) {
    constexpr auto& transform = WinogradTransform<m, r>::weight;
    for (std::size_t i = 0; i < side; ++i) {
      double half[r] = {};
      for (std::size_t t = 0; t < r * r; ++t) half[t % r] += transform[i][t / r] * static_cast<double>(taps[t]);
      for (std::size_t j = 0; j < side; ++j) {
        for (std::size_t k = 0; k < r; ++k) points[i * side + j] += half[k] * transform[j][k];
      }
    }
  }
  template <class Isa, class Source, class T>
  static void input(const Source& source, std::size_t channels, std::size_t step, T* transformed) {
    winograd_input<Isa, m, r>(source, channels, step, transformed);
  }
  template <class Isa, class T, class Epilogue>
  static void output(const T* products, std::size_t step, const float* bias, T* y, const TileOutputs& outputs,
                     const Epilogue& epilogue) {
    winograd_output<Isa, m, r>(products, step, bias, y, outputs, epilogue);
  }
};

}  // namespace ctnn::kernels
