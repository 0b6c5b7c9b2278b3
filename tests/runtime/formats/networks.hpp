/// Networks whose weights are integer words: on every instruction set what the scalar kernels give, whether weights are
/// unpacked once (several tiles of pixels), at every step (one, or more weights than are worth it), summed by groups
/// (fully connected) or few and kept as floats (depthwise).
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <type_traits>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"

namespace word_networks {

using namespace ctnn;

template <class Spec, class In, NumberFormat N, class Isa>
std::vector<float> run(const Weights<Network<Spec, In>>& weights, const std::vector<float>& x) {
  using Model = Network<Spec, In, N, Isa>;
  const auto model = make_model<Model>(weights);
  const auto arena = std::make_unique<typename Model::Arena>();
  std::vector<float> y(Model::Output::size);
  model->run(View<const float, In>{x.data()}, View<float, typename Model::Output>{y.data()}, *arena);
  return y;
}

template <NumberFormat N, class Spec, class In>
void check(double operations) {
  Weights<Network<Spec, In>> weights;
  for (std::size_t i = 0; i < weights.f32().size(); ++i) weights.f32()[i] = golden::number(1, i) / 4;
  std::vector<float> x(In::size);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = golden::number(2, i);
  const auto expected = run<Spec, In, N, isa::Scalar>(weights, x);
  float largest = 0.0F;
  for (const float y : expected) largest = std::max(largest, std::abs(y));
  REQUIRE(largest > 0);
  const float tolerance =
      2 * std::numeric_limits<float>::epsilon() * std::sqrt(static_cast<float>(operations)) * largest;
  const auto on = [&]<class Isa>(std::type_identity<Isa>) {
    if constexpr (golden::tested<Isa>) {
      INFO(N::name.view() << " on " << Isa::name);
      const auto y = run<Spec, In, N, Isa>(weights, x);
      CHECK(std::equal(y.begin(), y.end(), expected.begin(),
                       [&](float a, float b) { return std::abs(a - b) <= tolerance; }));
    }
  };
  on(std::type_identity<isa::Sse2>{});
  on(std::type_identity<isa::Avx2>{});
  on(std::type_identity<isa::Avx512>{});
  on(std::type_identity<isa::Neon>{});
}

/// Convolutions of several tiles, with windows and without, in groups and with a residual; then one of a single pixel.
using Small = Sequential<Conv2d<24, Kernel<3>, Stride<2>, Padding<1>>, ReLU, DepthwiseConv2d<Kernel<3>, Padding<1>>,
                         Conv2d<40>, ReLU, Residual<Conv2d<40, Kernel<3>, Padding<1>>>, Conv2d<24, Groups<2>>,
                         AvgPool2d<Kernel<10>>, Conv2d<20>, ReLU, Flatten, Linear<33>>;
/// More weights in a block than are unpacked.
using Large = Sequential<Conv2d<64, Kernel<3>, Padding<1>>, GlobalAvgPool2d, Flatten, Linear<5>>;

template <NumberFormat N>
void check() {
  check<N, Small, Shape<21, 19, 3>>(27 + 24 + 9 + 360 + 20 + 100 + 24 + 20);
  check<N, Large, Shape<3, 9, 256>>(9 * 256 + 27 + 64);
}

}  // namespace word_networks
