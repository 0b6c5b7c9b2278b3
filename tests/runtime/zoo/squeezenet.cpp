#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/squeezenet.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("SqueezeNet 1.0") { zoo_test::check<zoo::SqueezeNet10For<10>, nn::Shape<63, 63, 3>>(); }
TEST_CASE("SqueezeNet 1.1") { zoo_test::check<zoo::SqueezeNet11For<10>, nn::Shape<63, 63, 3>>(); }
