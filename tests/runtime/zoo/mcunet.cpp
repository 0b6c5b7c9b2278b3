#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/mcunet.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("MCUNet") { zoo_test::check<zoo::MCUNetFor<10>, nn::Shape<48, 48, 3>>(); }
