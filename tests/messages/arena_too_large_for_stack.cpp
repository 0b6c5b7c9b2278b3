// expect: this network needs more memory than model(x) takes from the stack: pass an Arena, model.run(x, y, arena)
// expect: 401408
// expect: 262144
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Model =
    nn::Network<nn::Sequential<nn::Conv2d<32, nn::Kernel<1>>, nn::ReLU, nn::GlobalAvgPool2d>, nn::Shape<56, 56, 3>>;

auto classify(const Model& model, const nn::Tensor<float, nn::Shape<56, 56, 3>>& image) { return model(image); }
