#include <ctnn/zoo/efficientnet.hpp>

#include "networks.hpp"

namespace nn = ctnn;

void add_efficientnet() {
  add<nn::zoo::EfficientNet<0>, nn::Shape<224, 224, 3>>("EfficientNet-B0", "N12_efficientnet_b0");
}
