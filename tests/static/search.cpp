// Choices under a budget: what is within it, what is the largest, and the points of a grid.
#include <concepts>

#include <ctnn/ctnn.hpp>
#include <ctnn/network/search.hpp>

namespace nn = ctnn;
using nn::Axis, nn::best_point, nn::best_under, nn::Budget, nn::NoBias, nn::Shape;

// ---- limits are inclusive, and each is a limit by itself

template <class Spec, std::size_t inputs, class Format = nn::F32>
using Model = nn::Network<Spec, Shape<inputs>, Format>;
template <std::size_t hidden, std::size_t inputs>
using TwoLayers = Model<nn::Sequential<nn::Linear<hidden, NoBias>, nn::Linear<4, NoBias>>, inputs>;

using M = TwoLayers<32, 12>;
static_assert(M::cost.flops() == 1024 && M::cost.params == 512 && M::weight_bytes == 2048 && M::arena_bytes == 128);
static_assert(nn::is_within<M>(Budget{}));
static_assert(nn::is_within<M>(Budget{.flops = 1024, .params = 512, .weight_bytes = 2048, .arena_bytes = 128}));
static_assert(!nn::is_within<M>(Budget{.flops = 1023, .params = 512, .weight_bytes = 2048, .arena_bytes = 128}));
static_assert(!nn::is_within<M>(Budget{.flops = 1024, .params = 511, .weight_bytes = 2048, .arena_bytes = 128}));
static_assert(!nn::is_within<M>(Budget{.flops = 1024, .params = 512, .weight_bytes = 2047, .arena_bytes = 128}));
static_assert(!nn::is_within<M>(Budget{.flops = 1024, .params = 512, .weight_bytes = 2048, .arena_bytes = 127}));
static_assert(!nn::is_within<M>(Budget{.arena_bytes = 0}));

// ---- the largest

