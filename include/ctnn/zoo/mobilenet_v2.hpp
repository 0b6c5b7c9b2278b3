/// MobileNetV2.
#pragma once

#include <algorithm>
#include <cstddef>

#include <ctnn/zoo/inverted_residuals.hpp>

namespace ctnn::zoo {

/// Sandler et al., "MobileNetV2: Inverted Residuals and Linear Bottlenecks", arXiv 1801.04381. For 224x224x3; weights
/// under torchvision's names. The last convolution does not get narrower than 1280 channels.
template <std::size_t WidthPercent = 100, std::size_t Classes = 1000>
using MobileNetV2 = InvertedResiduals<
    Stages<Stage<1, scaled_channels(16, WidthPercent), 1, 1>, Stage<6, scaled_channels(24, WidthPercent), 2, 2>,
           Stage<6, scaled_channels(32, WidthPercent), 3, 2>, Stage<6, scaled_channels(64, WidthPercent), 4, 2>,
           Stage<6, scaled_channels(96, WidthPercent), 3, 1>, Stage<6, scaled_channels(160, WidthPercent), 3, 2>,
           Stage<6, scaled_channels(320, WidthPercent), 1, 1>>,
    scaled_channels(32, WidthPercent), scaled_channels(1280, std::max<std::size_t>(100, WidthPercent)), Classes>;

}  // namespace ctnn::zoo
