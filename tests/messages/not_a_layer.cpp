// expect: this layer does not take the shape before it (or is no layer: it has no template On)
// expect: int
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Model = nn::Network<nn::Sequential<nn::ReLU, int>, nn::Shape<3>>;
constexpr auto macs = Model::cost.macs;
