#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/mobilenet_v3.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("MobileNetV3 large") { zoo_test::check<zoo::MobileNetV3LargeFor<10>, nn::Shape<64, 64, 3>>(); }
