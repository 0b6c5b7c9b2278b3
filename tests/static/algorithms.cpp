// Which algorithm the library chooses: where it was measured to gain, on any instruction set with vectors.
#include <cstddef>

#include <ctnn/ctnn.hpp>

using namespace ctnn;

namespace {

constexpr kernels::Convolution2d convolution(std::size_t size, std::size_t inputs, std::size_t outputs,
                                             std::size_t stride, std::size_t kernel) {
  const std::size_t out = (size - 1) / stride + 1;
  return {.in = {size, size, inputs},
          .out = {out, out, outputs},
          .window = {.height = kernel,
                     .width = kernel,
                     .stride_height = stride,
                     .stride_width = stride,
                     .pad_top = kernel / 2,
                     .pad_bottom = kernel / 2,
                     .pad_left = kernel / 2,
                     .pad_right = kernel / 2},
          .groups = 1};
}
template <class Isa>
constexpr Algorithm chosen(std::size_t size, std::size_t inputs, std::size_t outputs, std::size_t stride = 1,
                           std::size_t kernel = 3) {
  return kernels::select_convolution<Isa>(convolution(size, inputs, outputs, stride, kernel), false);
}
template <class Isa>
constexpr bool tiles(std::size_t size, std::size_t inputs, std::size_t outputs, std::size_t stride = 1,
                     std::size_t kernel = 3) {
  const auto g = convolution(size, inputs, outputs, stride, kernel);
  return kernels::select_byte_convolution<Isa>(g) == Algorithm::tiles;
}

template <class Isa>
constexpr bool chooses_well() {
  return chosen<Isa>(32, 3, 16) == Algorithm::direct &&              // transforms cost more than is saved
         chosen<Isa>(4, 512, 512) == Algorithm::direct &&            // larger weights from memory
         chosen<Isa>(1, 64, 64) == Algorithm::direct &&              // a tile for one output
         chosen<Isa>(56, 64, 64, 2) == Algorithm::direct &&          // a stride
         chosen<Isa>(56, 64, 64) == Algorithm::winograd4 &&          // ResNet's
         chosen<Isa>(28, 128, 128) == Algorithm::winograd4 &&        //
         chosen<Isa>(14, 256, 256) == Algorithm::winograd2 &&        //
         chosen<Isa>(32, 16, 16) == Algorithm::winograd4 &&          //
         chosen<Isa>(8, 64, 64) == Algorithm::winograd4 &&           //
         chosen<Isa>(7, 512, 512) == Algorithm::direct &&            // few tiles, large weights
         chosen<Isa>(10, 512, 512) == Algorithm::winograd2 &&        //
         chosen<Isa>(4, 64, 64) == Algorithm::winograd2 &&           //
         chosen<Isa>(14, 64, 64, 1, 5) == Algorithm::winograd4 &&    // larger windows
         chosen<Isa>(14, 256, 256, 1, 5) == Algorithm::winograd2 &&  // F(4 x 4) would err by more than 1e-5
         chosen<Isa>(28, 32, 32, 1, 7) == Algorithm::fft &&          //
         chosen<Isa>(32, 16, 16, 1, 9) == Algorithm::fft &&          //
         chosen<Isa>(7, 128, 128, 1, 7) == Algorithm::direct &&      // large weights for one tile
         chosen<Isa>(32, 3, 16, 1, 7) == Algorithm::direct &&        // few inputs
         chosen<Isa>(28, 32, 32, 2, 7) == Algorithm::direct;
}
static_assert(chooses_well<isa::Sse2>() && chooses_well<isa::Avx2>() && chooses_well<isa::Avx512>());
static_assert(chosen<isa::Scalar>(56, 64, 64) == Algorithm::reference);

// Of bytes, products of tiles where the instruction set has them, and enough inputs fill them.
static_assert(tiles<isa::Amx>(56, 64, 64) && tiles<isa::Amx>(7, 512, 512) && tiles<isa::Amx>(32, 3, 16) &&
              tiles<isa::Amx>(56, 64, 16, 1, 1) && tiles<isa::Amx>(224, 3, 64, 2, 7));
static_assert(!tiles<isa::Amx>(224, 3, 32, 2) && !tiles<isa::Amx>(112, 16, 96, 1, 1) && !tiles<isa::Amx>(96, 16, 8) &&
              !tiles<isa::Amx>(1, 64, 64, 1, 1) && !tiles<isa::Avx512Fp16>(56, 64, 64));

// Scratch memory is in the arena: at most 128 KiB where the weights fit L2, 1 MiB where they do not.
using Layer = Conv2d<64, Kernel<3>, Padding<1>>;
template <class Isa>
inline constexpr std::size_t arena = Network<Layer, Shape<56, 56, 64>, F32, Isa>::arena_bytes;
static_assert(arena<isa::Scalar> == 0 && arena<isa::Sse2> > 0 && arena<isa::Sse2> <= 132 * 1024);

}  // namespace
