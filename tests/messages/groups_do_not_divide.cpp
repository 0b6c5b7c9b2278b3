// expect: Conv2d: Groups must divide both the input channels and the output channels
// expect: Shape<8, 8, 6>
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Model =
    nn::Network<nn::Sequential<nn::Conv2d<6, nn::Kernel<1>>, nn::Conv2d<8, nn::Kernel<3>, nn::Groups<4>>, nn::ReLU>,
                nn::Shape<8, 8, 3>>;
static_assert(Model::cost.flops() < 1'000'000);
