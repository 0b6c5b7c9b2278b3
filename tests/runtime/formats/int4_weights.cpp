#include "check.hpp"

using namespace format_tests;

TEST_CASE("Int4Weights: fully connected layers") { check_fully_connected<ctnn::Int4Weights>(); }
TEST_CASE("Int4Weights: convolutions") { check_convolutions<ctnn::Int4Weights>(); }
