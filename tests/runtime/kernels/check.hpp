/// Convolution kernels against a naive loop in double precision: `check<algorithm, geometry>()` on every instruction
/// set.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <ostream>
#include <ratio>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"
#include "runtime/kernels/geometries.hpp"

namespace kernel_tests {

using ctnn::kernels::Addend;

// What is fused: the oracle's in double, the kernel's as the library spells it.
using First = ctnn::kernels::LeakyRectify<std::ratio<1, 8>>;
using Second = ctnn::kernels::Rectify;
inline double first(double x) { return x < 0 ? x / 8 : x; }
inline double second(double x) { return x < 0 ? 0 : x; }

/// A kernel behind a function pointer, so that all around it is compiled once.
struct Run {
  std::string_view isa;
  Algorithm algorithm;
  Convolution2d geometry;
  Layout in, out, residual;
  Addend addend;
  void (*run)(const float* weight, const float* bias, const float* x, const float* residual, float* y);
};

/// Memory of exactly that many floats, off alignment, so that the address sanitizer sees a step beyond.
class Buffer {
 public:
  Buffer(std::size_t size, float filling) : elements_{new float[size + 1]} {
    std::fill(elements_.get(), elements_.get() + size + 1, filling);
  }
  [[nodiscard]] float* data() { return elements_.get() + 1; }

