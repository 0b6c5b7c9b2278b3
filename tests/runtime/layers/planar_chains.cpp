#include "golden/planar_chains.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

// Few channels on wide images, through pools and depthwise convolutions that keep every channel's image by itself where
// all that reads them can.

template <std::size_t Outputs, class... Options>
using Conv3 = Conv2d<Outputs, Kernel<3>, Options...>;
using Depthwise3 = DepthwiseConv2d<Kernel<3>, Padding<1>>;

TEST_CASE("few channels through pools", "[pool]") {
  check<Sequential<Conv2d<6, Kernel<5>, Padding<2>>, ReLU, AvgPool2d<Kernel<2>>, Conv3<10>, ReLU, AvgPool2d<Kernel<2>>,
                   Flatten, Linear<12>>,
        Shape<12, 36, 1>>(golden::chain_average);
  check<Sequential<Conv3<5, Padding<1>>, ReLU, MaxPool2d<Kernel<3>, Stride<2>, Padding<1>>, Conv3<7, Padding<1>>, Tanh,
                   MaxPool2d<Kernel<2>, CeilMode>>,
        Shape<6, 33, 3>>(golden::chain_max_padded);
  check<Sequential<Conv3<3, Padding<1>>, AvgPool2d<Kernel<3>, Stride<2>, Padding<1>, ExcludePadding>, Flatten>,
        Shape<5, 18, 2>>(golden::chain_pool_flatten);
  check<Sequential<Conv3<5, Padding<1>>, MaxPool2d<Kernel<2>>, Sigmoid, MaxPool2d<Kernel<2>>, Flatten, Linear<7>>,
        Shape<6, 36, 2>>(golden::chain_pool_sigmoid_pool);
}

TEST_CASE("few channels through pools that other layers read", "[pool]") {
  check<Sequential<Conv3<5, Padding<1>>, MaxPool2d<Kernel<2>>, Residual<Conv3<5, Padding<1>>>, Conv3<3>>,
        Shape<6, 35, 3>>(golden::chain_pool_residual);
  check<Sequential<Conv3<4, Padding<1>>, Concat<MaxPool2d<Kernel<2>>, AvgPool2d<Kernel<2>>>, Conv2d<3>>,
        Shape<5, 20, 1>>(golden::chain_two_pools);
  check<Sequential<Conv3<6, Padding<1>>, MaxPool2d<Kernel<2>>, Depthwise3, Conv2d<9>>, Shape<8, 36, 3>>(
      golden::chain_pool_depthwise);
  check<Sequential<Conv3<5, Padding<1>>, MaxPool2d<Kernel<2, 3>, Stride<3>>, Conv2d<4>>, Shape<4, 54, 2>>(
      golden::chain_wide_pool);
  check<Sequential<Conv3<5, Padding<1>>, ReLU, GlobalAvgPool2d, Flatten, Linear<3>>, Shape<4, 18, 2>>(
      golden::chain_global);
}

TEST_CASE("few channels by two pixels and depthwise", "[conv]") {
  check<Sequential<Conv3<7, Stride<2>, Padding<0, 1, 0, 1>>, ReLU, Depthwise3, ReLU, Conv2d<16>, ReLU,
                   DepthwiseConv2d<Kernel<3>, Stride<2>, Padding<1>>>,
        Shape<10, 40, 3>>(golden::chain_stride_depthwise);
  check<Sequential<Conv3<3, Padding<1>>, DepthwiseConv2d<Kernel<5>, Stride<2>, Padding<2>>, ReLU,
                   MaxPool2d<Kernel<2>, Stride<1>>, Conv3<4, Padding<1>>>,
        Shape<9, 66, 2>>(golden::chain_depthwise_stride_2);
  check<Sequential<Depthwise3, ReLU, Conv3<5, Stride<2>, Padding<1>>, Conv2d<9>>, Shape<6, 34, 3>>(
      golden::chain_depthwise_first);
}
