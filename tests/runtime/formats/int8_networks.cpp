#include "networks.hpp"

TEST_CASE("networks of Int8Weights") { word_networks::check<ctnn::Int8Weights>(); }
