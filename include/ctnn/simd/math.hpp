/// Exponential functions: of vectors by the same arithmetic on every instruction set, but for 1 + e^-x, which looks up
/// where it can; of scalars numeric/math.hpp's.
/// kernels/activation.hpp states how exact what is made of them is. Not-a-number stays.
#pragma once

#include <array>
#include <bit>
#include <concepts>
#include <cstddef>
#include <cstdint>

#include <ctnn/core/config.hpp>
#include <ctnn/numeric/math.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::simd {

namespace detail {

/// c0 + x (c1 + x (c2 + ...))
template <class V>
CTNN_ALWAYS_INLINE V polynomial(const V& /*x*/, float c0) {
  return V(c0);
}
template <class V, class... Coefficients>
CTNN_ALWAYS_INLINE V polynomial(const V& x, float c0, Coefficients... c) {
  return fma(x, polynomial(x, c...), V(c0));
}

/// e^x = half_power * (2 + r * slope): half_power = 2^(n - 1) with n = x / ln(2) rounded, r = x - n ln(2), and slope =
/// 2 (e^r - 1) / r. Half of 2^n, because 2^128 is not a float, and numbers just below it are.
template <class V>
struct Exponential {
  V half_power, r, slope;
};

/// The parts of e^x for x <= 89.4. Below 2^-125.5 it is 0, in half_power, so that there are no denormal results.
template <class A>
CTNN_ALWAYS_INLINE Exponential<xsimd::batch<float, A>> exponential(const xsimd::batch<float, A>& x) {
  using V = xsimd::batch<float, A>;
  using Bits [[gnu::vector_size(sizeof(V))]] = std::uint32_t;
  const V bounded = max(V(-87.4F), x);  // n >= -126
  // A float of this size is a whole number: adding it rounds, and leaves n + 126 in the lowest bits. That is the
  // exponent of 2^(n - 1), 9 bits with the sign, to be shifted where exponents are.
  const V magic(0x1.8p23F + 126.0F);
  const V sum = fma(bounded, V(1.44269504F), magic);
  const V n = sum - magic;
  // ln(2) = 16 bits of it, whose product with n is exact, and the rest.
  const V r = fma(n, V(-1.42860677e-6F), fma(n, V(-0.693145752F), bounded));
  // Least relative error for |r| <= ln(2) / 2 (5e-8, Remez), every coefficient rounded before the next was sought.
  const V slope = polynomial(r, 2.0F, 1.0F, 0.33333096F, 0.083347715F, 0.016733022F, 0.0026442686F);
  return {std::bit_cast<V>(std::bit_cast<Bits>(sum) << 23), r, slope};
}

/// What makes 2^(j / 8) / 2 a power's root, twice over: itself where an instruction scales it, else, in the bits of a
/// float, what is to be added to j where it follows the exponent.
template <bool scaled>
alignas(64) inline constexpr auto roots_of_two = [] {
  constexpr std::array<std::uint32_t, 8> mantissas{0x000000, 0x0B95C2, 0x1837F0, 0x25FED7,
                                                   0x3504F3, 0x45672A, 0x5744FD, 0x6AC0C7};
  std::array<float, 16> table{};
  for (std::uint32_t i = 0; i < 16; ++i) {
    table[i] = std::bit_cast<float>(mantissas[i % 8] + (scaled ? 0x3F000000 : -(i % 8 << 20)));
  }
  return table;
}();

/// The parts of e^-x, r and slope of the other sign, with n rounded to eighths, of whose power the fraction's part is
/// looked up: r is so small that half of the slope's terms suffice. For x >= -89.4; below 2^-125 some number as
/// small.
template <class A>
CTNN_ALWAYS_INLINE Exponential<xsimd::batch<float, A>> exponential_of_negative(const xsimd::batch<float, A>& x) {
  using V = xsimd::batch<float, A>;
  using Bits [[gnu::vector_size(sizeof(V))]] = std::uint32_t;
  const V bounded = min(V(87.3F), x);  // n > -126
  const V magic(0x1.8p20F + 126.0F);
  const V sum = fma(bounded, V(-1.44269504F), magic);
  const V n = sum - magic;
  const V r = fma(n, V(1.42860677e-6F), fma(n, V(0.693145752F), bounded));
  // the series, with the error of its next term, r^3 / 12, spread evenly: 2.5e-8 of e^r for |r| <= ln(2) / 16
  const V slope = polynomial(r, -2.0F, 1.00012955F, -0.333333333F);
  const V root = look_up(V::load_aligned(roots_of_two<multiplies_by_powers<A>>.data()), std::bit_cast<Bits>(sum));
  if constexpr (multiplies_by_powers<A>) {
    return {times_power_of_two(root, n), r, slope};
  } else {
    return {std::bit_cast<V>((std::bit_cast<Bits>(sum) << 20) + std::bit_cast<Bits>(root)), r, slope};
  }
}

/// e^x of the parts, plus c.
template <class V>
CTNN_ALWAYS_INLINE V joined(const Exponential<V>& e, float c) {
  return fma(e.half_power, fma(e.r, e.slope, V(2.0F)), V(c));
}

}  // namespace detail

