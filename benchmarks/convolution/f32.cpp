#include "layers.hpp"

void add_f32() { layers::add_all<ctnn::F32>(); }
