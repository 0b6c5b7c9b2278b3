/// SqueezeNet 1.0 and 1.1.
#pragma once

#include <ctnn/zoo/blocks.hpp>

namespace ctnn::zoo {

/// Channels squeezed by 1x1 convolutions, then expanded by 1x1 and 3x3 side by side to `Expanded` each.
template <std::size_t Squeezed, std::size_t Expanded>
using Fire = Sequential<
    Named<"squeeze", PointwiseConv2d<Squeezed>>, ReLU,
    Named<"", Concat<Named<"", Sequential<Named<"expand1x1", PointwiseConv2d<Expanded>>, ReLU>>,
                     Named<"", Sequential<Named<"expand3x3", Conv2d<Expanded, Kernel<3>, Padding<1>>>, ReLU>>>>>;

namespace detail {
using SqueezePool = MaxPool2d<Kernel<3>, Stride<2>, CeilMode>;
template <std::size_t Classes>
using SqueezeClassifier = Named<"classifier", Sequential<Dropout, PointwiseConv2d<Classes>, ReLU, GlobalAvgPool2d>>;
}  // namespace detail

/// Iandola et al., "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size",
/// arXiv 1602.07360. For 224x224x3; weights under torchvision's names.
template <std::size_t Classes>
using SqueezeNet10For = Sequential<
    Named<"features", Sequential<Conv2d<96, Kernel<7>, Stride<2>>, ReLU, detail::SqueezePool, Fire<16, 64>,
                                 Fire<16, 64>, Fire<32, 128>, detail::SqueezePool, Fire<32, 128>, Fire<48, 192>,
                                 Fire<48, 192>, Fire<64, 256>, detail::SqueezePool, Fire<64, 256>>>,
    detail::SqueezeClassifier<Classes>, Flatten>;
using SqueezeNet10 = SqueezeNet10For<1000>;

/// The authors' 1.1 (github.com/forresti/SqueezeNet): the same accuracy at 2.4 times less computation.
template <std::size_t Classes>
using SqueezeNet11For = Sequential<
    Named<"features", Sequential<Conv2d<64, Kernel<3>, Stride<2>>, ReLU, detail::SqueezePool, Fire<16, 64>,
                                 Fire<16, 64>, detail::SqueezePool, Fire<32, 128>, Fire<32, 128>, detail::SqueezePool,
                                 Fire<48, 192>, Fire<48, 192>, Fire<64, 256>, Fire<64, 256>>>,
    detail::SqueezeClassifier<Classes>, Flatten>;
using SqueezeNet11 = SqueezeNet11For<1000>;

}  // namespace ctnn::zoo
