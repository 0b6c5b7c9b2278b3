// expect: Linear: the input must be a vector; put Flatten or a global pool and Flatten before it
// expect: Linear<10>
// expect: Shape<26, 26, 5>
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Model =
    nn::Network<nn::Sequential<nn::Conv2d<5, nn::Kernel<3>>, nn::ReLU, nn::Linear<10>, nn::ReLU, nn::Linear<4>>,
                nn::Shape<28, 28, 1>>;
static_assert(Model::cost.flops() < 1'000'000);

void classify(const nn::Weights<Model>& weights, const nn::Tensor<float, nn::Shape<28, 28, 1>>& image) {
  const Model model{weights};
  static_cast<void>(model(image));
}
