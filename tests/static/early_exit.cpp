// A network that may end early: shapes, names, costs at every exit.
#include <ctnn/ctnn.hpp>

namespace nn = ctnn;

namespace {

using Head = nn::Sequential<nn::GlobalAvgPool2d, nn::Flatten, nn::Linear<3>>;
using Exits = nn::Sequential<nn::PointwiseConv2d<4>, nn::EarlyExit<Head>, nn::PointwiseConv2d<8>,
                             nn::Named<"second", nn::EarlyExit<Head>>, nn::PointwiseConv2d<16>, Head>;
using Model = nn::Network<Exits, nn::Shape<8, 8, 2>>;
using Plain = nn::Network<nn::Sequential<nn::PointwiseConv2d<4>, nn::PointwiseConv2d<8>, nn::PointwiseConv2d<16>, Head>,
                          nn::Shape<8, 8, 2>>;

static_assert(Plain::exit_count == 0);
static_assert(Plain::expected_cost({5}) == Plain::cost);

// The worst case computes every head.
static_assert(Model::cost.macs == Plain::cost.macs + 4 * 3 + 8 * 3);
static_assert(Model::cost.params == Plain::cost.params + 5 * 3 + 9 * 3);
// What comes after an exit reads what came before it.
static_assert(Model::cost_of("2").macs == 64 * 4 * 8);

static_assert(Model::exit_count == 2);
static_assert(Model::exits[0].path.view() == "1" && Model::exits[1].path.view() == "second");
static_assert(Model::exits[0].cost.macs == 64 * 2 * 4 + 4 * 3);
static_assert(Model::exits[1].cost.macs == 64 * (2 * 4 + 4 * 8) + 4 * 3 + 8 * 3);
static_assert(Model::weights[2].name.view() == "1.2.weight");
static_assert(Model::weights[6].name.view() == "second.2.weight");

// Expected cost: the mean over the inputs, by where they left.
static_assert(Model::expected_cost({1, 0, 0}).macs == Model::exits[0].cost.macs);
static_assert(Model::expected_cost({0, 7, 0}).memory_access == Model::exits[1].cost.memory_access);
static_assert(Model::expected_cost({0, 0, 3}) == Model::cost);
static_assert(Model::expected_cost({0, 0, 0}) == Model::cost);
static_assert(Model::expected_cost({50, 30, 20}).macs ==
              (50 * Model::exits[0].cost.macs + 30 * Model::exits[1].cost.macs + 20 * Model::cost.macs + 50) / 100);
static_assert(Model::expected_cost({50, 30, 20}).params == Model::cost.params);

// An exit in a constant expression.
struct Always {
  constexpr bool operator()(nn::View<const float, nn::Shape<2>> answer) const { return answer[0] > 1.0F; }
};
using Small = nn::Network<nn::Sequential<nn::EarlyExit<nn::Identity, Always>, nn::Linear<2>>, nn::Shape<2>>;
constexpr float numbers[] = {10, 0, 0, 10, 5, 5};
constexpr Small::Reference small{nn::WeightsView<Small>{numbers}};
static_assert(small(nn::Tensor<float, nn::Shape<2>>{2, 3})[1] == 3.0F);  // left at once: the input itself
static_assert(small(nn::Tensor<float, nn::Shape<2>>{1, 3})[1] == 35.0F);

}  // namespace
