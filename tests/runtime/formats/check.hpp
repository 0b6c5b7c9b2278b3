/// Convolutions and fully connected layers in a number format against the formula in double precision, on
/// scalars and the build's own instruction set.
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <limits>
#include <memory>
#include <string_view>
#include <type_traits>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"
#include "runtime/kernels/geometries.hpp"

namespace format_tests {

using ctnn::Extent;
using ctnn::kernels::Algorithm;
using ctnn::kernels::Convolution2d;
using ctnn::kernels::Layout;
using ctnn::kernels::Window;

using kernel_tests::convolution;

/// A convolution as the library packs and runs it, behind a function pointer: what the tests do is compiled once.
struct Run {
  std::string_view format, isa;
  Convolution2d geometry;
  Layout in;
  double relative_error;  ///< of a weight and an input together
  double group_error;     ///< of a weight, as a share of the largest of its channel
  double output_error;    ///< of an output, as a share of it
  double sum_error;       ///< of a sum that is rounded beside float's roundings, as a share of it
  std::size_t sum_run;    ///< how often that is, one after the other
  double tile_error;      ///< of outputs from a transform, as a share of the largest (kernels' tests say of which)
  bool in_halves;         ///< weights and inputs are halves
  void (*run)(const float* weight, const float* bias, const float* x, float* y);
};

/// What rounding does to a product of a weight and an input, as a share of it: the formats' significant bits.
template <class N>
inline constexpr double relative_error = 0.0;
template <>
inline constexpr double relative_error<ctnn::F16Storage> = 0x1p-11;
template <>
inline constexpr double relative_error<ctnn::TF32> = 2 * 0x1p-11;
template <>
inline constexpr double relative_error<ctnn::F16> = 2.001 * 0x1p-11;
template <>
inline constexpr double relative_error<ctnn::BF16> = 2.004 * 0x1p-8;  // and their product
/// What storing an output does to it.
template <class N>
inline constexpr double output_error = 0.0;
template <>
inline constexpr double output_error<ctnn::F16> = 0x1p-11;
template <>
inline constexpr double output_error<ctnn::BF16> = 0x1p-8;
/// What it does to a weight, as a share of the largest in its channel: half a step, and where steps are fitted, half as
/// much for the weights at the ends.
template <class N>
inline constexpr double group_error = 0.0;
template <>
inline constexpr double group_error<ctnn::Int8Weights> = 0.5 / 127;
template <>
inline constexpr double group_error<ctnn::Int4Weights> = 0.75 * 2 / 15;

/// Whether sums are halves.
template <class N, class Isa>
inline constexpr bool half_sums =
    std::same_as<typename N::Activation, ctnn::Half>&& ctnn::kernels::adds_halves<ctnn::isa::HalfIsa<Isa>>;

template <class N, class Isa, Algorithm algorithm, Convolution2d g, Layout in>
void run_kernel(const float* weight, const float* bias, const float* x, float* y) {
  using namespace ctnn;
  using T = typename N::Activation;
  using Kernel = kernels::Convolution<N, Isa, algorithm, g, in, kernels::canonical(g.out)>;
  using Weight = Shape<g.out.channels, g.group_inputs(), g.window.height, g.window.width>;
  using Fields = FieldList<Field<"weight", Weight, float>, Field<"bias", Shape<g.out.channels>, float>>;
  const FieldViews<Fields> fields{{View<const float, Weight>{weight}, View<const float, Shape<g.out.channels>>{bias}}};
  const auto packed = std::make_unique<typename Kernel::Packed>();
  std::vector<T> scratch(Kernel::scratch);
  Kernel::pack(*packed, fields, kernels::Surroundings<N>{});
  if constexpr (std::same_as<T, float>) {
    Kernel::run(x, y, *packed, kernels::FloatEpilogue<>{}, scratch.data());
  } else {
    // exactly as many as there are, off alignment; behind them nothing that may be read
    std::vector<T> input(1 + in.size()), output(1 + g.out.size());
    std::transform(x, x + in.size(), input.begin() + 1, [](float number) { return T{number}; });
    Kernel::run(input.data() + 1, output.data() + 1, *packed,
                kernels::FloatEpilogue<kernels::Linear, kernels::Addend::nothing, kernels::Linear, T>{},
                scratch.data());
    std::copy(output.begin() + 1, output.end(), y);
  }
}

inline void check(const Run& run) {
  const Convolution2d& g = run.geometry;
  const Window& w = g.window;
  std::vector<float> weight(g.out.channels * g.taps()), bias(g.out.channels), y(g.out.size());
  for (std::size_t i = 0; i < weight.size(); ++i) weight[i] = golden::number(1, i) / 7;  // not exact in any format
  for (std::size_t i = 0; i < bias.size(); ++i) bias[i] = golden::number(2, i);
  std::vector<float> x(run.in.size());
  for (std::size_t r = 0, i = 0; r < run.in.height; ++r) {
    for (std::size_t c = 0; c < run.in.width; ++c) {
      for (std::size_t k = 0; k < run.in.channels; ++k) x[run.in.at(r, c, k)] = golden::number(3, i++);
    }
  }
  if (run.in_halves) {
    for (auto* numbers : {&weight, &x}) {
      for (float& number : *numbers) number = ctnn::Half{number};
    }
  }
  run.run(weight.data(), bias.data(), x.data(), y.data());

  constexpr auto eps = static_cast<double>(std::numeric_limits<float>::epsilon());
  std::size_t wrong = 0;
  double worst = 0.0;
  const auto position = [](std::size_t at, std::size_t stride, std::size_t tap, std::size_t dilation, std::size_t pad) {
    return static_cast<std::ptrdiff_t>(at * stride + tap * dilation) - static_cast<std::ptrdiff_t>(pad);
  };
  for (std::size_t channel = 0; channel < g.out.channels; ++channel) {
    const float* own = weight.data() + channel * g.taps();
    double largest = 0.0, tap_squares = 0.0;
    for (std::size_t t = 0; t < g.taps(); ++t) {
      const auto tap = static_cast<double>(own[t]);
      largest = std::max(largest, std::abs(tap));
      tap_squares += tap * tap;
    }
    const double root_of_squares = std::sqrt(tap_squares);
    for (std::size_t row = 0; row < g.out.height; ++row) {
      for (std::size_t column = 0; column < g.out.width; ++column) {
        // the most that rounded weights and inputs can change the sum by, and float's own rounding
        auto sum = static_cast<double>(bias[channel]);
        double most = 0.0, squares = sum * sum;
        for (std::size_t kh = 0; kh < w.height; ++kh) {
          for (std::size_t kw = 0; kw < w.width; ++kw) {
            const auto ih = position(row, w.stride_height, kh, w.dilation_height, w.pad_top);
            const auto iw = position(column, w.stride_width, kw, w.dilation_width, w.pad_left);
            if (ih < 0 || iw < 0 || ih >= static_cast<std::ptrdiff_t>(g.in.height) ||
                iw >= static_cast<std::ptrdiff_t>(g.in.width)) {
              continue;
            }
            for (std::size_t k = 0; k < g.group_inputs(); ++k) {
              const std::size_t ic = channel / g.group_outputs() * g.group_inputs() + k;
              const auto in =
                  static_cast<double>(x[run.in.at(static_cast<std::size_t>(ih), static_cast<std::size_t>(iw), ic)]);
              const auto tap = static_cast<double>(own[(k * w.height + kh) * w.width + kw]);
              sum += in * tap;
              squares += in * tap * in * tap;
              most += std::abs(in) * (run.relative_error * std::abs(tap) + run.group_error * largest);
            }
          }
        }
        // As kernels' tests have it: n roundings of partial sums by eps / 2 each, of random sign; 2 leaves a factor of
        // four. A sum of integers is rounded in their units, once more by the scale, and its bias too. Partial sums of
        // halves are added to exact ones now and then: the roundings of all come to no more than those of one of them
        // would, if it had all terms' size; 10 for partial sums side by side.
        const double rounding = 2 * eps * std::sqrt(static_cast<double>(g.taps() + 5) * squares) +
                                2 * run.sum_error * std::sqrt(static_cast<double>(run.sum_run + 10) * squares);
        const auto got = static_cast<double>(y[(row * g.out.width + column) * g.out.channels + channel]);
        const double tile = run.tile_error * 2.0 * root_of_squares;
        const double error = std::abs(got - sum) / (most + rounding + run.output_error * std::abs(got) + tile);
        if (!(error <= 1.0)) ++wrong;
        if (!(error <= worst)) worst = error;
      }
    }
  }
  INFO(run.format << " on " << run.isa << ": (" << g.in.height << ", " << g.in.width << ", " << g.in.channels
                  << ") -> (" << g.out.height << ", " << g.out.width << ", " << g.out.channels << "), kernel "
                  << w.height << " x " << w.width << ", groups " << g.groups << ": " << wrong << " wrong, the worst by "
                  << worst << " tolerances");
  CHECK(wrong == 0);
  // Nor is the tolerance idle: the format has rounded something, except a channel's only weight, which its scale makes
  // exact.
  if (ctnn::kernels::few_weights(g) || g.taps() == 1) return;
  CHECK(worst > 1e-3);
}

/// A convolution, or where the window is the whole input a fully connected layer, on its instruction sets; by tiles,
/// the processor's or emulated, where these can. in_halves: of weights and inputs that are halves, so that the
/// roundings of sums are seen.
template <class N, Convolution2d g, bool in_halves = false, Algorithm use = Algorithm::direct>
void check() {
  const auto on = []<class Isa, bool tiles = false>(std::type_identity<Isa>, std::bool_constant<tiles> = {}) {
    using T = typename N::Activation;
    // what instruction sets add to AVX-512: a dot product, and arithmetic in half precision
    constexpr bool halves = std::is_same_v<Isa, ctnn::isa::Avx512Fp16>;
    constexpr bool pairs = !halves && std::derived_from<Isa, ctnn::isa::Avx512Bf16>;
    constexpr bool adds = (!pairs || std::is_same_v<T, ctnn::BFloat16>)&&(!halves || std::is_same_v<T, ctnn::Half>);
    constexpr bool connected = g.out.pixels() == 1;
    constexpr bool can = !tiles || (!connected && g.group_inputs() % 2 == 0 && ctnn::kernels::stores_weights<N>(g));
    if constexpr (golden::is_own<Isa> && adds && can) {
      constexpr Algorithm algorithm = Isa::lanes == 1 ? Algorithm::reference
                                      : connected     ? Algorithm::gemv
                                      : tiles         ? Algorithm::tiles
                                                      : use;
      constexpr Layout in = [] {
        Layout layout = ctnn::kernels::canonical(g.in);
        if (algorithm == Algorithm::direct || algorithm == Algorithm::lanewise || algorithm == Algorithm::tiles) {
          layout.border_left = g.window.pad_left;
          layout.border_right = g.columns_beyond();
        }
        return layout;
      }();
      // few weights are not rounded
      constexpr double own_group_error = ctnn::kernels::stores_weights<N>(g) ? group_error<N> : 0.0;
      check({N::name.view(), Isa::name, g, in, in_halves ? 0.0 : relative_error<N>, own_group_error, output_error<N>,
             half_sums<N, Isa> ? 0x1p-11 : 0.0, std::min<std::size_t>(g.taps(), 64),
             algorithm == Algorithm::winograd2 ? 5e-3 : 0.0, in_halves, run_kernel<N, Isa, algorithm, g, in>});
    }
  };
  on(std::type_identity<ctnn::isa::Scalar>{});
  on(std::type_identity<ctnn::isa::Sse2>{});
  on(std::type_identity<ctnn::isa::Avx2>{});
  on(std::type_identity<ctnn::isa::Avx512>{});
  on(std::type_identity<ctnn::isa::Avx512Bf16>{});
  on(std::type_identity<ctnn::isa::Avx512Fp16>{});
  on(std::type_identity<ctnn::isa::Avx512Bf16>{}, std::true_type{});
  on(std::type_identity<ctnn::isa::Amx>{}, std::true_type{});
  on(std::type_identity<ctnn::isa::Neon>{});
}

/// Fully connected layers: inputs around words, groups and partial sums, outputs around vectors and their blocks.
template <class N>
void check_fully_connected() {
  using ctnn::kernels::fully_connected;
  check<N, fully_connected({1, 1, 1}, 5)>();
  check<N, fully_connected({1, 1, 7}, 16)>();
  check<N, fully_connected({1, 1, 31}, 17)>();
  check<N, fully_connected({1, 1, 33}, 33)>();
  check<N, fully_connected({1, 1, 64}, 100)>();
  check<N, fully_connected({1, 1, 101}, 130)>();
  check<N, fully_connected({3, 5, 4}, 20)>();
}
/// Convolutions: borders, strides, groups, tap counts around words and groups of weights.
template <class N>
void check_convolutions() {
  constexpr Window same{.height = 3, .width = 3, .pad_top = 1, .pad_bottom = 1, .pad_left = 1, .pad_right = 1};
  constexpr Window strided{.height = 3, .width = 5, .stride_height = 2, .stride_width = 2, .pad_top = 1, .pad_left = 2};
  constexpr Window dilated{.height = 2, .width = 2, .dilation_height = 2, .dilation_width = 3};
  check<N, convolution({4, 6, 3}, 20, same)>();
  check<N, convolution({5, 9, 7}, 33, strided)>();
  check<N, convolution({5, 9, 6}, 70, dilated)>();
  check<N, convolution({4, 6, 22}, 26, same, 2)>();
  check<N, convolution({4, 6, 20}, 80, Window{})>();
  check<N, convolution({3, 6, 37}, 18, Window{})>();
  check<N, convolution({4, 6, 5}, 5, same)>();
  check<N, convolution({3, 23, 44}, 52, same)>();  // steps of 66 bytes' halves, two tiles a row
}

}  // namespace format_tests
