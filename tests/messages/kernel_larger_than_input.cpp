// expect: Conv2d: the dilated kernel is larger than the padded input
// expect: Shape<4, 4, 3>
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Model = nn::Network<nn::Conv2d<8, nn::Kernel<3>, nn::Dilation<3>, nn::Padding<1>>, nn::Shape<4, 4, 3>>;
constexpr auto macs = Model::cost.macs;
