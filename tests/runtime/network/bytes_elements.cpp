// What has no dot products: pools, products, concatenations, functions by table, of channels that fill vectors or not.
#include <array>
#include <cstddef>
#include <cstdint>
#include <tuple>
#include <type_traits>
#include <vector>

#include "bytes.hpp"

using namespace ctnn;

namespace {

template <class Pool>
using Pooled = Sequential<Pool, SiLU>;
using Slid =
    Concat<Pooled<MaxPool2d<Kernel<3>, Stride<2>, Padding<1>>>,
           AvgPool2d<Kernel<3>, Stride<2>, Padding<1>, ExcludePadding>, AvgPool2d<Kernel<2>, Stride<2>, CeilMode>>;
/// The functions of a vector that does not end in full registers, products with one pixel and of three, a
/// concatenation with and without rescaling, in a border.
using Products = Sequential<Concat<HardSwish, Identity, Sigmoid>, Multiply<Identity, GlobalAvgPool2d>,
                            Multiply<Tanh, MaxPool2d<Kernel<1>>, Identity>, Conv2d<6, Kernel<3>, Padding<1>>>;

template <class N, std::size_t channels>
void check_elements() {
  byte_networks::check<Sequential<Slid, Products>, Shape<9, 7, channels>, N>();
}

}  // namespace

TEST_CASE("bytes: pools, products and tables of few channels are the reference's", "[bytes]") {
  check_elements<Int8, 5>();
}
TEST_CASE("bytes: pools, products and tables of many channels are the reference's", "[bytes]") {
  check_elements<UInt8, 83>();
}
TEST_CASE("bytes: means and products of a rounding of their own are the reference's", "[bytes]") {
  byte_networks::check<Sequential<AvgPool2d<Kernel<2>>, Multiply<Identity, GlobalAvgPool2d>, AdaptiveAvgPool2d<3, 2>>,
                       Shape<8, 6, 18>, Int8DoubleRounding>();
}

TEST_CASE("means of vectors are those of their numbers", "[bytes]") {
  const auto agree = []<class Isa, class Rounding, class Real>(std::int32_t n, std::int32_t most) {
    for (std::int32_t first = -most; first <= most; first += 1 + most / 500) {
      simd::IntSum<Isa> sums{};
      for (std::size_t i = 0; i < Isa::lanes; ++i) sums[i] = first + static_cast<std::int32_t>(i);
      const auto means = Rounding::mean(sums, n, 3, simd::FloorOfQuotients<Isa, Real>{});
      for (std::size_t i = 0; i < Isa::lanes; ++i) REQUIRE(means[i] == Rounding::mean(sums[i], n, 3));
    }
  };
  [&]<class... Isa>(std::type_identity<std::tuple<Isa...>>) {
    const auto check = [&]<class I>(std::type_identity<I>) {
      if constexpr (golden::tested<I> && I::lanes > 1) {
        for (const std::int32_t n : {1, 2, 3, 4, 7, 9, 49, 64, 3136, 4095, 4096}) {
          agree.template operator()<I, numeric::SingleRounding, float>(n, 256 * n);
          agree.template operator()<I, numeric::HalfToEven, float>(n, 256 * n);
          agree.template operator()<I, numeric::SingleRounding, double>(n, 256 * n);
        }
        agree.template operator()<I, numeric::HalfToEven, double>(12544, 256 * 12544);
      }
    };
    (check(std::type_identity<Isa>{}), ...);
  }(std::type_identity<golden::EveryByteIsa>{});
}

TEST_CASE("bytes: sums of any two bytes are those of their numbers", "[bytes]") {
  std::vector<std::int8_t> a(65536), b(65536), y(65536);
  for (std::size_t i = 0; i < a.size(); ++i) {
    a[i] = static_cast<std::int8_t>(i % 256), b[i] = static_cast<std::int8_t>(i / 256);
  }
  const std::array<std::int32_t, 2> zeros{-7, 100};
  const auto check = [&]<class I>(std::type_identity<I>) {
    if constexpr (golden::tested<I> && kernels::sums_on_vectors<I, numeric::SingleRounding, 2>) {
      for (const float output : {0.011F, 0.05F, 0.3F}) {  // scales larger, as large and smaller than the terms'
        const numeric::SingleRounding::Sum<2> sum{{0.04F, 0.031F}, output};
        kernels::sum_bytes<I>(std::array<const std::int8_t*, 2>{a.data(), b.data()}, zeros, y.data(), y.size(), sum, 9);
        std::size_t wrong = 0;
        for (std::size_t i = 0; i < y.size(); ++i) {
          const std::int64_t expected = sum({a[i] - zeros[0], b[i] - zeros[1]}) + 9;
          wrong += y[i] != Int8::Quantization::saturate(expected) ? 1U : 0U;
        }
        CHECK(wrong == 0);
      }
    }
  };
  [&]<class... Isa>(std::type_identity<std::tuple<Isa...>>) {
    (check(std::type_identity<Isa>{}), ...);
  }(std::type_identity<golden::EveryByteIsa>{});
}
