// expect: understood_by
// expect: ExcludePadding
// errors-gcc: 2
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Layer = nn::Conv2d<8, nn::Kernel<3>, nn::ExcludePadding>;
