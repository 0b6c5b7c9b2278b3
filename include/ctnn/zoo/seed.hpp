/// The network this library began with.
#pragma once

#include <ctnn/zoo/blocks.hpp>

namespace ctnn::zoo {

/// Two small convolutions and two fully connected layers for 28x28x1, ten classes: 1,059,880 FLOPs.
using Seed = Sequential<Conv2d<5, Kernel<3>>, ReLU, Conv2d<5, Kernel<3>>, ReLU, Flatten, Linear<128>, ReLU, Linear<10>>;

}  // namespace ctnn::zoo
