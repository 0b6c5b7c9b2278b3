// expect: 1059880
// expect: 1059879
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Classifier = nn::Sequential<nn::Conv2d<5, nn::Kernel<3>>, nn::ReLU, nn::Conv2d<5, nn::Kernel<3>>, nn::ReLU,
                                  nn::Flatten, nn::Linear<128>, nn::ReLU, nn::Linear<10>>;
using Model = nn::Network<Classifier, nn::Shape<28, 28, 1>>;
static_assert(nn::at_most<Model::cost.flops(), 1'059'879>);
