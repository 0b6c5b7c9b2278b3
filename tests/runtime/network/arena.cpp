// What a run may touch, and what it may depend on.
#include <algorithm>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"
#include "samples.hpp"

namespace {

using golden::Engine;

/// Calls body(engine, weights, input) for a sample on scalars and the build's own instruction set.
template <class Sample, class Body>
void for_engines(Body body) {
  using Model = ctnn::Network<typename Sample::Spec, typename Sample::Input, ctnn::F32, ctnn::isa::Scalar>;
  const auto weights = golden::weights_of<Model>();
  const auto x = golden::input_of(Sample::Input::size);
  for (const Engine& engine : golden::engines<typename Sample::Spec, typename Sample::Input>()) {
    INFO(engine.isa);
    body(engine, weights, x);
  }
}
std::vector<float> run(const Engine& engine, const std::vector<float>& weights, const std::vector<float>& x,
                       void* arena) {
  std::vector<float> y(engine.outputs);
  engine.run(weights.data(), x.data(), y.data(), arena);
  return y;
}

}  // namespace

TEMPLATE_LIST_TEST_CASE("a run writes its output and its arena, and nothing else", "", samples::All) {
  for_engines<TestType>([](const auto& engine, const auto& weights, const auto& x) {
    golden::run_guarded(engine, weights, x);  // checks
  });
}

TEMPLATE_LIST_TEST_CASE("a run does not depend on what the arena holds", "", samples::All) {
  for_engines<TestType>([](const Engine& engine, const auto& weights, const auto& x) {
    golden::GuardedMemory zeros{engine.arena_bytes, 0}, garbage{engine.arena_bytes, 0xFF};
    const auto y = run(engine, weights, x, zeros.data());
    CHECK(std::none_of(y.begin(), y.end(), [](float value) { return value != value; }));
    CHECK(run(engine, weights, x, garbage.data()) == y);
    CHECK(run(engine, weights, x, garbage.data()) == y);  // as the run before left it
    const auto other = golden::input_of(x.size(), true);
    CHECK(run(engine, weights, other, garbage.data()) != y);
    CHECK(run(engine, weights, x, garbage.data()) == y);  // as another input's run left it
  });
}

TEMPLATE_LIST_TEST_CASE("an arena is as large as the plan's peak: its last cache line is used", "", samples::All) {
  for_engines<TestType>([](const Engine& engine, const auto& weights, const auto& x) {
    golden::GuardedMemory arena{engine.arena_bytes, 0xFF};
    run(engine, weights, x, arena.data());
    const auto* last = arena.data() + engine.arena_bytes;
    CHECK(engine.arena_bytes % ctnn::alignment == 0);
    CHECK(std::any_of(last - ctnn::alignment, last, [](unsigned char byte) { return byte != 0xFF; }));
  });
}
