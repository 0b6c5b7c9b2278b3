/// Kernels of bytes against the scalar reference, every byte: `check<N, algorithm, geometry>()` on every instruction
/// set.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <ctnn/kernels/convolution.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/numeric/int8.hpp>
#include <ctnn/simd/isa.hpp>

#include "catch.hpp"
#include "golden/isa.hpp"
#include "runtime/kernels/geometries.hpp"
#include "runtime/kernels/numbers.hpp"

namespace byte_tests {

using ctnn::Extent;
using ctnn::kernels::Algorithm;
using ctnn::kernels::Convolution2d;
using ctnn::kernels::Layout;
using ctnn::kernels::Window;
using kernel_tests::Borders;
using kernel_tests::convolution;
using kernel_tests::dilated_window;
using kernel_tests::square;
using kernel_tests::uneven_window;
using kernel_tests::window_in_padding;

/// What a run computes with: one kernel runs many of them.
struct Numbers {
  std::vector<std::int8_t> weight;  // natural order
  std::vector<float> weight_scale;
  std::vector<std::int32_t> bias;
  float input_scale = 1.0F, output_scale = 1.0F;
  std::int32_t input_zero_point = 0, output_zero_point = 0;
  float lower = -std::numeric_limits<float>::infinity(), upper = std::numeric_limits<float>::infinity();
};

/// Kernels behind function pointers, so that all around them is compiled once.
using RunKernel = void (*)(const Numbers& numbers, const void* x, void* y);

template <ctnn::Quantized N, class Isa, Algorithm algorithm, Convolution2d g, Layout in, Layout out>
void run_kernel(const Numbers& numbers, const void* x, void* y) {
  using namespace ctnn;
  using T = typename N::Activation;
  using Kernel = kernels::Convolution<N, Isa, algorithm, g, in, out>;
  using Weight = Shape<g.out.channels, g.group_inputs(), g.window.height, g.window.width>;
  using Channels = Shape<g.out.channels>;
  using Fields = FieldList<Field<"weight", Weight, std::int8_t>, Field<"weight_scale", Channels, float>,
                           Field<"bias", Channels, std::int32_t>>;
  const FieldViews<Fields> fields{{View<const std::int8_t, Weight>{numbers.weight.data()},
                                   View<const float, Channels>{numbers.weight_scale.data()},
                                   View<const std::int32_t, Channels>{numbers.bias.data()}}};
  kernels::Surroundings<N> around;
  around.inputs[0] = {numbers.input_scale, numbers.input_zero_point};
  around.output = {numbers.output_scale, numbers.output_zero_point};
  around.lower = numbers.lower, around.upper = numbers.upper;
  const auto packed = std::make_unique<typename Kernel::Packed>();
  std::vector<T> scratch(Kernel::scratch);
  Kernel::pack(*packed, fields, around);
  Kernel::run(static_cast<const T*>(x), static_cast<T*>(y), *packed, kernels::FloatEpilogue<>{}, scratch.data());
}

struct Run {
  std::string_view isa, format;
  bool is_signed;
  Algorithm algorithm;
  Convolution2d geometry;
  Layout in, out;
  RunKernel kernel, reference;
};

/// How large the bytes are: anything; as large as can be, of signs that add up or cancel.
enum class Data { any, largest, lowest, alternating };

inline Numbers numbers_of(const Run& run, Data data, float scale, std::uint32_t seed) {
  const Convolution2d& g = run.geometry;
  const std::size_t channels = g.out.channels;
  Numbers n;
  n.weight.resize(channels * g.taps());
  for (std::size_t i = 0; i < n.weight.size(); ++i) {
    const auto any = static_cast<std::int8_t>(static_cast<std::int32_t>(kernel_tests::bits(i, seed) % 255) - 127);
    const bool negative = data == Data::lowest ? i / g.taps() % 2 == 0 : kernel_tests::bits(i, seed + 7) % 2 == 0;
    n.weight[i] = data == Data::any ? any : static_cast<std::int8_t>(negative && data != Data::largest ? -127 : 127);
  }
  n.bias.resize(channels);
  for (std::size_t i = 0; i < channels; ++i) {
    n.bias[i] = static_cast<std::int32_t>(kernel_tests::bits(i, seed + 1) % 20001) - 10000;
  }
  n.weight_scale.assign(channels, scale);
  return n;
}

/// Memory of the input's size and the 64 bytes behind it that kernels may read, each of them anything.
struct Input {
  std::unique_ptr<unsigned char[]> bytes;
  Input(const Run& run, Data data, std::int32_t zero_point, std::uint32_t seed) {
    const std::size_t size = run.in.size() + ctnn::alignment;
    bytes.reset(new unsigned char[size]);
    for (std::size_t i = 0; i < size; ++i) bytes[i] = static_cast<unsigned char>(kernel_tests::bits(i, seed + 2));
    const std::int32_t lowest = run.is_signed ? -128 : 0;
    std::fill_n(bytes.get(), run.in.size(), static_cast<unsigned char>(zero_point));  // the borders
    for (std::size_t r = 0, i = 0; r < run.in.height; ++r) {
      for (std::size_t c = 0; c < run.in.width; ++c) {
        for (std::size_t k = 0; k < run.in.channels; ++k, ++i) {
          const std::int32_t any = static_cast<std::int32_t>(kernel_tests::bits(i, seed + 3) % 256);
          const std::int32_t value = data == Data::any ? any : data == Data::lowest ? 0 : any % 2 == 0 ? 255 : 0;
          bytes[run.in.at(r, c, k)] = static_cast<unsigned char>(lowest + (data == Data::largest ? 255 : value));
        }
      }
    }
  }
};

/// Runs a kernel into memory full of a pattern: what lies around the output and in its borders must stay.
inline std::vector<unsigned char> output_of(RunKernel kernel, const Run& run, const Numbers& numbers,
                                            const Input& input) {
  constexpr std::size_t guard = 128;
  std::vector<unsigned char> memory(run.out.size() + 2 * guard, 0xA5);
  kernel(numbers, input.bytes.get(), memory.data() + guard);
  return memory;
}

inline void check(const Run& run, const Numbers& numbers, const Input& input, std::string_view what) {
  const auto expected = output_of(run.reference, run, numbers, input);
  const auto actual = output_of(run.kernel, run, numbers, input);
  std::size_t wrong = 0;
  for (std::size_t i = 0; i < expected.size(); ++i) wrong += expected[i] != actual[i] ? 1U : 0U;
  const Convolution2d& g = run.geometry;
  INFO(what << ": " << run.format << ", " << ctnn::kernels::name_of(run.algorithm) << " on " << run.isa << ": ("
            << g.in.height << ", " << g.in.width << ", " << g.in.channels << ") -> (" << g.out.height << ", "
            << g.out.width << ", " << g.out.channels << "), kernel " << g.window.height << " x " << g.window.width
            << ", groups " << g.groups << ", zero points " << numbers.input_zero_point << " -> "
            << numbers.output_zero_point << ", borders " << run.in.border_left << ", " << run.in.border_right << " -> "
            << run.out.border_left << ", " << run.out.border_right);
  CHECK(wrong == 0);
}

/// The scale that spreads sums of so many products of random bytes over the output's bytes.
inline float ordinary_scale(const Run& run) {
  float scale = 0.02F;  // some 60 / (74 * 74), a standard deviation each
  for (std::size_t n = 1; n < run.geometry.taps(); n *= 4) scale /= 2.0F;
  return scale;
}

inline void check(const Run& run) {
  const std::int32_t lowest = run.is_signed ? -128 : 0;
  const float ordinary = ordinary_scale(run);
  std::uint32_t seed = 0;
  // every product and sum, at every zero point
  for (const Data data : {Data::any, Data::largest, Data::lowest, Data::alternating}) {
    for (const std::int32_t zero_point : {lowest, lowest + 128, lowest + 255}) {
      seed += 10;
      Numbers numbers = numbers_of(run, data, data == Data::any ? ordinary : ordinary / 64, seed);
      numbers.input_zero_point = zero_point;
      numbers.output_zero_point = lowest + 255 - (zero_point - lowest) / 2;
      check(run, numbers, Input{run, data, zero_point, seed}, "extreme data");
    }
  }
  // every way to rescale
  const Input input{run, Data::any, lowest + 100, seed};
  Numbers numbers = numbers_of(run, Data::any, ordinary, seed);
  numbers.input_zero_point = lowest + 100;
  numbers.output_zero_point = lowest + 140;
  for (const float scale : {1e-9F, 3e-5F, 1.2e-4F, 0.4999999F, 0.5F, 0.50000006F, 0.7F, 1.0F, 40.0F, 3e9F}) {
    std::fill(numbers.weight_scale.begin(), numbers.weight_scale.end(), scale);
    check(run, numbers, input, "one scale");
  }
  const std::array<float, 7> near{0.004F, 0.002F, 0.01F, 0.0075F, 0.00031F, 0.0013F, 0.02F};
  const std::array<float, 7> uneven{1e-7F, 0.002F, 0.6F, 1e-4F, 3e-3F, 300.0F, 0.0F};
  for (const auto& scales : {near, uneven}) {
    for (std::size_t c = 0; c < numbers.weight_scale.size(); ++c) numbers.weight_scale[c] = scales[c % 7];
    check(run, numbers, input, "scales by channel");
  }
  // clamps of fused activations, in the output's units
  std::fill(numbers.weight_scale.begin(), numbers.weight_scale.end(), ordinary);
  numbers.lower = 0.0F;
  check(run, numbers, input, "rectified");
  numbers.upper = 6.0F;
  check(run, numbers, input, "clamped");
}

template <ctnn::Quantized N, class Isa, Algorithm algorithm, Convolution2d g, Borders borders>
void check_on() {
  constexpr bool can = algorithm != Algorithm::lanewise || g.is_depthwise() || ctnn::kernels::lanewise_fits<Isa>(g, 4);
  if constexpr (golden::tested<Isa> && Isa::lanes > 1 && can) {
    constexpr Layout in = kernel_tests::input_layout(g, algorithm, borders, false);
    // a fully connected layer makes a vector, of an image in any layout
    constexpr Layout out =
        kernel_tests::output_layout(g, algorithm == Algorithm::gemv ? Borders::tight : borders, false);
    check({Isa::name, N::name.view(), std::is_signed_v<typename N::Activation>, algorithm, g, in, out,
           run_kernel<N, Isa, algorithm, g, in, out>,
           run_kernel<N, ctnn::isa::Scalar, Algorithm::reference, g, in, out>});
  }
}

/// A kernel on every instruction set of the build.
template <ctnn::Quantized N, Algorithm algorithm, Convolution2d g, Borders borders = Borders::tight>
void check() {
  const auto on = []<class... Isa>(std::type_identity<std::tuple<Isa...>>) {
    (check_on<N, Isa, algorithm, g, borders>(), ...);
  };
  if constexpr (algorithm == Algorithm::tiles) {  // the processor's, and emulated by vectors
    on(std::type_identity<std::tuple<ctnn::isa::Amx, ctnn::isa::Avx512>>{});
  } else {
    on(std::type_identity<golden::EveryByteIsa>{});
    if constexpr (g.is_depthwise()) check_on<N, ctnn::isa::Avx512Vbmi, algorithm, g, borders>();  // permutes bytes
  }
}

}  // namespace byte_tests
