#include "check.hpp"

using namespace format_tests;

TEST_CASE("F16Storage: fully connected layers") { check_fully_connected<ctnn::F16Storage>(); }
TEST_CASE("F16Storage: convolutions") { check_convolutions<ctnn::F16Storage>(); }
