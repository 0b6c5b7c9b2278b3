// Every allocation of this executable is counted; running a network makes none.
#include <atomic>
#include <cstdlib>
#include <new>

#include "catch.hpp"
#include "golden/numbers.hpp"
#include "samples.hpp"

namespace {

std::atomic<std::size_t> allocations{0};

void* allocate(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* memory = std::aligned_alloc(alignment, (size + alignment) / alignment * alignment);
  if (memory == nullptr) throw std::bad_alloc{};
  return memory;
}
constexpr std::size_t ordinary = alignof(std::max_align_t);

}  // namespace

void* operator new(std::size_t size) { return allocate(size, ordinary); }
void* operator new[](std::size_t size) { return allocate(size, ordinary); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void* operator new[](std::size_t size, std::align_val_t alignment) {
  return allocate(size, static_cast<std::size_t>(alignment));
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete[](void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
void operator delete[](void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }

TEST_CASE("the counter counts") {
  const std::size_t before = allocations;
  const auto memory = std::make_unique<std::vector<int>>(100);
  CHECK(allocations - before == 2);
}

TEMPLATE_LIST_TEST_CASE("packing and running allocate nothing", "", samples::All) {
  using Model = ctnn::Network<typename TestType::Spec, typename TestType::Input>;
  const auto weights = golden::weights_of<Model>();
  ctnn::Tensor<float, typename Model::Input> x;
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = golden::number(golden::input_seed, i);
  typename Model::Arena arena;
  ctnn::Tensor<float, typename Model::Output> y;

  const std::size_t before = allocations;
  const Model model{ctnn::WeightsView<Model>{weights.data(), nullptr, nullptr}};
  model.run(x, y, arena);
  const bool same = model(x) == y;
  const std::size_t after = allocations;
  CHECK(after == before);
  CHECK(same);
}
