/// LeNet-5.
#pragma once

#include <ctnn/zoo/blocks.hpp>

namespace ctnn::zoo {

/// LeCun et al., "Gradient-based learning applied to document recognition", Proc. IEEE 86 (1998). For 32x32x1, ten
/// classes. Every map of C3 sees every map of S2 (the paper leaves some out), subsampling is the plain mean, and the
/// last layer is fully connected.
using LeNet5 = Sequential<Conv2d<6, Kernel<5>>, Tanh, AvgPool2d<Kernel<2>>, Conv2d<16, Kernel<5>>, Tanh,
                          AvgPool2d<Kernel<2>>, Conv2d<120, Kernel<5>>, Tanh, Flatten, Linear<84>, Tanh, Linear<10>>;

}  // namespace ctnn::zoo
