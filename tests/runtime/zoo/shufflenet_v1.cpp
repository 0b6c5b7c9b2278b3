#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/shufflenet.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("ShuffleNetV1, 1 group") { zoo_test::check<zoo::ShuffleNetV1<1, 10>, nn::Shape<64, 64, 3>>(); }
TEST_CASE("ShuffleNetV1, 3 groups") { zoo_test::check<zoo::ShuffleNetV1<3, 10>, nn::Shape<64, 64, 3>>(); }
