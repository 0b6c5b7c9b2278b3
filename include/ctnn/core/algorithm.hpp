/// The names of the algorithms that convolutions and fully connected layers run with.
#pragma once

namespace ctnn {

enum class Algorithm {
  reference,  ///< scalar loops
  direct,     ///< tile of pixels x vectors of output channels (conv_direct.hpp)
  lanewise,   ///< a lane per output channel, each with inputs of its own: depthwise, narrow groups (conv_lanewise.hpp)
  planar,     ///< vectors of pixels x all output channels (conv_planar.hpp)
  gemv,       ///< matrix times vector (gemv.hpp)
  winograd2,  ///< F(2 x 2, 3 x 3 or 5 x 5): fewer products, rounded otherwise (conv_winograd.hpp)
  winograd4,  ///< F(4 x 4, 3 x 3 or 5 x 5): still fewer, rounded more coarsely; weights take 4 or 2.6 times the memory
  fft,        ///< Fourier transform of tiles of 16 x 16: for large windows; weights become 382 numbers (conv_fft.hpp)
  tiles,      ///< products of tiles of pixels and of output channels: AMX (conv_tiles.hpp)
};

}  // namespace ctnn
