// expect: DesignSpace
// expect: sizeof
// errors-gcc: 2
#include <ctnn/ctnn.hpp>
#include <ctnn/network/search.hpp>
namespace nn = ctnn;

using Best = nn::best_under<nn::Budget{.flops = 1'000}>;
