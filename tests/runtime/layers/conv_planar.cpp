#include "golden/conv_planar.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

// Few channels and wide images: networks on which kernels may keep every channel's image by itself, followed by layers
// that do and layers that do not read it so.

template <std::size_t Outputs, class... Options>
using Conv3 = Conv2d<Outputs, Kernel<3>, Options...>;

TEST_CASE("few channels: convolutions in series", "[conv]") {
  check<Sequential<Conv3<5>, ReLU, Conv3<5>, ReLU, Flatten, Linear<12>>, Shape<20, 18, 1>>(golden::planar_seed);
  check<Sequential<Conv3<5>, ReLU, Conv3<5>, ReLU, Flatten, Linear<12>>, Shape<7, 21, 1>>(golden::planar_wide_seed);
  check<Sequential<Conv3<5, Padding<1>>, ReLU, Conv3<7, Padding<1>>, ReLU, Flatten, Linear<9>>, Shape<5, 17, 3>>(
      golden::planar_padded);
  check<
      Sequential<Conv3<3, Padding<1, 0, 2, 1>>, ReLU, Conv2d<2, Kernel<1, 4>, Padding<0, 1, 0, 3>>, Flatten, Linear<5>>,
      Shape<5, 16, 2>>(golden::planar_asymmetric);
  check<Sequential<Conv3<4, Dilation<2>>, Conv3<3, Dilation<1, 2>>, Flatten, Linear<8>>, Shape<9, 24, 3>>(
      golden::planar_dilated);
  check<Sequential<Conv3<5, Stride<2, 1>, Padding<1>>, ReLU, Conv3<6, Stride<2, 1>>, Flatten, Linear<8>>,
        Shape<9, 18, 2>>(golden::planar_vertical_stride);
}

TEST_CASE("few channels: results", "[conv]") {
  check<Sequential<Conv3<3>, Conv3<1>>, Shape<5, 18, 1>>(golden::planar_to_result);
  check<Sequential<Conv3<1, Padding<1>>, LeakyReLU<>>, Shape<4, 16, 2>>(golden::planar_one_channel_result);
  check<Sequential<Conv3<3>, Conv2d<2, Kernel<2, 1>>, Flatten>, Shape<4, 18, 2>>(golden::planar_to_flatten);
}
