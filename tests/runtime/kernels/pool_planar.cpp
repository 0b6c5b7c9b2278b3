#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <string_view>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"

// Pools of images that lie planar, or have borders, against the same pool on the scalar kernel, channels-last.

namespace {

using namespace ctnn;
using kernels::Layout;
using kernels::Maximum;
using kernels::Mean;
using kernels::Pool2d;

/// A pool behind a function pointer, so that all around it is compiled once.
struct Run {
  std::string_view isa;
  Pool2d pool;
  Layout in, out;
  void (*run)(const float* x, float* y);
  void (*reference)(const float* x, float* y);
};

void check(const Run& run) {
  const Layout in = kernels::canonical(run.pool.in), out = kernels::canonical(run.pool.out);
  // exactly as many as are read and written, so that the address sanitizer sees a step beyond; borders, which a pool
  // must not read, are not numbers
  const auto x = std::make_unique<float[]>(run.in.size()), y = std::make_unique<float[]>(run.out.size());
  std::fill_n(x.get(), run.in.size(), std::numeric_limits<float>::quiet_NaN());
  std::vector<float> own_x(in.size()), expected(out.size());
  for (std::size_t row = 0, i = 0; row < in.height; ++row) {
    for (std::size_t column = 0; column < in.width; ++column) {
      for (std::size_t c = 0; c < in.channels; ++c, ++i) {
        own_x[i] = x[run.in.at(row, column, c)] = golden::number(5, i);
      }
    }
  }
  run.reference(own_x.data(), expected.data());
  run.run(x.get(), y.get());
  std::size_t wrong = 0;
  for (std::size_t row = 0; row < out.height; ++row) {
    for (std::size_t column = 0; column < out.width; ++column) {
      for (std::size_t c = 0; c < out.channels; ++c) {
        const float value = y[run.out.at(row, column, c)];
        if (!(std::abs(value - expected[out.at(row, column, c)]) <= 1e-6F)) ++wrong;  // a few roundings of [-2, 2]
      }
    }
  }
  INFO(run.isa << ": (" << in.height << ", " << in.width << ", " << in.channels << "), window "
               << run.pool.window.height << " x " << run.pool.window.width << ", output "
               << (run.out.planar ? "planar" : "channels-last"));
  CHECK(wrong == 0);
}

template <class Isa, class Reduction, Pool2d p>
void check_on() {
  if constexpr (golden::tested<Isa>) {
    constexpr Layout in = kernels::canonical(p.in), out = kernels::canonical(p.out);
    constexpr Layout planar_in{p.in.height, p.in.width, p.in.channels, 0, 0, true};
    constexpr Layout planar_out{p.out.height, p.out.width, p.out.channels, 0, 0, true};
    constexpr Layout wide_in{p.in.height, p.in.width, p.in.channels, 1, 2, true};
    constexpr Layout wide_out{p.out.height, p.out.width, p.out.channels, 2, 1, true};
    constexpr Layout wide_last{p.out.height, p.out.width, p.out.channels, 2, 1, false};
    const auto reference = kernels::pool<isa::Scalar, Reduction, p, in, out, float>;
    check({Isa::name, p, in, out, kernels::pool<Isa, Reduction, p, in, out, float>, reference});
    check({Isa::name, p, planar_in, planar_out, kernels::pool<Isa, Reduction, p, planar_in, planar_out, float>,
           reference});
    check({Isa::name, p, planar_in, out, kernels::pool<Isa, Reduction, p, planar_in, out, float>, reference});
    check({Isa::name, p, wide_in, wide_out, kernels::pool<Isa, Reduction, p, wide_in, wide_out, float>, reference});
    check({Isa::name, p, wide_in, wide_last, kernels::pool<Isa, Reduction, p, wide_in, wide_last, float>, reference});
  }
}
template <class Reduction, Pool2d p>
void check() {
  check_on<isa::Scalar, Reduction, p>();
  check_on<isa::Sse2, Reduction, p>();
  check_on<isa::Avx2, Reduction, p>();
  check_on<isa::Avx512, Reduction, p>();
  check_on<isa::Neon, Reduction, p>();
}
template <class Reduction, class In, class... Options>
void pool() {
  check<Reduction, ctnn::detail::PoolRule<Options...>::template geometry<In>>();
}
template <std::size_t... Width>
void widths() {
  (pool<Maximum, Shape<4, Width, 2>, Kernel<2>>(), ...);
}

}  // namespace

TEST_CASE("planar pool: widths around the vectors") {
  widths<2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 34, 66>();
  pool<Mean, Shape<3, 28, 6>, Kernel<2>>();
  pool<Mean, Shape<3, 21, 1>, Kernel<3>, Stride<1>>();
}
TEST_CASE("planar pool: padding") {
  pool<Maximum, Shape<7, 19, 3>, Kernel<3>, Stride<2>, Padding<1>>();
  pool<Mean, Shape<7, 20, 3>, Kernel<3>, Stride<2>, Padding<1>>();
  pool<Mean, Shape<7, 41, 3>, Kernel<3>, Stride<2>, Padding<1>, ExcludePadding>();
  pool<Mean, Shape<5, 18, 2>, Kernel<5>, Stride<1>, Padding<2>, ExcludePadding>();
  pool<Mean, Shape<5, 18, 2>, Kernel<4>, Stride<2>, Padding<0, 2, 1, 0>, Divisor<3>>();
  pool<Maximum, Shape<3, 2, 2>, Kernel<4>, Stride<2>, Padding<2>>();  // no window inside
}
TEST_CASE("planar pool: ceil mode, dilation, uneven strides") {
  pool<Maximum, Shape<6, 18, 3>, Kernel<3>, Stride<2>, CeilMode>();
  pool<Mean, Shape<6, 36, 3>, Kernel<3>, Stride<2>, Padding<1>, CeilMode>();
  pool<Mean, Shape<6, 35, 2>, Kernel<4>, Stride<2>, Padding<1>, CeilMode, ExcludePadding>();
  pool<Maximum, Shape<9, 37, 2>, Kernel<3>, Stride<1, 2>, Padding<1>, Dilation<2>>();
  pool<Maximum, Shape<9, 20, 4>, Kernel<2, 3>, Stride<3, 1>>();
}
