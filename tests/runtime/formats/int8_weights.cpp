#include "check.hpp"

using namespace format_tests;

TEST_CASE("Int8Weights: fully connected layers") { check_fully_connected<ctnn::Int8Weights>(); }
TEST_CASE("Int8Weights: convolutions") { check_convolutions<ctnn::Int8Weights>(); }
