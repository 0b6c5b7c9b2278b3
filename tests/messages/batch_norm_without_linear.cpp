// expect: BatchNorm2d: integer formats have it directly after a convolution or Linear only
// expect: Int8
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Model = nn::Network<nn::Sequential<nn::Linear<8>, nn::ReLU, nn::BatchNorm1d<>>, nn::Shape<4>, nn::Int8>;
constexpr auto macs = Model::cost.macs;
