// What a network promises whoever embeds it: no allocation, one model for many threads, an arena that may hold anything
// and is never left, memory of any alignment, the caller's floating-point mode.

#include <array>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <thread>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"

namespace {

// Of this thread only: Catch2 and the other threads allocate as they like.
thread_local std::size_t allocations = 0;

void* counted(std::size_t size, std::size_t alignment) {
  ++allocations;
  void* p = std::aligned_alloc(alignment, (size + alignment - 1) / alignment * alignment);
  if (p == nullptr) std::abort();
  return p;
}

}  // namespace

void* operator new(std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  return counted(size, static_cast<std::size_t>(alignment));
}
// every form that reaches free below: the sanitizers would serve one that is not replaced from memory of their own
void* operator new(std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size, alignof(std::max_align_t));
}
void* operator new[](std::size_t size) { return counted(size, alignof(std::max_align_t)); }
void* operator new[](std::size_t size, const std::nothrow_t&) noexcept {
  return counted(size, alignof(std::max_align_t));
}
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete[](void* p, const std::nothrow_t&) noexcept { std::free(p); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::align_val_t) noexcept { std::free(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { std::free(p); }

namespace nn = ctnn;

namespace {

using Seed = nn::Sequential<nn::Conv2d<5, nn::Kernel<3>>, nn::ReLU, nn::Conv2d<5, nn::Kernel<3>>, nn::ReLU, nn::Flatten,
                            nn::Linear<128>, nn::ReLU, nn::Linear<10>>;
using SeedModel = nn::Network<Seed, nn::Shape<28, 28, 1>>;

/// Every kind of step: planar and channels-last convolutions, borders, residuals in and out of place, joins, copies.
using Mixed = nn::Sequential<
    nn::Conv2d<7, nn::Kernel<3>, nn::Padding<1>>, nn::SiLU, nn::Conv2d<16, nn::Kernel<3>, nn::Padding<1>>, nn::ReLU,
    nn::Residual<nn::Sequential<nn::Conv2d<16, nn::Kernel<3>, nn::Padding<1>>, nn::BatchNorm2d<>, nn::ReLU,
                                nn::DepthwiseConv2d<nn::Kernel<5>, nn::Padding<2>>>>,
    nn::ReLU, nn::Residual<nn::Conv2d<16, nn::Kernel<3>, nn::Padding<1>>>, nn::MaxPool2d<nn::Kernel<2>>,
    nn::Split<nn::Identity, nn::PointwiseConv2d<8>>, nn::ChannelShuffle<2>,
    nn::Multiply<nn::Identity, nn::Sequential<nn::GlobalAvgPool2d, nn::PointwiseConv2d<16>, nn::Sigmoid>>,
    nn::Concat<nn::Conv2d<9, nn::Kernel<3>, nn::Groups<1>, nn::Padding<1>>, nn::PReLU<>>, nn::Flatten, nn::Tanh,
    nn::Linear<12>, nn::Softmax>;
using MixedModel = nn::Network<Mixed, nn::Shape<20, 20, 3>>;

template <class Tensor>
void fill(Tensor& numbers, std::uint32_t seed) {
  for (auto& x : numbers) {
    seed = seed * 1664525U + 1013904223U;
    x = static_cast<float>(seed >> 8U) / 16777216.0F - 0.5F;
  }
}

template <class Model>
std::unique_ptr<Model> make(std::uint32_t seed = 1) {
  nn::Weights<Model> weights;
  fill(weights.f32(), seed);
  for (std::size_t i = 0; i < Model::weight_count; ++i) {  // a variance is not negative
    const nn::WeightInfo& info = Model::weights[i];
    if (!info.name.view().ends_with("running_var")) continue;
    for (std::size_t k = 0; k < info.size; ++k) weights.f32()[info.offset + k] += 1.0F;
  }
  return nn::make_model<Model>(weights);
}

template <class T>
bool same_bits(const T& a, const T& b) {
  return std::memcmp(a.data(), b.data(), sizeof(a.elements)) == 0;
}

}  // namespace

TEMPLATE_TEST_CASE("running allocates nothing", "", SeedModel, MixedModel) {
  const auto model = make<TestType>();
  const auto arena = std::make_unique<typename TestType::Arena>();
  nn::Tensor<float, typename TestType::Input> x;
  nn::Tensor<float, typename TestType::Output> y;
  fill(x, 2);
  const std::size_t before = allocations;
  model->run(x, y, *arena);
  const auto z = (*model)(x);
  CHECK(allocations == before);
  CHECK(same_bits(y, z));
  REQUIRE(std::make_unique<int>(1));  // the counter counts
  CHECK(allocations > before);
}

TEMPLATE_TEST_CASE("eight threads share one model and get one thread's results", "", SeedModel, MixedModel) {
  using Image = nn::Tensor<float, typename TestType::Input>;
  using Answer = nn::Tensor<float, typename TestType::Output>;
  constexpr std::size_t threads = 8, images = 40;
  const auto model = make<TestType>();
  std::vector<Image> x(images);
  std::vector<Answer> expected(images);
  for (std::size_t i = 0; i < images; ++i) {
    fill(x[i], static_cast<std::uint32_t>(100 + i));
    expected[i] = (*model)(x[i]);
  }
  std::array<std::size_t, threads> wrong{}, allocated{};
  std::vector<std::thread> pool;
  for (std::size_t t = 0; t < threads; ++t) {
    pool.emplace_back([&, t] {
      const auto arena = std::make_unique<typename TestType::Arena>();
      const std::size_t before = allocations;
      for (std::size_t i = 0; i < images; ++i) {
        const std::size_t image = (i * 7 + t) % images;
        Answer y;
        model->run(x[image], y, *arena);
        if (!same_bits(y, expected[image])) ++wrong[t];
      }
      allocated[t] = allocations - before;
    });
  }
  for (std::thread& thread : pool) thread.join();
  CHECK(wrong == std::array<std::size_t, threads>{});
  CHECK(allocated == std::array<std::size_t, threads>{});
}

TEMPLATE_TEST_CASE("an arena may hold anything before a run and is not left", "", SeedModel, MixedModel,
                   (nn::Network<Mixed, nn::Shape<20, 20, 3>, nn::F32, nn::isa::Scalar>)) {
  struct Guarded {
    typename TestType::Arena arena;
    std::array<unsigned char, 256> guard;
  };
  const auto model = make<TestType>();
  nn::Tensor<float, typename TestType::Input> x;
  fill(x, 3);
  const auto untouched = x;
  const auto expected = (*model)(x);
  const auto guarded = std::make_unique<Guarded>();
  static_assert(sizeof(typename TestType::Arena) == TestType::arena_bytes);
  for (const int garbage : {0xFF, 0x00, 0x7F}) {  // not-a-number, zero, huge
    std::memset(static_cast<void*>(guarded.get()), garbage, sizeof(Guarded));
    nn::Tensor<float, typename TestType::Output> y;
    model->run(x, y, guarded->arena);
    CHECK(same_bits(y, expected));
    model->run(x, y, guarded->arena);  // and again on what the first run left
    CHECK(same_bits(y, expected));
    for (const unsigned char byte : guarded->guard) REQUIRE(byte == garbage);
  }
  CHECK(same_bits(x, untouched));
}

TEMPLATE_TEST_CASE("input and output may lie at any address", "", SeedModel, MixedModel) {
  const auto model = make<TestType>();
  nn::Tensor<float, typename TestType::Input> x;
  fill(x, 4);
  const auto expected = (*model)(x);
  const auto arena = std::make_unique<typename TestType::Arena>();
  for (std::size_t shift = 1; shift < 16; shift += 3) {
    std::vector<float> in(x.size() + shift + 1, std::numeric_limits<float>::quiet_NaN());
    std::vector<float> out(expected.size() + shift + 1, -7.0F);
    std::copy(x.begin(), x.end(), in.begin() + static_cast<std::ptrdiff_t>(shift));
    model->run(nn::View<const float, typename TestType::Input>{in.data() + shift},
               nn::View<float, typename TestType::Output>{out.data() + shift}, *arena);
    CHECK(std::memcmp(out.data() + shift, expected.data(), sizeof(float) * expected.size()) == 0);
    CHECK(out[shift - 1] == -7.0F);
    CHECK(out.back() == -7.0F);
  }
}

TEST_CASE("a run leaves the thread's treatment of denormal numbers as it was") {
  const auto model = make<SeedModel>();
  nn::Tensor<float, nn::Shape<28, 28, 1>> x;
  for (float& v : x) v = std::numeric_limits<float>::denorm_min();
  const auto y = (*model)(x);
  CHECK(y[0] == y[0]);
  volatile float smallest = std::numeric_limits<float>::min();
  CHECK(smallest / 2.0F != 0.0F);
}

TEST_CASE("Identity alone copies its input") {
  using Model = nn::Network<nn::Sequential<nn::Identity, nn::Dropout>, nn::Shape<3, 2, 2>>;
  const auto model = make<Model>();
  nn::Tensor<float, nn::Shape<3, 2, 2>> x;
  fill(x, 5);
  CHECK((*model)(x) == x);
}

TEST_CASE("weights are found by name, in natural order") {
  nn::Weights<SeedModel> weights;
  fill(weights.f32(), 6);
  const nn::WeightsView<SeedModel> view = weights;
  const auto [first, size] = view.get<"5.weight">();
  CHECK(size == 128 * 2880);
  CHECK(first == weights.f32().data() + 45 + 5 + 225 + 5);
}
