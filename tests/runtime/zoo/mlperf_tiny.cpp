#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/mlperf_tiny.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("image classification") { zoo_test::check<zoo::ImageClassificationResNet8, nn::Shape<32, 32, 3>>(); }
TEST_CASE("visual wake words") { zoo_test::check<zoo::VisualWakeWordsMobileNet, nn::Shape<96, 96, 3>>(); }