using Small = TwoLayers<8, 12>;
using Medium = TwoLayers<16, 12>;
using Large = TwoLayers<32, 12>;
static_assert(std::same_as<best_under<Budget{}, Small>, Small>);
static_assert(std::same_as<best_under<Budget{}, Medium, Large, Small>, Large>);
static_assert(std::same_as<best_under<Budget{.flops = 1024}, Small, Medium, Large>, Large>);
static_assert(std::same_as<best_under<Budget{.flops = 1023}, Small, Medium, Large>, Medium>);
static_assert(std::same_as<best_under<Budget{.params = 511}, Small, Large, Medium>, Medium>);
static_assert(std::same_as<best_under<Budget{.weight_bytes = 1023}, Large, Medium, Small>, Small>);
static_assert(std::same_as<best_under<Budget{.flops = 2'000, .arena_bytes = 127}, Large, Medium, Small>, Medium>);
// a name of one's own for a network
struct Derived : Medium {};
static_assert(std::same_as<best_under<Budget{.flops = 1023}, Small, Derived, Large>, Derived>);

// ---- of equal FLOPs the most parameters, of equals the first

using Plain = Model<nn::Linear<4, NoBias>, 8>;
using Biased = Model<nn::Linear<4>, 8>;
using Turned = Model<nn::Linear<8, NoBias>, 4>;
static_assert(Plain::cost.flops() == Biased::cost.flops() && Plain::cost.params < Biased::cost.params);
static_assert(std::same_as<best_under<Budget{}, Plain, Biased>, Biased>);
static_assert(std::same_as<best_under<Budget{}, Biased, Plain>, Biased>);
static_assert(std::same_as<best_under<Budget{.params = 32}, Biased, Plain>, Plain>);
static_assert(std::same_as<best_under<Budget{}, Plain, Turned>, Plain>);
static_assert(std::same_as<best_under<Budget{}, Turned, Plain>, Turned>);
static_assert(std::same_as<best_under<Budget{}, Plain, Plain>, Plain>);

// ---- candidates that differ in one limit only

// bytes: 32 weights; scales and zero points of in, out; scale and bias of 4 rows
using Eight = Model<nn::Linear<4, NoBias>, 8, nn::Int8>;
static_assert(Eight::cost == Plain::cost && Eight::arena_bytes == Plain::arena_bytes);
static_assert(Plain::weight_bytes == 128 && Eight::weight_bytes == 32 + 4 * (2 + 2 + 4 + 4));
static_assert(std::same_as<best_under<Budget{.weight_bytes = 128}, Plain, Eight>, Plain>);
static_assert(std::same_as<best_under<Budget{.weight_bytes = 127}, Plain, Eight>, Eight>);
using Wide = TwoLayers<32, 4>;
using Narrow = TwoLayers<16, 12>;
static_assert(Wide::cost.flops() == Narrow::cost.flops() && Wide::cost.params == Narrow::cost.params);
static_assert(Wide::weight_bytes == Narrow::weight_bytes && Wide::arena_bytes > Narrow::arena_bytes);
static_assert(std::same_as<best_under<Budget{.arena_bytes = 128}, Wide, Narrow>, Wide>);
static_assert(std::same_as<best_under<Budget{.arena_bytes = 127}, Wide, Narrow>, Narrow>);

// ---- only networks, at least one; grids by themselves

template <class... Candidates>
concept can_choose = requires {
  typename best_under<Budget{}, Candidates...>;
};
static_assert(can_choose<Plain>);
static_assert(!can_choose<>);
static_assert(!can_choose<int>);
static_assert(!can_choose<Plain, nn::Linear<4>>);
static_assert(!can_choose<Plain, nn::Bound<nn::Linear<4>, Shape<6>>>);

// ---- grids: the depth fastest, the width slowest

template <std::size_t depth, std::size_t width>
struct Repeated {
  using Layer = nn::Conv2d<width, nn::Kernel<3>, nn::Padding<1>, NoBias>;
  using type = nn::Sequential<Layer, typename Repeated<depth - 1, width>::type>;
};
template <std::size_t width>
struct Repeated<1, width> {
  using type = nn::Conv2d<width, nn::Kernel<3>, nn::Padding<1>, NoBias>;
};
template <std::size_t width, std::size_t resolution, std::size_t depth>
using Design = nn::Network<typename Repeated<depth, width>::type, Shape<resolution, resolution, 3>>;

using Grid = nn::Grid<Design, Axis<2, 4>, Axis<12, 8, 16>, Axis<1, 2>>;
static_assert(Grid::size == 12 && Grid::points.size() == 12);
static_assert(std::same_as<Grid::At<0>, Design<2, 12, 1>>);
static_assert(std::same_as<Grid::At<1>, Design<2, 12, 2>>);
static_assert(std::same_as<Grid::At<2>, Design<2, 8, 1>>);
static_assert(std::same_as<Grid::At<6>, Design<4, 12, 1>>);
static_assert(std::same_as<Grid::At<11>, Design<4, 16, 2>>);

constexpr bool is(const nn::GridPoint& point, std::size_t width, std::size_t resolution, std::size_t depth) {
  return point.width == width && point.resolution == resolution && point.depth == depth;
}
static_assert(is(Grid::points[0], 2, 12, 1) && is(Grid::points[3], 2, 8, 2) && is(Grid::points[10], 4, 16, 1));
static_assert(Grid::points[3].cost == Design<2, 8, 2>::cost);
static_assert(Grid::points[3].weight_bytes == Design<2, 8, 2>::weight_bytes);
static_assert(Grid::points[3].arena_bytes == Design<2, 8, 2>::arena_bytes);

static_assert(std::same_as<best_under<Budget{}, Grid>, Design<4, 16, 2>>);
constexpr std::uint64_t largest = Design<4, 16, 2>::cost.flops();
static_assert(is(best_point<Budget{.flops = largest}, Grid>, 4, 16, 2));
static_assert(is(best_point<Budget{.flops = largest - 1}, Grid>, 4, 12, 2));
static_assert(is(best_point<Budget{.params = 54}, Grid>, 2, 16, 1));  // one layer of 3 x 2 x 9
constexpr std::uint64_t arena = Design<4, 16, 2>::arena_bytes;
static_assert(is(best_point<Budget{.arena_bytes = arena}, Grid>, 4, 16, 2));
static_assert(!is(best_point<Budget{.arena_bytes = arena - 1}, Grid>, 4, 16, 2));
static_assert(std::same_as<best_under<Budget{.params = 54}, Grid>, Design<2, 16, 1>>);
// the same design twice: the first
static_assert(is(best_point<Budget{}, nn::Grid<Design, Axis<2, 2>, Axis<8>, Axis<1>>>, 2, 8, 1));

// ---- single values

using One = nn::Grid<Design, Axis<2>, Axis<8>, Axis<1>>;
static_assert(One::size == 1 && is(One::points[0], 2, 8, 1));
static_assert(std::same_as<best_under<Budget{}, One>, One::At<0>>);

static_assert(!can_choose<Grid, One>);
static_assert(!can_choose<Plain, One>);
template <class... Axes>
concept has_grid = requires {
  typename nn::Grid<Design, Axes...>;
};
static_assert(has_grid<Axis<2>, Axis<8>, Axis<1>>);
static_assert(!has_grid<Axis<2>, Axis<8>, Shape<1>>);
template <template <std::size_t, std::size_t, std::size_t> class D>
concept has_grid_of = requires {
  typename nn::Grid<D, Axis<2>, Axis<8>, Axis<1>>;
};
static_assert(has_grid_of<Design>);
template <std::size_t width, std::size_t resolution, std::size_t depth>
using OnlySpec = typename Repeated<depth, width>::type;
static_assert(!has_grid_of<OnlySpec>);

// ---- choosing looks at costs; it compiles no run

struct Unrunnable {
  template <nn::AnyShape In>
  struct On {
    using Input = In;
    using Output = In;
    using Parameters = nn::NoParameters;
    static constexpr nn::Cost cost{.elementwise_ops = In::size};
    template <nn::Floating N>
    static void forward(nn::View<const float, In>, nn::View<float, In>, const auto&) {
      static_assert(sizeof(N) == 0, "compiled");
    }
  };
};
static_assert(
    std::same_as<best_under<Budget{}, Model<Unrunnable, 3>, Model<nn::Sequential<nn::Linear<2>, Unrunnable>, 3>>,
                 Model<nn::Sequential<nn::Linear<2>, Unrunnable>, 3>>);
