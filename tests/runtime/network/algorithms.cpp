// Networks whose convolutions are told which algorithm to use.
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"

namespace nn = ctnn;

namespace {

template <class... Options>
using Same = nn::Conv2d<24, nn::Kernel<3>, nn::Padding<1>, Options...>;
// A chain, a folded batch norm, a fused residual that lies in place, and layouts that other layers give.
template <class... Options>
using Spec = nn::Sequential<
    Same<Options...>, nn::BatchNorm2d<>, nn::ReLU,
    nn::Residual<nn::Sequential<Same<Options...>, nn::BatchNorm2d<>, nn::ReLU, Same<Options...>, nn::BatchNorm2d<>>>,
    nn::ReLU, nn::MaxPool2d<nn::Kernel<2>, nn::Stride<1>>, Same<Options...>, nn::Tanh,
    nn::Conv2d<5, nn::Kernel<3>, Options...>, nn::Flatten, nn::Linear<7>>;
using Input = nn::Shape<13, 11, 3>;

/// The largest difference from the scalar reference, relative to the largest output.

double error_on(const golden::Engine& engine) {
  using Model = nn::Network<Spec<>, Input>;
  const auto weights = golden::weights_of<Model>();
  const auto x = golden::input_of(Input::size);
  const auto exact = golden::run_guarded(golden::engine<typename Model::Reference>, weights, x);
  const auto y = golden::run_guarded(engine, weights, x);
  double largest = 0.0, error = 0.0;
  for (std::size_t i = 0; i < y.size(); ++i) {
    largest = std::max(largest, std::abs(static_cast<double>(exact[i])));
    const double difference = std::abs(static_cast<double>(y[i]) - static_cast<double>(exact[i]));
    if (!(difference <= error)) error = difference;
  }
  return error / largest;
}
template <nn::Algorithm algorithm>
void check() {
  using Told = Spec<nn::Use<algorithm>>;
  for (const golden::Engine& engine : golden::engines<Told, Input>()) {
    INFO(nn::kernels::name_of(algorithm) << " on " << engine.isa);
    CHECK(error_on(engine) < 5 * 1e-5);  // five convolutions, 1e-5 each at most
  }
}

}  // namespace

TEST_CASE("a network computes the same with any algorithm") {
  check<nn::Algorithm::direct>();
  check<nn::Algorithm::winograd2>();
  check<nn::Algorithm::winograd4>();
  check<nn::Algorithm::fft>();
}

TEST_CASE("a convolution runs with the algorithm it is told to use") {
  using nn::isa::Native;
  if constexpr (Native::lanes > 1) {
    CHECK(nn::Network<Spec<nn::Use<nn::Algorithm::direct>>, Input>::algorithm_of(0) == "direct");
    CHECK(nn::Network<Spec<nn::Use<nn::Algorithm::winograd2>>, Input>::algorithm_of(0) == "winograd2");
    CHECK(nn::Network<Spec<nn::Use<nn::Algorithm::winograd4>>, Input>::algorithm_of(0) == "winograd4");
    CHECK(nn::Network<Spec<nn::Use<nn::Algorithm::fft>>, Input>::algorithm_of(0) == "fft");
  }
  CHECK(nn::Network<Spec<nn::Use<nn::Algorithm::winograd4>>, Input>::Reference::algorithm_of(0) == "reference");
}