/// e^x within 1.5 ulp. Of vectors 0 where it is less than 2^-125.5.
template <std::floating_point T>
constexpr T exp(T x) {
  return numeric::exp(x);
}
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> exp(const xsimd::batch<float, A>& x) {
  return detail::joined(detail::exponential(min(xsimd::batch<float, A>(89.0F), x)), 0.0F);
}

/// 1 + e^-x
template <std::floating_point T>
constexpr T one_plus_exp_of_negative(T x) {
  return T{1} + numeric::exp(-x);
}
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> one_plus_exp_of_negative(const xsimd::batch<float, A>& x) {
  const auto bounded = max(xsimd::batch<float, A>(-89.0F), x);
  if constexpr (looks_up<A>) {
    return detail::joined(detail::exponential_of_negative(bounded), 1.0F);
  } else {
    return detail::joined(detail::exponential(-bounded), 1.0F);
  }
}

/// e^x - 1 for x <= 88, without cancellation for small x.
template <std::floating_point T>
constexpr T expm1(T x) {
  return numeric::expm1(x);
}
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> expm1(const xsimd::batch<float, A>& x) {
  using V = xsimd::batch<float, A>;
  const auto e = detail::exponential(x);
  return fma(e.half_power, e.r * e.slope, fma(V(2.0F), e.half_power, V(-1.0F)));
}

/// tanh(x) = (e^2x - 1) / (e^2x + 1)
template <std::floating_point T>
constexpr T tanh(T x) {
  return numeric::tanh(x);
}
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> tanh(const xsimd::batch<float, A>& x) {
  using V = xsimd::batch<float, A>;
  const V e = expm1(min(V(20.0F), x + x));  // 1 from there on
  return divide(e, e + V(2.0F));
}

/// How likely a standard normal number is further than x from 0: erfc(x / sqrt(2)), for 0 <= x <= 14.5.
template <std::floating_point T>
constexpr T normal_tails(T x) {
  return numeric::erfc(x * static_cast<T>(0.707106781186547524400844362105));
}
template <class A>
CTNN_ALWAYS_INLINE xsimd::batch<float, A> normal_tails(const xsimd::batch<float, A>& x) {
  using V = xsimd::batch<float, A>;
  // Its logarithm, over x: least error up to 5.5 (3e-8 of 1 + logarithm, least squares reweighted until level), and
  // beyond falls as fast at least. In even and odd powers, for a shorter chain.
  const V square = x * x;
  const V even = detail::polynomial(square, -0.7978858F, -0.036386725F, -4.578233e-05F, 4.6942998e-05F, 5.076621e-07F);
  const V odd =
      detail::polynomial(square, -0.31829616F, 0.0048714303F, -0.00017225841F, -6.609512e-06F, -1.677549e-08F);
  return detail::joined(detail::exponential(x * fma(x, odd, even)), 0.0F);
}

}  // namespace ctnn::simd
