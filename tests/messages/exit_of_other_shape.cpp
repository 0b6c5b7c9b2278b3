// expect: EarlyExit: the head's output must have the shape of the network's output
// expect: Shape<10>
// expect: Shape<12>
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

template <std::size_t classes>
using Head = nn::Sequential<nn::Flatten, nn::Linear<classes>>;
using Model = nn::Network<nn::Sequential<nn::Conv2d<4, nn::Kernel<3>>, nn::EarlyExit<Head<12>>, nn::ReLU, Head<10>>,
                          nn::Shape<8, 8, 3>>;
constexpr auto macs = Model::cost.macs;
