#include "layers.hpp"

void add_int8_standard() { layers::add_standard<ctnn::Int8>(); }