 private:
  std::unique_ptr<float[]> elements_;
};

template <class Isa, Algorithm algorithm, Convolution2d g, Layout in, Layout out, Addend addend, Layout residual_layout>
void run_kernel(const float* weight, const float* bias, const float* x, const float* residual, float* y) {
  using namespace ctnn;
  using Kernel = kernels::Convolution<F32, Isa, algorithm, g, in, out>;
  using Weight = Shape<g.out.channels, g.group_inputs(), g.window.height, g.window.width>;
  using Fields = FieldList<Field<"weight", Weight, float>, Field<"bias", Shape<g.out.channels>, float>>;
  const FieldViews<Fields> fields{{View<const float, Weight>{weight}, View<const float, Shape<g.out.channels>>{bias}}};
  const auto packed = std::make_unique<typename Kernel::Packed>();
  Kernel::pack(*packed, fields, kernels::Surroundings<F32>{});
  Buffer scratch{Kernel::scratch, std::numeric_limits<float>::quiet_NaN()};
  if constexpr (addend == Addend::nothing) {
    Kernel::run(x, y, *packed, kernels::FloatEpilogue<>{}, scratch.data());
  } else {
    kernels::FloatEpilogue<First, addend, Second> epilogue;
    epilogue.residual = residual;
    epilogue.first_row_shift =
        static_cast<std::ptrdiff_t>(residual_layout.at(0, 0, 0)) - static_cast<std::ptrdiff_t>(out.at(0, 0, 0));
    epilogue.row_shift =
        static_cast<std::ptrdiff_t>(residual_layout.row_stride()) - static_cast<std::ptrdiff_t>(out.row_stride());
    Kernel::run(x, y, *packed, epilogue, scratch.data());
  }
}

/// Writes numbers to a tensor in a layout; its borders stay zero.
inline void fill(float* x, const Layout& layout, std::uint32_t seed) {
  for (std::size_t r = 0, i = 0; r < layout.height; ++r) {
    for (std::size_t c = 0; c < layout.width; ++c) {
      for (std::size_t k = 0; k < layout.channels; ++k) x[layout.at(r, c, k)] = golden::number(seed, i++);
    }
  }
}

/// One output: its exact value, and the root of the sum of the squares of its terms, the size that partial sums of
/// terms of random sign have.
struct Exact {
  double value, magnitude;
};
inline Exact convolve(const Run& run, const float* weight, const float* bias, const float* x, const float* residual,
                      std::size_t row, std::size_t column, std::size_t channel) {
  const Convolution2d& g = run.geometry;
  const Window& w = g.window;
  double sum = static_cast<double>(bias[channel]), squares = sum * sum;
  for (std::size_t kh = 0; kh < w.height; ++kh) {
    for (std::size_t kw = 0; kw < w.width; ++kw) {
      const auto ih = static_cast<std::ptrdiff_t>(row * w.stride_height + kh * w.dilation_height) -
                      static_cast<std::ptrdiff_t>(w.pad_top);
      const auto iw = static_cast<std::ptrdiff_t>(column * w.stride_width + kw * w.dilation_width) -
                      static_cast<std::ptrdiff_t>(w.pad_left);
      if (ih < 0 || iw < 0 || ih >= static_cast<std::ptrdiff_t>(g.in.height) ||
          iw >= static_cast<std::ptrdiff_t>(g.in.width)) {
        continue;
      }
      for (std::size_t k = 0; k < g.group_inputs(); ++k) {
        const std::size_t ic = channel / g.group_outputs() * g.group_inputs() + k;
        const float in = x[run.in.at(static_cast<std::size_t>(ih), static_cast<std::size_t>(iw), ic)];
        const float tap = weight[((channel * g.group_inputs() + k) * w.height + kh) * w.width + kw];
        const double term = static_cast<double>(in) * static_cast<double>(tap);
        sum += term;
        squares += term * term;
      }
    }
  }
  if (run.addend != Addend::nothing) {
    const auto other = static_cast<double>(residual[run.residual.at(row, column, channel)]);
    sum = second(first(sum) + other);
    squares += other * other;
  }
  return {sum, std::sqrt(squares)};
}

/// What algorithms in a transform domain may err by. Their transforms round sums that cancel in the end, so that an
/// output's error is in proportion to all inputs of its tile and all taps, however small the output is. The library
/// promises 1e-5 of the largest output for F(4 x 4), 5e-6 for F(2 x 2), 1e-6 for the Fourier transform. The largest
/// output of a tensor is some 4 standard deviations; with inputs spread evenly over [-2, 2], one deviation is 2 /
/// sqrt(3) times the root of the sum of the squares of a channel's taps. Here that root counts only 2 times, so that
/// small tensors and edges can be held to it as well.
inline double transform_tolerance(const Run& run, const std::vector<float>& weight) {
  const std::size_t taps = run.geometry.taps();
  double largest = 0.0;
  for (std::size_t channel = 0; channel < run.geometry.out.channels; ++channel) {
    double squares = 0.0;
    for (std::size_t t = 0; t < taps; ++t) {
      const auto tap = static_cast<double>(weight[channel * taps + t]);
      squares += tap * tap;
    }
    largest = std::max(largest, std::sqrt(squares));
  }
  const double promised = run.algorithm == Algorithm::winograd4   ? 1e-5
                          : run.algorithm == Algorithm::winograd2 ? 5e-6
                                                                  : 1e-6;
  return promised * 2.0 * largest;
}

inline void check(const Run& run) {
  const Convolution2d& g = run.geometry;
  std::vector<float> weight(g.out.channels * g.taps()), bias(g.out.channels);
  for (std::size_t i = 0; i < weight.size(); ++i) weight[i] = golden::number(1, i);
  for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = golden::number(2, i);
  Buffer x{run.in.size(), 0.0F}, residual{run.residual.size(), std::numeric_limits<float>::quiet_NaN()};
  Buffer y{run.out.size(), std::numeric_limits<float>::quiet_NaN()};
  fill(x.data(), run.in, 3);
  fill(residual.data(), run.residual, 4);
  run.run(weight.data(), bias.data(), x.data(), residual.data(), y.data());

  // n roundings of partial sums, each by eps / 2 of a partial sum's size at most, of random sign; c = 2 leaves a factor
  // of four over their expected sum.
  constexpr double c = 2.0;
  const double eps = static_cast<double>(std::numeric_limits<float>::epsilon());
  const double direct = c * eps * std::sqrt(static_cast<double>(g.taps() + 3));
  const bool transformed = ctnn::kernels::transforms(run.algorithm);
  const double tile = transformed ? transform_tolerance(run, weight) : 0.0;
  std::size_t wrong = 0;
  double worst = 0.0;
  for (std::size_t row = 0; row < g.out.height; ++row) {
    for (std::size_t column = 0; column < g.out.width; ++column) {
      for (std::size_t channel = 0; channel < g.out.channels; ++channel) {
        const Exact exact = convolve(run, weight.data(), bias.data(), x.data(), residual.data(), row, column, channel);
        const auto value = static_cast<double>(y.data()[run.out.at(row, column, channel)]);
        const double tolerance = transformed ? tile + 2 * eps * exact.magnitude : direct * exact.magnitude;
        const double error = std::abs(value - exact.value) / tolerance;
        if (!(error <= 1.0)) ++wrong;
        if (!(error <= worst)) worst = error;
      }
    }
  }
  INFO(ctnn::kernels::name_of(run.algorithm)
       << " on " << run.isa << ": (" << g.in.height << ", " << g.in.width << ", " << g.in.channels << ") -> ("
       << g.out.height << ", " << g.out.width << ", " << g.out.channels << "), kernel " << g.window.height << " x "
       << g.window.width << ", groups " << g.groups << ", borders " << run.in.border_left << ", " << run.in.border_right
       << " -> " << run.out.border_left << ", " << run.out.border_right << ", residual " << static_cast<int>(run.addend)
       << ": " << wrong << " wrong, the worst by " << worst << " tolerances");
  CHECK(wrong == 0);
}

/// Whether the algorithm takes the geometry on that instruction set.
template <class Isa>
constexpr bool takes(Algorithm algorithm, const Convolution2d& g) {
  using namespace ctnn::kernels;
  if (Isa::lanes == 1) return algorithm == Algorithm::reference;
  if (algorithm == Algorithm::lanewise) return lanewise_fits<Isa>(g);
  if (algorithm == Algorithm::planar) return planar_can<Isa>(g);
  if (transforms(algorithm)) return transform_can(algorithm, g);
  return algorithm != Algorithm::reference;
}

template <class Isa, Algorithm algorithm, Convolution2d g, Borders borders, Addend addend, bool planar_in,
          bool planar_out>
void check_on() {
  if constexpr (golden::tested<Isa>) {
    constexpr Algorithm used = Isa::lanes == 1 ? Algorithm::reference : algorithm;
    if constexpr (takes<Isa>(used, g)) {
      constexpr Layout in = input_layout(g, used, borders, planar_in), out = output_layout(g, borders, planar_out);
      constexpr Layout residual = [&] {
        Layout layout = out;
        if (addend == Addend::shifted) layout.border_left = 1, layout.border_right = 3;
        return layout;
      }();
      check({Isa::name, used, g, in, out, residual, addend, run_kernel<Isa, used, g, in, out, addend, residual>});
    }
  }
}

/// A kernel on every instruction set of the build that can.
template <Algorithm algorithm, Convolution2d g, Borders borders = Borders::tight, Addend addend = Addend::nothing,
          bool planar_in = false, bool planar_out = false>
void check() {
  check_on<ctnn::isa::Scalar, algorithm, g, borders, addend, planar_in, planar_out>();
  check_on<ctnn::isa::Sse2, algorithm, g, borders, addend, planar_in, planar_out>();
  check_on<ctnn::isa::Avx2, algorithm, g, borders, addend, planar_in, planar_out>();
  check_on<ctnn::isa::Avx512, algorithm, g, borders, addend, planar_in, planar_out>();
  check_on<ctnn::isa::Neon, algorithm, g, borders, addend, planar_in, planar_out>();
}

}  // namespace kernel_tests
