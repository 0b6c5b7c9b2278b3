#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/alexnet.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("AlexNet") { zoo_test::check<zoo::AlexNetFor<10>, nn::Shape<63, 63, 3>>(); }
