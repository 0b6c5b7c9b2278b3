#include "check.hpp"

using namespace format_tests;

TEST_CASE("TF32: fully connected layers") { check_fully_connected<ctnn::TF32>(); }
TEST_CASE("TF32: convolutions") { check_convolutions<ctnn::TF32>(); }
