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

/// Error function: Maclaurin series, and 1 beyond 6 where it no longer differs.
constexpr double erf(double x) {
  if (x != x) return x;
  if (x > 6.0) return 1.0;
  if (x < -6.0) return -1.0;
  // 2/sqrt(pi) * exp(-x^2) * sum of 2^n x^(2n+1) / (2n+1)!!, all terms of one sign
  double term = x, sum = x;
  for (int n = 1; n < 150; ++n) sum += term *= 2.0 * x * x / (2 * n + 1);
  return 1.12837916709551257389615890312 * exp(-x * x) * sum;
}

constexpr double tanh(double x) {
  if (x > 20.0) return 1.0;
  if (x < -20.0) return -1.0;
  const double e = exp(2.0 * x);
  return x != x ? x : (e - 1.0) / (e + 1.0);
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
constexpr T erf(T x) {
  return std::is_constant_evaluated() ? static_cast<T>(series::erf(static_cast<double>(x))) : std::erf(x);
}
template <class T>
constexpr T tanh(T x) {
  return std::is_constant_evaluated() ? static_cast<T>(series::tanh(static_cast<double>(x))) : std::tanh(x);
}

/// A std::ratio as a number: `Epsilon<std::ratio<1, 1000>>`.
template <class Ratio, class T = float>
inline constexpr T value_of = static_cast<T>(static_cast<double>(Ratio::num) / static_cast<double>(Ratio::den));

}  // namespace ctnn::numeric
