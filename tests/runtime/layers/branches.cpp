#include "golden/branches.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

namespace {
template <std::size_t Outputs>
using Conv3 = Conv2d<Outputs, Kernel<3>, Padding<1>>;
}  // namespace

TEST_CASE("Add sums branches", "[branches]") {
  check<Add<Conv2d<8>, Conv3<8>>, Shape<3, 4, 5>>(golden::add_2);
  check<Add<Conv2d<8>, Conv3<8>, Conv2d<8, Kernel<1, 3>, Padding<0, 1>>>, Shape<3, 4, 5>>(golden::add_3);
  check<Add<Identity, Conv3<8>, Identity>, Shape<3, 4, 8>>(golden::add_identity_conv_identity);
  check<Add<Linear<17>, Sequential<Linear<8>, ReLU, Linear<17>>>, Shape<16>>(golden::add_of_vectors);
}

TEST_CASE("Add of branches that read and keep one value", "[branches]") {
  check<Add<Identity, Identity>, Shape<3, 4, 5>>(golden::add_identity_twice);
  check<Sequential<Conv2d<8>, Add<Identity, Identity>, ReLU, Conv3<5>>, Shape<3, 4, 5>>(
      golden::add_identity_twice_after_conv);
  check<Sequential<Conv3<8>, Add<ReLU, Sigmoid, Tanh>>, Shape<3, 4, 5>>(golden::add_shared_activations);
  check<Sequential<Conv2d<8, Kernel<3>>, Add<Tanh, Identity>, Conv2d<3>>, Shape<3, 4, 5>>(golden::add_activation_first);
}

// The joins' outputs may have borders for the convolution after them, their inputs have none.
TEST_CASE("joins before a padded convolution", "[branches]") {
  check<Sequential<Conv2d<8>, Add<ReLU, Tanh, Identity>, Conv3<3>>, Shape<3, 4, 5>>(golden::add_3_into_padded_conv);
  check<Sequential<Conv2d<8>, Multiply<Identity, GlobalAvgPool2d>, Conv3<5>>, Shape<4, 5, 3>>(
      golden::multiply_pixel_into_padded_conv);
  check<Sequential<Conv2d<8>, Multiply<Identity, Tanh, ReLU>, Conv3<3>>, Shape<3, 4, 5>>(golden::multiply_3_whole);
}

TEST_CASE("Multiply", "[branches]") {
  check<Multiply<Identity, Sigmoid>, Shape<3, 4, 5>>(golden::multiply);
  check<Multiply<Linear<8>, Sequential<Linear<8>, Sigmoid>>, Shape<17>>(golden::multiply_of_vectors);
  check<Sequential<ReLU, Multiply<Identity, Identity>, Conv2d<3>>, Shape<2, 3, 5>>(golden::multiply_same_twice);
}

TEST_CASE("Multiply spreads a pixel over an image", "[branches]") {
  check<Multiply<GlobalAvgPool2d, Conv2d<17>>, Shape<3, 4, 17>>(golden::multiply_pixel_first);
  check<Multiply<GlobalMaxPool2d, Identity, GlobalAvgPool2d>, Shape<3, 4, 5>>(golden::multiply_3);
  check<Multiply<Identity, Sequential<GlobalAvgPool2d, Conv2d<5>, ReLU, Conv2d<17>, Sigmoid>>, Shape<5, 6, 17>>(
      golden::squeeze_excite);
  using SqueezeExcite = Multiply<Identity, Sequential<GlobalAvgPool2d, Conv2d<4>, ReLU, Conv2d<16>, Sigmoid>>;
  check<Sequential<Conv3<16>, HardSwish, SqueezeExcite, Conv2d<8>>, Shape<5, 6, 3>>(golden::squeeze_excite_inside);
}

TEST_CASE("composites nested deeply", "[branches]") {
  using Inner =
      Add<Sequential<Sequential<Conv2d<5>>, Identity>, Concat<Conv2d<2>, Sequential<Conv2d<3>, Sequential<ReLU>>>>;
  using Spec = Sequential<Sequential<Sequential<Sequential<Conv3<5>>, Sequential<ReLU>>>, Residual<Sequential<Inner>>>;
  check<Spec, Shape<4, 4, 3>>(golden::nested_deeply);
}

TEST_CASE("Named gives parameters their path", "[branches]") {
  using Features =
      Sequential<Named<"conv0", Conv2d<8, Kernel<3>>>, Named<"norm0", BatchNorm2d<>>, Named<"relu0", ReLU>>;
  check<Sequential<Named<"features", Features>, Named<"flatten", Flatten>, Named<"classifier", Sequential<Linear<10>>>>,
        Shape<4, 5, 3>>(golden::named);
  check<Sequential<Residual<Named<"conv1", Conv2d<5>>, Named<"downsample", Sequential<Conv2d<5>, BatchNorm2d<>>>>,
                   Residual<Named<"body", Conv2d<5>>>>,
        Shape<4, 5, 3>>(golden::named_branches);
}
