/// Networks of integers, in whole or in part, on the build's own instruction sets against `Model::Reference`: the
/// same bytes.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"
#include "golden/engine.hpp"
#include "golden/numbers.hpp"
#include "runtime/kernels/numbers.hpp"

namespace byte_networks {

/// Natural weights, by element type.
struct Arrays {
  std::vector<float> f32;
  std::vector<std::int8_t> i8;
  std::vector<std::int32_t> i32;
};

/// Scales that are any numbers, or powers of two: then sums in float are exact, whatever their order, and networks with
/// floating-point parts have the same results everywhere too.
enum class Scales { any, powers_of_two };

/// Numbers for a model's weights. `middle`: of the activations' integers.
inline Arrays arrays_of(const ctnn::WeightInfo* infos, std::size_t count, Scales scales, std::int32_t middle) {
  Arrays all;
  const bool any = scales == Scales::any;
  for (std::size_t n = 0; n < count; ++n) {
    const ctnn::WeightInfo& info = infos[n];
    const std::string_view name = info.name.view();
    const auto random = [&](std::size_t i) { return kernel_tests::bits(i, static_cast<std::uint32_t>(n)); };
    for (std::size_t i = 0; i < info.size; ++i) {
      if (info.type == ctnn::ElementType::i8) {
        all.i8.push_back(static_cast<std::int8_t>(static_cast<std::int32_t>(random(i) % 255) - 127));
      } else if (name.ends_with("zero_point")) {
        all.i32.push_back(middle + static_cast<std::int32_t>(random(i) % 81) - 40);
      } else if (info.type == ctnn::ElementType::i32) {
        all.i32.push_back(static_cast<std::int32_t>(random(i) % 4001) - 2000);
      } else if (name.ends_with("weight_scale")) {
        all.f32.push_back(any ? 0.001F + 0.0003F * static_cast<float>(i % 5) : 0x1p-9F);
      } else if (name.ends_with("scale")) {
        all.f32.push_back(any ? 0.031F + 0.007F * static_cast<float>(n % 3) : 0x1p-5F);
      } else {
        all.f32.push_back(any ? golden::weight(info, static_cast<std::uint32_t>(n), i)
                              : static_cast<float>(static_cast<std::int32_t>(random(i) % 5) - 2) / 4.0F);
      }
    }
  }
  return all;
}

/// A network behind a function pointer.
struct Engine {
  std::string_view isa;
  std::size_t arena_bytes, input_bytes, output_bytes;
  void (*run)(const Arrays& weights, const void* x, void* y, void* arena);
};

template <class Model>
using OutputElement = typename decltype(std::declval<const Model&>()(
    std::declval<ctnn::View<const typename Model::Element, typename Model::Input>>()))::Element;

template <class Model>
void run(const Arrays& weights, const void* x, void* y, void* arena) {
  using T = typename Model::Element;
  using U = OutputElement<Model>;
  const auto model =
      ctnn::make_model<Model>(ctnn::WeightsView<Model>{weights.f32.data(), weights.i8.data(), weights.i32.data()});
  model->run(ctnn::View<const T, typename Model::Input>{static_cast<const T*>(x)},
             ctnn::View<U, typename Model::Output>{static_cast<U*>(y)}, *static_cast<typename Model::Arena*>(arena));
}

template <class Model>
inline constexpr Engine engine{Model::Isa::name, Model::arena_bytes,
                               Model::Input::size * sizeof(typename Model::Element),
                               Model::Output::size * sizeof(OutputElement<Model>), run<Model>};

/// Runs with an input of exactly its bytes (the address sanitizer sees a step beyond), into memory between guards, all
/// of it full of a pattern.
inline std::vector<unsigned char> output_of(const Engine& engine, const Arrays& weights,
                                            const std::vector<unsigned char>& x) {
  const std::unique_ptr<unsigned char[]> input{new unsigned char[x.size()]};
  std::copy(x.begin(), x.end(), input.get());
  golden::GuardedMemory output{engine.output_bytes, 0xFF}, arena{engine.arena_bytes, 0xFF};
  engine.run(weights, input.get(), output.data(), arena.data());
  CHECK(output.guards_untouched());
  CHECK(arena.guards_untouched());
  return {output.data(), output.data() + engine.output_bytes};
}

inline void check(const std::vector<Engine>& engines, const Engine& reference, const Arrays& weights,
                  const std::vector<unsigned char>& x) {
  const auto expected = output_of(reference, weights, x);
  // bytes that differ among each other: a network that saturates everywhere would hide what is wrong
  CHECK(std::count(expected.begin(), expected.end(), expected[0]) < static_cast<std::ptrdiff_t>(expected.size()));
  for (const Engine& engine : engines) {
    INFO(engine.isa);
    CHECK(output_of(engine, weights, x) == expected);
  }
}

/// The network on the build's own instruction set.
template <class Spec, class In, class N>
void check(Scales scales = Scales::any) {
  using Reference = ctnn::Network<Spec, In, N, ctnn::isa::Scalar>;
  using T = typename Reference::Element;
  std::vector<Engine> engines;
  if constexpr (ctnn::isa::Native::lanes > 1) engines.push_back(engine<ctnn::Network<Spec, In, N>>);
  const auto weights =
      arrays_of(Reference::weights.data(), Reference::weight_count, scales, std::is_same_v<N, ctnn::UInt8> ? 128 : 0);
  for (std::uint32_t seed = 100; seed < 104; ++seed) {
    std::vector<unsigned char> x(In::size * sizeof(T));
    for (std::size_t i = 0; i < In::size; ++i) {
      T element{};
      if constexpr (std::is_same_v<T, float>) {
        element = static_cast<float>(static_cast<std::int32_t>(kernel_tests::bits(i, seed) % 65) - 32) / 16.0F;
      } else {
        element = static_cast<T>(kernel_tests::bits(i, seed));
      }
      std::memcpy(x.data() + i * sizeof(T), &element, sizeof(T));
    }
    check(engines, engine<Reference>, weights, x);
  }
}

}  // namespace byte_networks
