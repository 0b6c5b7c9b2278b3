// expect: the array must hold exactly the model's weights
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

using Model = nn::Network<nn::Linear<2>, nn::Shape<3>>;
const float numbers[] = {1, 2, 3, 4, 5, 6, 7};
const Model model{nn::WeightsView<Model>{numbers}};
