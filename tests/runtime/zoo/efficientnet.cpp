#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/efficientnet.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("EfficientNet-B0") { zoo_test::check<zoo::EfficientNet<0, 10>, nn::Shape<32, 32, 3>>(); }
