/// A network on the build's own instruction set, against the scalar kernels.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"

/// `operations`: roundings in an output's history.
template <class Spec, class In>
void instruction_sets_agree(double operations) {
  using Model = ctnn::Network<Spec, In, ctnn::F32, ctnn::isa::Scalar>;
  const auto weights = golden::weights_of<Model>();
  const auto x = golden::input_of(In::size);
  const auto all = golden::engines<Spec, In>();
  const auto expected = golden::run_guarded(all[0], weights, x);
  double largest = 0.0;
  for (const float y : expected) largest = std::max(largest, std::abs(static_cast<double>(y)));
  REQUIRE(largest > 0);
  // as in the layers' tests: c * eps * sqrt(operations), c = 2, of the largest output
  const double tolerance =
      2.0 * static_cast<double>(std::numeric_limits<float>::epsilon()) * std::sqrt(operations) * largest;
  for (const golden::Engine& engine : all) {
    INFO(engine.isa);
    const auto y = golden::run_guarded(engine, weights, x);
    std::size_t wrong = 0;
    for (std::size_t i = 0; i < y.size(); ++i) {
      const double error = std::abs(static_cast<double>(y[i]) - static_cast<double>(expected[i]));
      if (!(error <= tolerance)) ++wrong;  // not a number is wrong too
    }
    CHECK(wrong == 0);
  }
}
