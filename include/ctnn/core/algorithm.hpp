/// The names of the algorithms that convolutions and fully connected layers run with.
#pragma once

namespace ctnn {

enum class Algorithm {
  reference,  ///< scalar loops
  direct,     ///< tile of pixels x vectors of output channels (conv_direct.hpp)
  lanewise,   ///< a lane per output channel, each with inputs of its own: depthwise, narrow groups (conv_lanewise.hpp)
  planar,     ///< vectors of pixels x all output channels (conv_planar.hpp)
  gemv,       ///< matrix times vector (gemv.hpp)
  winograd2,  ///< F(2 x 2, 3 x 3): fewer products, rounded otherwise (conv_winograd.hpp)
  winograd4,  ///< F(4 x 4, 3 x 3): the fewest products, rounded more coarsely; weights take 4 times the memory
};

}  // namespace ctnn
