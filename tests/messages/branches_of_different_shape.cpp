// expect: Add, Residual: all branches must have the same output shape
// expect: Shape<8, 8, 16>
// expect: Shape<8, 8, 3>
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Block = nn::Residual<nn::Conv2d<16, nn::Kernel<3>, nn::Padding<1>>>;
using Model = nn::Network<nn::Sequential<nn::ReLU, nn::Sequential<Block, nn::ReLU>, nn::Flatten, nn::Linear<10>>,
                          nn::Shape<8, 8, 3>>;
constexpr auto macs = Model::cost.macs;
