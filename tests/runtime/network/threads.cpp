// One model, many threads.
#include <thread>
#include <vector>

#include "catch.hpp"
#include "golden/numbers.hpp"
#include "samples.hpp"

TEMPLATE_LIST_TEST_CASE("eight threads share a model; each result is one thread's, to the bit", "", samples::All) {
  using Model = ctnn::Network<typename TestType::Spec, typename TestType::Input>;
  using Input = ctnn::Tensor<float, typename Model::Input>;
  using Output = ctnn::Tensor<float, typename Model::Output>;
  constexpr std::size_t threads = 8, inputs = 16, rounds = 4;
  const auto weights = golden::weights_of<Model>();
  const auto model = ctnn::make_model(ctnn::WeightsView<Model>{weights.data(), nullptr, nullptr});

  std::vector<Input> x(inputs);
  std::vector<Output> expected(inputs);
  for (std::size_t n = 0; n < inputs; ++n) {
    for (std::size_t i = 0; i < Input::size(); ++i) x[n][i] = golden::number(static_cast<std::uint32_t>(n), i);
    expected[n] = (*model)(x[n]);
  }
  std::vector<std::size_t> different(threads, 0);
  std::vector<std::thread> team;
  for (std::size_t t = 0; t < threads; ++t) {
    team.emplace_back([&, t] {
      typename Model::Arena arena;
      Output y;
      for (std::size_t n = 0; n < rounds * inputs; ++n) {
        const std::size_t which = (n + t) % inputs;  // no two threads at the same input
        model->run(x[which], y, arena);
        if (y != expected[which]) ++different[t];
      }
    });
  }
  for (std::thread& thread : team) thread.join();
  CHECK(different == std::vector<std::size_t>(threads, 0));
}
