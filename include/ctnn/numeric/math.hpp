/// Elementary functions that also work in constant expressions (std::exp and its kin are not constexpr in C++20).
/// At run time they are the standard library's; in constant expressions series in double precision, exact to float.
#pragma once

#include <cmath>
#include <limits>
#include <type_traits>

namespace ctnn::numeric {

namespace series {

/// e^x by range reduction to |r| <= ln(2) / 2 and the Taylor series.
constexpr double exp(double x) {
  if (x != x) return x;
  if (x > 709.0) return std::numeric_limits<double>::infinity();
  if (x < -745.0) return 0.0;
  constexpr double ln2 = 0.693147180559945309417232121458;
  const int k = static_cast<int>(x / ln2 + (x < 0 ? -0.5 : 0.5));
  const double r = x - k * ln2;
  double term = 1.0, sum = 1.0;
  for (int n = 1; n < 20; ++n) sum += term *= r / n;
  for (int n = 0; n < k; ++n) sum *= 2.0;
  for (int n = 0; n > k; --n) sum *= 0.5;
  return sum;
}

/// Square root by Newton's iteration from above; 0 for what is not positive.
constexpr double sqrt(double x) {
  if (!(x > 0.0)) return 0.0;
  double root = x > 1.0 ? x : 1.0;
  for (;;) {
    const double next = 0.5 * (root + x / root);
    if (next >= root) return root;
    root = next;
  }
}

/// e^x - 1, by its own series where exp(x) is near 1.
constexpr double expm1(double x) {
  if (!(x > -0.5 && x < 0.5)) return exp(x) - 1.0;
  double term = x, sum = x;
  for (int n = 2; n < 20; ++n) sum += term *= x / n;
  return sum;
}

constexpr double tanh(double x) {
  if (x > 20.0) return 1.0;
  const double e = expm1(2.0 * x);
  return e / (e + 2.0);
}

/// 1 - erf(x): of erf the Maclaurin series, and from 2 on a continued fraction.
constexpr double erfc(double x) {
  if (x < 0.0) return 2.0 - erfc(-x);
  if (x > 30.0) return 0.0;
  constexpr double root_of_pi = 1.77245385090551602729816748334;
  if (x < 2.0) {
    // 2/sqrt(pi) * exp(-x^2) * sum of 2^n x^(2n+1) / (2n+1)!!, all terms of one sign
    double term = x, sum = x;
    for (int n = 1; n < 60; ++n) sum += term *= 2.0 * x * x / (2 * n + 1);
    return 1.0 - 2.0 / root_of_pi * exp(-x * x) * sum;
  }
  // exp(-x^2) / sqrt(pi) / (x + 1/2 / (x + 2/2 / (x + 3/2 / ...)))
  double denominator = x;
  for (int n = 80; n > 0; --n) denominator = x + 0.5 * n / denominator;
  return exp(-x * x) / (root_of_pi * denominator);
}

}  // namespace series

template <class T>
constexpr T exp(T x) {
  return std::is_constant_evaluated() ? static_cast<T>(series::exp(static_cast<double>(x))) : std::exp(x);
}
template <class T>
constexpr T sqrt(T x) {
  return std::is_constant_evaluated() ? static_cast<T>(series::sqrt(static_cast<double>(x))) : std::sqrt(x);
}
template <class T>
constexpr T expm1(T x) {
  return std::is_constant_evaluated() ? static_cast<T>(series::expm1(static_cast<double>(x))) : std::expm1(x);
}
template <class T>
constexpr T tanh(T x) {
  return std::is_constant_evaluated() ? static_cast<T>(series::tanh(static_cast<double>(x))) : std::tanh(x);
}
template <class T>
constexpr T erfc(T x) {
  return std::is_constant_evaluated() ? static_cast<T>(series::erfc(static_cast<double>(x))) : std::erfc(x);
}

/// A std::ratio as a number: `Epsilon<std::ratio<1, 1000>>`.
template <class Ratio, class T = float>
inline constexpr T value_of = static_cast<T>(static_cast<double>(Ratio::num) / static_cast<double>(Ratio::den));

}  // namespace ctnn::numeric
