/// AlexNet.
#pragma once

#include <ctnn/zoo/blocks.hpp>

namespace ctnn::zoo {

/// Krizhevsky, "One weird trick for parallelizing convolutional neural networks", arXiv 1404.5997: AlexNet in a single
/// column, as torchvision has it; weights under torchvision's names. For 224x224x3.
template <std::size_t Classes>
using AlexNetFor = Sequential<
    Named<"features", Sequential<Conv2d<64, Kernel<11>, Stride<4>, Padding<2>>, ReLU, MaxPool2d<Kernel<3>, Stride<2>>,
                                 Conv2d<192, Kernel<5>, Padding<2>>, ReLU, MaxPool2d<Kernel<3>, Stride<2>>,
                                 Conv2d<384, Kernel<3>, Padding<1>>, ReLU, Conv2d<256, Kernel<3>, Padding<1>>, ReLU,
                                 Conv2d<256, Kernel<3>, Padding<1>>, ReLU, MaxPool2d<Kernel<3>, Stride<2>>>>,
    AdaptiveAvgPool2d<6>, Flatten,
    Named<"classifier", Sequential<Dropout, Linear<4096>, ReLU, Dropout, Linear<4096>, ReLU, Linear<Classes>>>>;
using AlexNet = AlexNetFor<1000>;

}  // namespace ctnn::zoo
