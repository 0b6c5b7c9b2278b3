// expect: given_once
// expect: Padding<2>
// errors-gcc: 2
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Layer = nn::Conv2d<8, nn::Kernel<3>, nn::Padding<1>, nn::Padding<2>>;
