#include "layers.hpp"

void add_int8_others() { layers::add_others<ctnn::Int8>(); }
