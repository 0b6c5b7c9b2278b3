#include "layers.hpp"

void add_f32_others() { layers::add_others<ctnn::F32>(); }
