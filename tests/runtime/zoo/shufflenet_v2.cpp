#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/shufflenet.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("ShuffleNetV2 0.5") { zoo_test::check<zoo::ShuffleNetV2<50, 10>, nn::Shape<64, 64, 3>>(); }
TEST_CASE("ShuffleNetV2") { zoo_test::check<zoo::ShuffleNetV2<100, 10>, nn::Shape<64, 64, 3>>(); }
