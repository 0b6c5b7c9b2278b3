/// One network on one instruction set behind a function pointer, so that what tests do with it is compiled once and not
/// for every network.
#pragma once

#include <cstddef>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/isa.hpp"

namespace golden {

struct Engine {
  std::string_view isa;
  std::size_t arena_bytes, inputs, outputs;
  void (*run)(const float* weights, const float* x, float* y, void* arena);
};

namespace detail {
template <class Model>
void run(const float* weights, const float* x, float* y, void* arena) {
  const auto model = std::make_unique<Model>(ctnn::WeightsView<Model>{weights, nullptr, nullptr});
  model->run(ctnn::View<const float, typename Model::Input>{x}, ctnn::View<float, typename Model::Output>{y},
             *static_cast<typename Model::Arena*>(arena));
}
}  // namespace detail

template <class Model>
inline constexpr Engine engine{Model::Isa::name, Model::arena_bytes, Model::Input::size, Model::Output::size,
                               detail::run<Model>};

/// The spec on scalars and the build's own instruction set.
template <class Spec, ctnn::AnyShape In>
std::vector<Engine> engines() {
  std::vector<Engine> all;
  [&]<class... Isa>(std::type_identity<std::tuple<Isa...>>) {
    const auto add = [&]<class I>(std::type_identity<I>) {
      if constexpr (is_own<I>) all.push_back(engine<ctnn::Network<Spec, In, ctnn::F32, I>>);
    };
    (add(std::type_identity<Isa>{}), ...);
  }(std::type_identity<EveryIsa>{});
  return all;
}

/// Bytes between guards, all of one value at first.
class GuardedMemory {
 public:
  GuardedMemory(std::size_t size, unsigned char filling)
      : size_{size}, bytes_{static_cast<unsigned char*>(::operator new(size + 2 * guard, alignment))} {
    std::memset(bytes_, guard_value, size + 2 * guard);
    std::memset(data(), filling, size);
  }
  GuardedMemory(const GuardedMemory&) = delete;
  GuardedMemory& operator=(const GuardedMemory&) = delete;
  ~GuardedMemory() { ::operator delete(bytes_, alignment); }

  [[nodiscard]] unsigned char* data() { return bytes_ + guard; }
  [[nodiscard]] bool guards_untouched() const {
    for (std::size_t i = 0; i < guard; ++i) {
      if (bytes_[i] != guard_value || bytes_[guard + size_ + i] != guard_value) return false;
    }
    return true;
  }

 private:
  static constexpr std::size_t guard = 256;
  static constexpr unsigned char guard_value = 0xA5;
  static constexpr std::align_val_t alignment{ctnn::alignment};
  std::size_t size_;
  unsigned char* bytes_;
};

/// Runs in the worst surroundings that are allowed: input and output not aligned, the arena full of not-a-number.
/// Checks that nothing but the output and the arena is written.
inline std::vector<float> run_guarded(const Engine& engine, const std::vector<float>& weights,
                                      const std::vector<float>& x) {
  constexpr std::size_t off = 1;  // floats off alignment
  std::vector<float> input(off + x.size());
  std::copy(x.begin(), x.end(), input.begin() + off);
  GuardedMemory output{(off + engine.outputs) * sizeof(float), 0xFF};
  GuardedMemory arena{engine.arena_bytes, 0xFF};
  auto* y = reinterpret_cast<float*>(output.data()) + off;
  engine.run(weights.data(), input.data() + off, y, arena.data());
  CHECK(arena.guards_untouched());
  CHECK(output.guards_untouched());
  CHECK(std::memcmp(input.data() + off, x.data(), x.size() * sizeof(float)) == 0);
  return {y, y + engine.outputs};
}

}  // namespace golden
