// expect: DesignSpace
// expect: Linear<10>
// errors-gcc: 2
#include <ctnn/ctnn.hpp>
#include <ctnn/network/search.hpp>
namespace nn = ctnn;

using Model = nn::Network<nn::Linear<10>, nn::Shape<12>>;
using Best = nn::best_under<nn::Budget{.flops = 1'000}, Model, nn::Linear<10>>;
