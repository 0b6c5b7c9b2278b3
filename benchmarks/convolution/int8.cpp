#include "layers.hpp"

void add_int8() { layers::add_all<ctnn::Int8>(); }
