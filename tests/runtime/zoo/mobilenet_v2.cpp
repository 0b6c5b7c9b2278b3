#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/mobilenet_v2.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("MobileNetV2") { zoo_test::check<zoo::MobileNetV2<35, 10>, nn::Shape<64, 64, 3>>(); }
