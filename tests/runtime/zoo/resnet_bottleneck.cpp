#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/resnet.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("ResNet-50") { zoo_test::check<zoo::ResNet<50, 10>, nn::Shape<32, 32, 3>>(); }
TEST_CASE("ResNet-101") { zoo_test::check<zoo::ResNet<101, 10>, nn::Shape<32, 32, 3>>(); }
