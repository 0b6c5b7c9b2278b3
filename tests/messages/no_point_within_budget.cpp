// expect: best_under: no candidate is within the budget; the smallest one takes more than a limit
// expect: 1152
// expect: 1151
#include <ctnn/ctnn.hpp>
#include <ctnn/network/search.hpp>
namespace nn = ctnn;

template <std::size_t width, std::size_t resolution, std::size_t>
using Design = nn::Network<nn::Conv2d<width, nn::Kernel<3>, nn::Padding<1>>, nn::Shape<resolution, resolution, 1>>;
using Grid = nn::Grid<Design, nn::Axis<2, 1>, nn::Axis<16, 8>, nn::Axis<1>>;
constexpr nn::Budget budget{.flops = 1'151};
constexpr std::size_t width = nn::best_point<budget, Grid>.width;
using Best = nn::best_under<budget, Grid>;
