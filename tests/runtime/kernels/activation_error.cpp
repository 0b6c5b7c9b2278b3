// How exact the activations are, on every instruction set: errors in units in the last place (ulp) of the exact result,
// held to what kernels/activation.hpp states.
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <ratio>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"

namespace {

using namespace ctnn;

constexpr std::size_t block = 1024;  // floats
using Block = std::array<float, block>;

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float largest = std::numeric_limits<float>::max();

/// A function on an instruction set, over a block.
struct Version {
  std::string_view isa;
  void (*run)(const Block& x, Block& y);
};
template <class Isa, class F>
void run(const Block& x, Block& y) {
  constexpr kernels::Layout layout = kernels::canonical({1, 1, block});
  kernels::map<Isa, layout, layout>(x.data(), y.data(), F{});
}
template <class F>
std::vector<Version> versions() {
  std::vector<Version> all;
  std::apply(
      [&]<class... Isa>(Isa...) {
        const auto add = [&]<class I>(std::type_identity<I>) {
          if constexpr (golden::tested<I>) all.push_back({I::name, run<I, F>});
        };
        (add(std::type_identity<Isa>{}), ...);
      },
      golden::EveryIsa{});
  return all;
}

/// The distance between the floats around y.
double ulp_of(double y) {
  int exponent = 0;
  std::frexp(y, &exponent);
  return std::ldexp(1.0,
                    std::max(exponent, std::numeric_limits<float>::min_exponent) - std::numeric_limits<float>::digits);
}

/// For inputs in [from, to]: at most so many ulp, or so much.
struct Bound {
  float from, to;
  double ulp, absolute;
};

/// Calls f with every step-th float between two of one sign, the first nearer to 0, by blocks.
template <class F>
void for_floats(float first, float last, std::uint32_t step, F f) {
  Block x;
  x.fill(first);
  std::size_t count = 0;
  const std::uint64_t end = std::bit_cast<std::uint32_t>(last);
  for (std::uint64_t bits = std::bit_cast<std::uint32_t>(first); bits <= end; bits += step) {
    x[count++] = std::bit_cast<float>(static_cast<std::uint32_t>(bits));
    if (count == block) f(x), count = 0;
  }
  f(x);  // what is left, and some again
}

/// Calls f with floats of the interval: far apart over all of it, and close together from 1/4 to 1, where
/// approximations are joined.
template <class F>
void for_floats_in(const Bound& bound, F f) {
#ifdef NDEBUG
  constexpr std::uint32_t step = 4001, small_step = 7;
#else  // thirty times as slow
  constexpr std::uint32_t step = 40009, small_step = 97;
#endif
  if (bound.to > 0.0F) for_floats(std::max(bound.from, 0.0F), bound.to, step, f);
  if (bound.to >= 1.0F && bound.from <= 0.25F) for_floats(0.25F, 1.0F, small_step, f);
  if (bound.from < 0.0F) for_floats(bound.to < 0.0F ? bound.to : -0.0F, bound.from, step, f);
  if (bound.to >= -0.25F && bound.from <= -1.0F) for_floats(-0.25F, -1.0F, small_step, f);
}

/// Checks F against the exact function.
template <class F, class Exact>
void check(Exact exact, std::initializer_list<Bound> bounds) {
  struct Worst {
    double ulp = 0.0;
    float at = 0.0F;
  };
  const auto all = versions<F>();
  for (const Bound& bound : bounds) {
    std::vector<Worst> worst(all.size());
    for_floats_in(bound, [&](const Block& x) {
      std::array<double, block> y;
      std::transform(x.begin(), x.end(), y.begin(), [&](float v) { return exact(static_cast<double>(v)); });
      for (std::size_t version = 0; version < all.size(); ++version) {
        Block result;
        all[version].run(x, result);
        for (std::size_t i = 0; i < block; ++i) {
          if (result[i] == static_cast<float>(y[i])) continue;
          const double error = std::abs(static_cast<double>(result[i]) - y[i]);
          if (error <= bound.absolute) continue;
          const double ulp = std::isnan(error) ? static_cast<double>(infinity) : error / ulp_of(y[i]);
          if (ulp > worst[version].ulp) worst[version] = {ulp, x[i]};
        }
      }
    });
    for (std::size_t version = 0; version < all.size(); ++version) {
      INFO(all[version].isa << ", [" << bound.from << ", " << bound.to << "]: " << worst[version].ulp << " ulp at "
                            << worst[version].at);
      CHECK(worst[version].ulp <= bound.ulp);
    }
  }
}

/// f of a number on every instruction set.
template <class F, class Holds>
void check_at(float x, Holds holds) {
  for (const Version& version : versions<F>()) {
    Block in, out;
    in.fill(x);
    version.run(in, out);
    INFO(version.isa << ", " << x << ": " << out[0]);
    CHECK(std::all_of(out.begin(), out.end(), holds));
  }
}
auto is(float value) {
  return [value](float y) { return y == value; };
}

double logistic(double x) { return 1.0 / (1.0 + std::exp(-x)); }
double gelu(double x) { return 0.5 * x * std::erfc(-x * std::sqrt(0.5)); }
double gelu_tanh(double x) {
  return x == 0.0 ? x : x * logistic(2.0 * std::sqrt(2.0 / 3.14159265358979323846) * (x + 0.044715 * x * x * x));
}

/// What softmax is made of.
struct Exponential {
  template <class V>
  constexpr V operator()(V x) const {
    return simd::exp(x);
  }
};

template <class Isa, std::size_t Size>
void check_softmax_on() {
  if constexpr (golden::tested<Isa>) {
    std::vector<float> x(Size), y(Size);
    for (std::size_t i = 0; i < Size; ++i) x[i] = 4.0F * golden::number(1, i);
    const auto peak = static_cast<double>(*std::max_element(x.begin(), x.end()));
    constexpr kernels::Layout layout = kernels::canonical({1, 1, Size});
    kernels::softmax<Isa, layout, layout>(x.data(), y.data());
    double sum = 0.0, worst = 0.0;
    for (const float v : x) sum += std::exp(static_cast<double>(v) - peak);
    for (std::size_t i = 0; i < Size; ++i) {
      const double distance = peak - static_cast<double>(x[i]), exact = std::exp(-distance) / sum;
      worst = std::max(worst, std::abs(static_cast<double>(y[i]) - exact) / ulp_of(exact) / (3.0 + distance));
    }
    INFO(Isa::name << ", " << Size << ": " << worst);
    CHECK(worst <= (Size > 10'000 ? 4.0 : 1.0));
  }
}
template <std::size_t Size>
void check_softmax() {
  std::apply([]<class... Isa>(Isa...) { (check_softmax_on<Isa, Size>(), ...); }, golden::EveryIsa{});
}

}  // namespace

TEST_CASE("error of exp", "[activation]") {
  check<Exponential>([](double x) { return std::exp(x); }, {{-infinity, infinity, 1.5, 1.7e-38}});
}
TEST_CASE("error of the logistic function", "[activation]") {
  check<kernels::Logistic>(logistic, {{-infinity, infinity, 3.0, 1.2e-38}});
}
TEST_CASE("error of SiLU", "[activation]") {
  check<kernels::SigmoidLinear>([](double x) { return x * logistic(x); }, {{-largest, infinity, 3.0, 3e-37}});
}
TEST_CASE("error of tanh", "[activation]") {
  check<kernels::HyperbolicTangent>([](double x) { return std::tanh(x); }, {{-infinity, infinity, 3.5, 0.0}});
}
TEST_CASE("error of GELU", "[activation]") {
  check<kernels::GaussianErrorLinear>(
      gelu, {{-1.0F, infinity, 3.5, 0.0}, {-5.5F, -1.0F, 60.0, 0.0}, {-largest, -5.5F, 0.0, 1e-10}});
}
TEST_CASE("error of GELU by tanh", "[activation]") {
  check<kernels::GaussianErrorLinearByTanh>(
      gelu_tanh, {{-1.0F, infinity, 3.5, 0.0}, {-5.5F, -1.0F, 60.0, 0.0}, {-largest, -5.5F, 0.0, 1e-10}});
}
TEST_CASE("error of ELU", "[activation]") {
  check<kernels::ExponentialLinear<std::ratio<1>>>([](double x) { return x < 0 ? std::expm1(x) : x; },
                                                   {{-infinity, infinity, 2.0, 0.0}});
}
TEST_CASE("error of Softmax, however many classes", "[activation]") {
  check_softmax<1>();
  check_softmax<10>();
  check_softmax<33>();
  check_softmax<1000>();
  check_softmax<100'000>();
}

TEST_CASE("activations at the ends of their domain", "[activation]") {
  check_at<Exponential>(infinity, is(infinity));
  check_at<Exponential>(-infinity, is(0.0F));
  check_at<Exponential>(88.7228F, [](float y) { return y > 3.4e38F && y < infinity; });
  check_at<Exponential>(88.7229F, is(infinity));
  check_at<Exponential>(std::numeric_limits<float>::quiet_NaN(), [](float y) { return std::isnan(y); });
  check_at<kernels::SigmoidLinear>(infinity, is(infinity));
  check_at<kernels::SigmoidLinear>(-largest, is(0.0F));
  check_at<kernels::GaussianErrorLinear>(infinity, is(infinity));
  check_at<kernels::GaussianErrorLinear>(-infinity, is(0.0F));
  check_at<kernels::GaussianErrorLinearByTanh>(infinity, is(infinity));
  check_at<kernels::GaussianErrorLinearByTanh>(-largest, is(0.0F));
}

TEST_CASE("the series of constant expressions are exact to float", "[activation]") {
  namespace series = numeric::series;
  const auto near = [](double value, double exact) { return std::abs(value - exact) <= 1e-12 * std::abs(exact); };
  std::size_t wrong = 0;
  for (double x = -20.0; x <= 20.0; x += 1.0 / 512.0) {
    wrong += std::size_t{!near(series::exp(x), std::exp(x))};
    wrong += std::size_t{!near(series::expm1(x), std::expm1(x))};
    wrong += std::size_t{!near(series::tanh(x), std::tanh(x))};
    wrong += std::size_t{!near(series::erfc(x), std::erfc(x))};
  }
  for (double x = 1e-30; x < 1.0; x *= 3.0) {
    wrong += std::size_t{!(near(series::expm1(x), std::expm1(x)) && near(series::expm1(-x), std::expm1(-x)))};
    wrong += std::size_t{!(near(series::tanh(x), std::tanh(x)) && near(series::tanh(-x), std::tanh(-x)))};
  }
  CHECK(wrong == 0);
}
