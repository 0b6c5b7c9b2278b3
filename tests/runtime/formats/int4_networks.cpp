#include "networks.hpp"

TEST_CASE("networks of Int4Weights") { word_networks::check<ctnn::Int4Weights>(); }
