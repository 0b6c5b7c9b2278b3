#include "golden/linear.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("layers between Flatten and Linear", "[linear]") {
  check<Sequential<Flatten, ReLU, Sigmoid, Linear<8>>, Shape<4, 3, 5>>(golden::flatten_activation_linear);
  check<Sequential<Conv2d<5, Kernel<3>>, Flatten, ReLU, Linear<8>>, Shape<4, 5, 3>>(
      golden::conv_flatten_activation_linear);
  check<Sequential<Flatten, BatchNorm1d<>, Linear<8>>, Shape<3, 4, 5>>(golden::flatten_batch_norm_linear);
  check<Sequential<Flatten, Dropout, Linear<8>, Dropout>, Shape<3, 4, 5>>(golden::flatten_dropout_linear);
  check<Sequential<Flatten, PReLU<>, Linear<5>>, Shape<2, 3, 5>>(golden::flatten_prelu_linear);
}

TEST_CASE("Flatten before branches", "[linear]") {
  check<Sequential<Flatten, Residual<Linear<24>>, Linear<5>>, Shape<2, 3, 4>>(golden::flatten_residual);
  check<Sequential<Flatten, Residual<Sequential<Linear<24>, ReLU, Linear<24>>>, ReLU>, Shape<2, 3, 4>>(
      golden::flatten_residual_of_two);
  check<Sequential<Flatten, Add<Linear<8>, Sequential<ReLU, Linear<8>>>>, Shape<3, 2, 5>>(golden::flatten_two_readers);
  check<Sequential<Flatten, Concat<Linear<3>, Identity>, Linear<4>>, Shape<3, 2, 5>>(golden::flatten_concat);
  check<Sequential<Flatten, Multiply<Identity, Linear<20>>>, Shape<2, 2, 5>>(golden::flatten_multiply);
}

TEST_CASE("Flatten in branches", "[linear]") {
  check<Concat<Sequential<Flatten, Linear<4>>, Sequential<GlobalAvgPool2d, Flatten>, Flatten>, Shape<3, 2, 5>>(
      golden::flatten_in_branch);
  using OfValueWithBorders =
      Sequential<ReLU, Concat<Sequential<Flatten, Linear<4>>, Sequential<Conv2d<2, Kernel<3>, Padding<1>>, Flatten>>>;
  check<OfValueWithBorders, Shape<3, 4, 5>>(golden::flatten_of_value_with_borders);
  using AfterSum = Sequential<Concat<Conv2d<5>, Identity>,
                              Add<Conv2d<2, Kernel<3>, Padding<1>>, Sequential<Conv2d<2, Kernel<5>, Padding<2>>>>,
                              Flatten, Linear<6>>;
  check<AfterSum, Shape<5, 4, 3>>(golden::flatten_padded_conv_linear);
}
