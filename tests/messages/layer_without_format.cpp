// expect: this layer does not compute in this number format
// expect: Sigmoid
// expect: Int8
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Model = nn::Network<nn::Sequential<nn::Linear<8>, nn::Sigmoid>, nn::Shape<4>, nn::Int8>;
constexpr auto macs = Model::cost.macs;
