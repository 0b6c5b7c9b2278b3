// The memory plan's peak, on the scalar kernels: their activations have no borders.
#include <cstddef>

#include <ctnn/ctnn.hpp>

using namespace ctnn;

namespace {

/// Arena size in floats.
template <class Spec, class In>
inline constexpr std::size_t arena = Network<Spec, In, F32, isa::Scalar>::arena_bytes / sizeof(float);

using Conv = Conv2d<4, Kernel<3>>;

// Input and output are the caller's.
static_assert(arena<Conv, Shape<10, 10, 1>> == 0);
static_assert(arena<Identity, Shape<10, 10, 1>> == 0);
static_assert(arena<Sequential<Conv, BatchNorm2d<>, ReLU>, Shape<10, 10, 1>> == 0);

// Two neighbours in a chain live at the same time, no more: 8 x 8 x 4 and 6 x 6 x 4, then that and 4 x 4 x 4.
static_assert(arena<Sequential<Conv, Conv>, Shape<10, 10, 1>> == 256);
static_assert(arena<Sequential<Conv, Conv, Conv>, Shape<10, 10, 1>> == 256 + 144);
static_assert(arena<Sequential<Conv, Conv, Conv, Conv>, Shape<10, 10, 1>> == 256 + 144);

// A function of every element takes its input's place.
static_assert(
    arena<Sequential<MaxPool2d<Kernel<2>>, Sigmoid, PReLU<>, BatchNorm2d<>, MaxPool2d<Kernel<2>>>, Shape<8, 8, 4>> ==
    64);
// ... but not where that input is read again.
static_assert(arena<Sequential<MaxPool2d<Kernel<2>>, Add<Sigmoid, Tanh>, MaxPool2d<Kernel<2>>>, Shape<8, 8, 4>> ==
              2 * 64);

// A residual's sum takes the shortcut's place; the convolution in the main branch reads another value.
using Same = Conv2d<4, Kernel<3>, Padding<1>>;
static_assert(arena<Sequential<Same, Residual<Sequential<Same, Same>>, Same>, Shape<8, 8, 1>> == 2 * 256);
// ... but not where that convolution itself reads it.
static_assert(arena<Sequential<Same, Residual<Same>, Same>, Shape<8, 8, 1>> == 2 * 256);

// Flatten before Linear moves nothing.
static_assert(arena<Sequential<Same, ReLU, Flatten, Linear<4>>, Shape<8, 8, 1>> == 256);

// Sizes are whole cache lines.
static_assert(arena<Sequential<Linear<17>, ReLU, Linear<3>>, Shape<5>> == 32);
static_assert(Network<Sequential<Linear<17>, Linear<3>>, Shape<5>>::arena_bytes % alignment == 0);

}  // namespace
