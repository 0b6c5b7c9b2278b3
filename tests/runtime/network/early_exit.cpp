// A network that may end early is, at every exit, the network that ends there.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <memory>
#include <ratio>
#include <type_traits>
#include <utility>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"

namespace nn = ctnn;

namespace {

/// Sure where the answer's first element is above a number of thousandths.
template <int thousandths>
struct Above {
  template <class S>
  constexpr bool operator()(nn::View<const float, S> answer) const {
    return 1000.0F * answer[0] > static_cast<float>(thousandths);
  }
};

using Block = nn::Sequential<nn::Conv2d<6, nn::Kernel<3>, nn::Padding<1>>, nn::ReLU>;
using Last = nn::Sequential<nn::Conv2d<5, nn::Kernel<3>, nn::Padding<1>>, nn::ReLU>;
using Head = nn::Sequential<nn::GlobalAvgPool2d, nn::Flatten, nn::Linear<3>>;
using In = nn::Shape<7, 9, 3>;

constexpr int first_bar = -560, second_bar = 395;  // about a third of the inputs leave at each
using Exits = nn::Sequential<Block, nn::EarlyExit<Head, Above<first_bar>>, nn::Residual<Block>,
                             nn::EarlyExit<Head, Above<second_bar>>, Last, Head>;
// the same parameters at the same positions
using UpToFirst = nn::Sequential<Block, Head>;
using UpToSecond = nn::Sequential<Block, nn::Identity, nn::Residual<Block>, Head>;
using ToTheEnd = nn::Sequential<Block, nn::Identity, nn::Residual<Block>, nn::Identity, Last, Head>;

template <class Isa>
using Model = nn::Network<Exits, In, nn::F32, Isa>;

float number(std::size_t i, std::size_t seed) {
  return static_cast<float>((i * 37 + seed * 53 + 11) % 101) / 101.0F - 0.5F;
}

/// The weights that a part has of the whole network: its names are among the whole's.
template <class Part, class Whole>
nn::Weights<Part> shared(const std::vector<float>& whole) {
  nn::Weights<Part> part;
  for (std::size_t i = 0; i < Part::weight_count; ++i) {
    const nn::WeightInfo& to = Part::weights[i];
    std::size_t k = 0;
    while (k < Whole::weight_count && Whole::weights[k].name.view() != to.name.view()) ++k;
    REQUIRE(k < Whole::weight_count);
    const nn::WeightInfo& from = Whole::weights[k];
    std::copy_n(whole.begin() + static_cast<std::ptrdiff_t>(from.offset), to.size,
                part.f32().begin() + static_cast<std::ptrdiff_t>(to.offset));
  }
  return part;
}

template <class Model>
auto run(const Model& model, const nn::Tensor<float, In>& x) {
  nn::Tensor<float, nn::Shape<3>> y;
  const auto arena = std::make_unique<typename Model::Arena>();
  const std::size_t exit = model.run(x, y, *arena);
  return std::pair{exit, y};
}

bool close(const nn::Tensor<float, nn::Shape<3>>& a, const nn::Tensor<float, nn::Shape<3>>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), [](float x, float y) { return std::abs(x - y) <= 1e-5F; });
}

}  // namespace

TEMPLATE_TEST_CASE("at every exit a network is the network that ends there", "", nn::isa::Native, nn::isa::Scalar) {
  using Whole = Model<TestType>;
  nn::Weights<Whole> weights;
  for (std::size_t i = 0; i < weights.f32().size(); ++i) weights.f32()[i] = number(i, 0);
  const Whole whole{weights};
  const auto part = [&]<class Spec>(std::type_identity<Spec>) {
    using Part = nn::Network<Spec, In, nn::F32, TestType>;
    return Part{shared<Part, Whole>(weights.f32())};
  };
  const auto first = part(std::type_identity<UpToFirst>{});
  const auto second = part(std::type_identity<UpToSecond>{});
  const auto last = part(std::type_identity<ToTheEnd>{});

  typename Whole::ExitCounts counts{};
  for (std::size_t n = 0; n < 60; ++n) {
    nn::Tensor<float, In> x;
    for (std::size_t i = 0; i < x.size(); ++i) x[i] = number(i * i + n * n, n) * number(n, 7 * n) * 8.0F;
    const auto [exit, y] = run(whole, x);
    ++counts[exit];
    const auto y1 = run(first, x).second, y2 = run(second, x).second, y3 = run(last, x).second;
    const std::size_t expected = 1000.0F * y1[0] > static_cast<float>(first_bar)    ? 0
                                 : 1000.0F * y2[0] > static_cast<float>(second_bar) ? 1
                                                                                    : 2;
    CHECK(exit == expected);
    CHECK(close(y, expected == 0 ? y1 : expected == 1 ? y2 : y3));
  }
  // all three ways were taken
  CHECK(counts[0] != 0);
  CHECK(counts[1] != 0);
  CHECK(counts[2] != 0);
}

TEST_CASE("confidence is the softmax's largest element") {
  using Four = nn::Shape<4>;
  using View = nn::View<const float, Four>;
  const auto sure = [](const nn::Tensor<float, Four>& answer) {
    return nn::Confidence<std::ratio<9, 10>>{}(View{answer.data()});
  };
  // e^x / (e^x + 3) is 0.9 at x = ln 27 = 3.29584
  CHECK(sure({3.2959F, 0, 0, 0}));
  CHECK_FALSE(sure({3.2957F, 0, 0, 0}));
  CHECK(sure({1000, 1000 - 3.297F, 1000 - 3.297F, 1000 - 3.297F}));  // no overflow
  CHECK_FALSE(sure({-1000, -1000, -1000, -1000}));
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK_FALSE(sure({nan, 0, 0, 0}));
  CHECK_FALSE(sure({100, 0, nan, 0}));
  CHECK(nn::Confidence<std::ratio<1, 4>>{}(View{nn::Tensor<float, Four>{}.data()}));
}
