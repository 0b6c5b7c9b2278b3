// expect: Linear: the input must be a vector; put Flatten
// expect: Shape<8, 8, 3>
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Model =
    nn::Network<nn::Sequential<nn::EarlyExit<nn::Linear<10>>, nn::Flatten, nn::Linear<10>>, nn::Shape<8, 8, 3>>;
constexpr auto macs = Model::cost.macs;
