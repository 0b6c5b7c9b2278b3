#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/mobilenet_v1.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("MobileNetV1") { zoo_test::check<zoo::MobileNetV1<50, 10>, nn::Shape<64, 64, 3>>(); }
