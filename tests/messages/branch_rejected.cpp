// expect: MaxPool2d: the kernel is larger than the padded input
// expect: Shape<4, 4, 8>
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Model =
    nn::Network<nn::Concat<nn::Conv2d<8, nn::Kernel<1>>, nn::Sequential<nn::Conv2d<8>, nn::MaxPool2d<nn::Kernel<5>>>>,
                nn::Shape<4, 4, 3>>;
constexpr auto macs = Model::cost.macs;
