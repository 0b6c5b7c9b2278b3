/// Activation functions as function objects, written once for floats and for vectors of floats.
/// How exact they are, is stated in units in the last place (ulp) of the exact result, on every instruction set (the
/// standard library's functions, which isa::Scalar uses, taken as glibc's). Results smaller than 2^-125.5 may be 0.
/// ops is what one evaluation counts in Cost::elementwise_ops: one per operation of the formula, an exponential as one.
#pragma once

#include <cstddef>
#include <limits>
#include <type_traits>

#include <ctnn/core/config.hpp>
#include <ctnn/numeric/format.hpp>
#include <ctnn/numeric/math.hpp>
#include <ctnn/simd/half.hpp>
#include <ctnn/simd/math.hpp>
#include <ctnn/simd/vector.hpp>

namespace ctnn::kernels {

/// f(x) = x
struct Linear {
  static constexpr std::size_t ops = 0;
  template <class V>
  constexpr V operator()(V x) const {
    return x;
  }
};

/// f(x) = min(max(x, lower), upper), the bounds as std::ratio. Not-a-number stays.
template <class Lower, class Upper>
struct Clamp {
  static constexpr std::size_t ops = 2;
  static constexpr float lower = numeric::value_of<Lower>, upper = numeric::value_of<Upper>;
  template <class V>
  constexpr V operator()(V x) const {
    return simd::min(V(upper), simd::max(V(lower), x));
  }
};

/// f(x) = max(x, 0). Not-a-number stays.
struct Rectify {
  static constexpr std::size_t ops = 1;
  static constexpr float lower = 0.0F, upper = std::numeric_limits<float>::infinity();
  template <class V>
  constexpr V operator()(V x) const {
    return simd::max(V(0.0F), x);
  }
};

/// f(x) = x < 0 ? slope * x : x, the slope as a std::ratio.
template <class Slope>
struct LeakyRectify {
  static constexpr std::size_t ops = 2;
  static constexpr float slope = numeric::value_of<Slope>;
  template <class V>
  constexpr V operator()(V x) const {
    return simd::if_negative(x, x * V(slope), x);
  }
};

/// f(x) = 1 / (1 + e^-x), within 3 ulp.
struct Logistic {
  static constexpr std::size_t ops = 4;
  static constexpr Range range{0.0F, 1.0F};
  template <class V>
  constexpr V operator()(V x) const {
    return simd::divide(V(1.0F), simd::one_plus_exp_of_negative(x));
  }
};

/// f(x) = tanh(x), within 3.5 ulp.
struct HyperbolicTangent {
  static constexpr std::size_t ops = 1;
  static constexpr Range range{-1.0F, 1.0F};
  template <class V>
  constexpr V operator()(V x) const {
    return simd::tanh(x);
  }
};

/// f(x) = clamp(x / 6 + 1 / 2, 0, 1), arXiv 1905.02244
struct HardLogistic {
  static constexpr std::size_t ops = 4;
  static constexpr Range range{0.0F, 1.0F};
  template <class V>
  constexpr V operator()(V x) const {
    return simd::min(V(1.0F), simd::max(V(0.0F), x * V(1.0F / 6.0F) + V(0.5F)));
  }
};

/// f(x) = x * clamp(x + 3, 0, 6) / 6, arXiv 1905.02244
struct HardSwish {
  static constexpr std::size_t ops = 5;
  template <class V>
  constexpr V operator()(V x) const {
    return x * simd::min(V(6.0F), simd::max(V(0.0F), x + V(3.0F))) * V(1.0F / 6.0F);
  }
};

/// f(x) = x / (1 + e^-x), arXiv 1702.03118, within 3 ulp; below -88.7, where it is -3e-37, 0, and at -infinity not a
/// number.
struct SigmoidLinear {
  static constexpr std::size_t ops = 4;
  template <class V>
  constexpr V operator()(V x) const {
    return simd::divide(x, simd::one_plus_exp_of_negative(x));
  }
};

/// f(x) = x * Phi(x) = x / 2 * (1 + erf(x / sqrt(2))), arXiv 1606.08415, for x >= -1 within 3.5 ulp, for x >= -5.5
/// within 60, and below within 1e-10.
struct GaussianErrorLinear {
  static constexpr std::size_t ops = 5;
  template <class V>
  constexpr V operator()(V x) const {
    // For x < 0 not by 1 + erf, which cancels. Further out than 14.5 there is no tail, and infinity times 0 is no
    // number.
    const V distance = simd::min(V(14.5F), simd::abs(x));
    return simd::fma(V(-0.5F) * distance, simd::normal_tails(distance), simd::max(V(0.0F), x));
  }
};

/// f(x) = x / 2 * (1 + tanh(sqrt(2 / pi) * (x + 0.044715 x^3))), arXiv 1606.08415, as exact as GaussianErrorLinear; at
/// -infinity not a number.
struct GaussianErrorLinearByTanh {
  static constexpr std::size_t ops = 9;
  template <class V>
  constexpr V operator()(V x) const {
    // (1 + tanh(u)) / 2 = 1 / (1 + e^-2u); the constants are 2 sqrt(2 / pi), and 0.044715 times that
    return simd::divide(x, simd::one_plus_exp_of_negative(x * simd::fma(V(0.0713548163F), x * x, V(1.59576912F))));
  }
};

/// f(x) = x < 0 ? alpha * (e^x - 1) : x, alpha as a std::ratio, arXiv 1511.07289, within 2 ulp if alpha is a power of
/// two.
template <class Alpha>
struct ExponentialLinear {
  static constexpr std::size_t ops = 3;
  template <class V>
  constexpr V operator()(V x) const {
    return simd::if_negative(x, V(numeric::value_of<Alpha>) * simd::expm1(x), x);  // of x > 88, not a result
  }
};

/// Functions that only bound their argument: what integer formats fuse as a clamp.
template <class F>
concept ClampFunction = requires {
  F::lower;
  F::upper;
};

/// f(x) of a vector: of halves as of floats, if it does not only choose between numbers.
template <class F, class V>
CTNN_ALWAYS_INLINE V applied(const V& x) {
#ifdef __AVX512FP16__
  if constexpr (std::is_same_v<V, simd::HalfVector> && !ClampFunction<F> && !std::is_same_v<F, Linear>) {
    const simd::HalvesAsFloats floats{x};
    return simd::HalvesAsFloats{F{}(floats.low), F{}(floats.high)}.rounded();
  } else
#endif
  {
    return F{}(x);
  }
}

/// Functions that multiply negative arguments.
template <class F>
concept LeakyFunction = requires {
  F::slope;
};
/// Functions whose results' range is known, and with it their quantization in integer formats.
template <class F>
concept RangedFunction = requires {
  F::range;
};

}  // namespace ctnn::kernels
