#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/resnet.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("ResNet-18") { zoo_test::check<zoo::ResNet<18, 10>, nn::Shape<32, 32, 3>>(); }
TEST_CASE("ResNet-34") { zoo_test::check<zoo::ResNet<34, 10>, nn::Shape<32, 32, 3>>(); }
