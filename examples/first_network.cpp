// A network that tells vertical from horizontal stripes: two edge filters, then a vote.
#include <concepts>
#include <iostream>

#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Stripes = nn::Sequential<nn::Conv2d<2, nn::Kernel<3>, nn::NoBias>, nn::ReLU,  //
                               nn::GlobalAvgPool2d, nn::Flatten, nn::Linear<2>, nn::Softmax>;
using Model = nn::Network<Stripes, nn::Shape<8, 8, 1>>;  // height, width, channels
static_assert(std::same_as<Model::Output, nn::Shape<2>>);
static_assert(nn::at_most<Model::cost.flops(), 1'500>);  // prints both numbers when it fails

constexpr float weights[] = {-1, 0,  1,  -2, 0, 2, -1, 0, 1,  // 0.weight: brighter to the right
                             -1, -2, -1, 0,  0, 0, 1,  2, 1,  // brighter to the bottom
                             2,  -2, -2, 2,                   // 4.weight
                             0,  0};                          // 4.bias
constexpr Model model{nn::WeightsView<Model>{weights}};

int main() {
  nn::Tensor<float, Model::Input> image;
  for (int row = 0; row < 8; ++row) {
    for (int column = 0; column < 8; ++column) image(row, column, 0) = column % 4 < 2 ? 1.0F : 0.0F;
  }
  const nn::Tensor<float, Model::Output> answer = model(image);
  std::cout << "vertical " << 100 * answer[0] << " %, horizontal " << 100 * answer[1] << " %\n";
}
