#include "check.hpp"

using namespace format_tests;

TEST_CASE("BF16: fully connected layers") { check_fully_connected<ctnn::BF16>(); }
TEST_CASE("BF16: convolutions") { check_convolutions<ctnn::BF16>(); }
