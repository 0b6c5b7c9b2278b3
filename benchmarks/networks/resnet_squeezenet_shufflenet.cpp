#include <ctnn/zoo/resnet.hpp>
#include <ctnn/zoo/shufflenet.hpp>
#include <ctnn/zoo/squeezenet.hpp>

#include "networks.hpp"

namespace nn = ctnn;

void add_resnet_squeezenet_shufflenet() {
  add<nn::zoo::ResNet<18>, nn::Shape<224, 224, 3>>("ResNet-18", "N9_resnet18");
  add_in_16_bits<nn::zoo::ResNet<18>, nn::Shape<224, 224, 3>>("ResNet-18");
  add<nn::zoo::SqueezeNet11, nn::Shape<224, 224, 3>>("SqueezeNet_1.1", "N10_squeezenet11");
  add<nn::zoo::ShuffleNetV2<>, nn::Shape<224, 224, 3>>("ShuffleNetV2", "N11_shufflenetv2");
}
