#include <ctnn/zoo/mobilenet_v1.hpp>
#include <ctnn/zoo/mobilenet_v2.hpp>

#include "networks.hpp"

namespace nn = ctnn;

void add_mobilenets() {
  add<nn::zoo::MobileNetV1<>, nn::Shape<224, 224, 3>>("MobileNetV1", "N7_mobilenetv1");
  add<nn::zoo::MobileNetV2<>, nn::Shape<224, 224, 3>>("MobileNetV2", "N8_mobilenetv2");
  add_in_16_bits<nn::zoo::MobileNetV2<>, nn::Shape<224, 224, 3>>("MobileNetV2");
}
