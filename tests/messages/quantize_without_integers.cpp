// expect: quantize: the network, or parts of it, must be in one integer format, and all else in F32
#include <array>

#include <ctnn/ctnn.hpp>
#include <ctnn/quantize/quantize.hpp>
namespace nn = ctnn;

using Spec = nn::Sequential<nn::Linear<8>, nn::ReLU>;
using Model = nn::Network<Spec, nn::Shape<4>>;
void quantize(const nn::Weights<Model>& weights, const std::array<nn::Tensor<float, nn::Shape<4>>, 2>& images) {
  static_cast<void>(nn::quantize<nn::Network<Spec, nn::Shape<4>, nn::F16Storage>>(weights, images));
}
