#include <ctnn/ctnn.hpp>
#include <ctnn/zoo/lenet.hpp>
#include <ctnn/zoo/mlperf_tiny.hpp>
#include <ctnn/zoo/seed.hpp>

#include "check.hpp"

namespace nn = ctnn;
namespace zoo = ctnn::zoo;

TEST_CASE("seed network") { zoo_test::check<zoo::Seed, nn::Shape<28, 28, 1>>(); }
TEST_CASE("LeNet-5") { zoo_test::check<zoo::LeNet5, nn::Shape<32, 32, 1>>(); }
TEST_CASE("keyword spotting") { zoo_test::check<zoo::KeywordSpottingDSCNN, nn::Shape<49, 10, 1>>(); }
TEST_CASE("anomaly detection") { zoo_test::check<zoo::AnomalyDetectionAutoencoder, nn::Shape<640>>(); }
