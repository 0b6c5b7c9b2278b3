#include "golden/conv_planar.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

// Few channels and wide images: networks on which kernels may keep every channel's image by itself, followed by layers
// that do and layers that do not read it so.

template <std::size_t Outputs, class... Options>
using Conv3 = Conv2d<Outputs, Kernel<3>, Options...>;

TEST_CASE("few channels: into layers of other kinds", "[conv]") {
  check<Sequential<Conv3<5, Padding<1>>, ReLU, Conv3<3, Padding<1>>, MaxPool2d<Kernel<2>>>, Shape<6, 20, 3>>(
      golden::planar_to_pool);
  check<Sequential<Conv3<5, Padding<1>>, Residual<Conv3<5, Padding<1>>>, Conv3<3>>, Shape<4, 17, 3>>(
      golden::planar_to_residual);
  check<Sequential<Conv3<6, Padding<1>>, DepthwiseConv2d<Kernel<3>, Padding<1>>, Conv2d<3>, Flatten, Linear<4>>,
        Shape<4, 17, 3>>(golden::planar_to_grouped);
  check<Sequential<Conv3<4, Padding<1>>, Concat<Conv3<2, Padding<1>>, Conv2d<3>>>, Shape<5, 17, 1>>(
      golden::planar_to_two_readers);
  check<Sequential<Conv3<3, Padding<1>>, Upsample2d<2>>, Shape<3, 16, 3>>(golden::planar_to_upsample);
  check<Sequential<Conv3<8, Padding<1>>, ReLU, Conv3<8, Stride<2>, Padding<1>>, ReLU, Flatten, Linear<7>>,
        Shape<6, 20, 1>>(golden::planar_stride_2_after);
  using ThroughActivations = Sequential<Conv3<3>, PReLU<>, Sigmoid, Conv2d<2>, BatchNorm2d<>, Flatten, Tanh, Linear<5>>;
  check<ThroughActivations, Shape<4, 18, 1>>(golden::planar_through_activations);
}
