// Denormal floats are flushed while a network runs, and only then.
#include <limits>
#include <vector>

#include <ctnn/ctnn.hpp>
#include "catch.hpp"

namespace {

constexpr float smallest_normal = std::numeric_limits<float>::min();

/// Whether this thread computes with denormal numbers.
bool has_denormals() {
  volatile float x = smallest_normal;
  volatile float half = x / 2;
  return half != 0;
}

using Model = ctnn::Network<ctnn::Linear<5, ctnn::NoBias>, ctnn::Shape<3>>;
constexpr std::array<float, 15> weights = [] {
  std::array<float, 15> numbers{};
  numbers.fill(0.25F);
  return numbers;
}();

}  // namespace

TEST_CASE("a thread's denormal mode is the same after a run") {
  const Model model{ctnn::WeightsView<Model>{weights.data(), nullptr, nullptr}};
  const ctnn::Tensor<float, ctnn::Shape<3>> x{{1, 2, 3}};
  ctnn::Tensor<float, ctnn::Shape<5>> y;
  Model::Arena arena;
  REQUIRE(has_denormals());
  model.run(x, y, arena);
  CHECK(has_denormals());
  y = model(x);
  CHECK(has_denormals());
  CHECK(y[0] == 1.5F);
#if defined(__SSE2__) || defined(__aarch64__)
  {
    const ctnn::simd::FlushDenormals flush;
    CHECK_FALSE(has_denormals());
    model.run(x, y, arena);
    CHECK_FALSE(has_denormals());
  }
  CHECK(has_denormals());
#endif
}

#if defined(__SSE2__) || defined(__aarch64__)
TEST_CASE("denormal results are zero") {
  volatile float tiny = smallest_normal;  // not known to the compiler, which computes with denormals
  const auto numbers = std::vector<float>(15, smallest_normal / tiny / 4);
  const auto model = ctnn::make_model<Model>(ctnn::WeightsView<Model>{numbers.data(), nullptr, nullptr});
  const ctnn::Tensor<float, ctnn::Shape<3>> x{{tiny, tiny, tiny}};
  CHECK((*model)(x) == ctnn::Tensor<float, ctnn::Shape<5>>{});
}
#endif
