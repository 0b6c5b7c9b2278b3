// expect: best_under: no candidate is within the budget; the smallest one takes more than a limit
// expect: 6144
// expect: 6000
#include <ctnn/ctnn.hpp>
#include <ctnn/network/search.hpp>
namespace nn = ctnn;

template <std::size_t hidden>
using Model = nn::Network<nn::Sequential<nn::Linear<hidden>, nn::Linear<4>>, nn::Shape<12>>;
using Best = nn::best_under<nn::Budget{.flops = 1'000'000, .arena_bytes = 6'000}, Model<2048>, Model<1536>>;
constexpr auto flops = Best::cost.flops();
