// expect: algorithm_runs_window
// expect: Use<
// errors-gcc: 2
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Layer = nn::Conv2d<8, nn::Kernel<7>, nn::Use<nn::Algorithm::winograd4>>;
