/// MCUNet.
#pragma once

#include <cstddef>

#include <ctnn/zoo/inverted_residuals.hpp>

namespace ctnn::zoo {

/// Lin et al., "MCUNet: Tiny Deep Learning on IoT Devices", arXiv 2007.10319: found by search, for microcontrollers.
/// For 176x176x3, as published with NetAug (arXiv 2110.08890; github.com/mit-han-lab/tinyml, netaug).
template <std::size_t Classes>
using MCUNetFor = InvertedResiduals<
    Stages<Stage<1, 8, 1, 1>,                                                                           //
           Stage<3, 16, 1, 2, 7>, Stage<5, 16, 1, 1, 3>, Stage<5, 16, 1, 1, 7>, Stage<4, 16, 1, 1, 5>,  //
           Stage<5, 24, 3, 2, 5>,                                                                       //
           Stage<5, 40, 1, 2, 3>, Stage<6, 40, 1, 1, 7>, Stage<4, 40, 1, 1, 5>,                         //
           Stage<5, 48, 1, 1, 5>, Stage<5, 48, 1, 1, 7>, Stage<5, 48, 1, 1, 3>,                         //
           Stage<6, 96, 1, 2, 3>, Stage<5, 96, 1, 1, 7>, Stage<4, 96, 1, 1, 3>,                         //
           Stage<5, 160, 1, 1, 7>>,
    16, 0, Classes>;
using MCUNet = MCUNetFor<1000>;

}  // namespace ctnn::zoo
