#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/shufflenet.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("ShuffleNetV1, 8 groups") { zoo_test::check<zoo::ShuffleNetV1<8, 10>, nn::Shape<64, 64, 3>>(); }
