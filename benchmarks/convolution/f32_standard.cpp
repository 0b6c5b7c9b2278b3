#include "layers.hpp"

void add_f32_standard() { layers::add_standard<ctnn::F32>(); }
