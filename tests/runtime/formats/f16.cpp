#include "check.hpp"

using namespace format_tests;

TEST_CASE("F16: fully connected layers") { check_fully_connected<ctnn::F16>(); }
TEST_CASE("F16: convolutions") { check_convolutions<ctnn::F16>(); }
