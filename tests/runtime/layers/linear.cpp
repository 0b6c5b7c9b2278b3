#include "golden/linear.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("Linear", "[linear]") {
  check<Linear<33>, Shape<17>>(golden::linear);
  check<Linear<5, NoBias>, Shape<33>>(golden::linear_no_bias);
  check<Linear<1>, Shape<1>>(golden::linear_of_one);
  check<Linear<130>, Shape<65>>(golden::linear_wide);
  check<Sequential<Linear<17>, ReLU, Linear<128>, Tanh, Linear<10>>, Shape<33>>(golden::linear_chain);
  check<Sequential<Linear<17>, BatchNorm1d<>, ReLU>, Shape<16>>(golden::linear_batch_norm);
}

TEST_CASE("Flatten orders an image channel by channel", "[linear]") {
  check<Flatten, Shape<3, 4, 5>>(golden::flatten_last);
  check<Sequential<Conv2d<8, Kernel<3>, Padding<1>>, ReLU, Flatten>, Shape<4, 5, 3>>(golden::flatten_after_conv);
  check<Sequential<Conv2d<3, Kernel<2>>, Flatten, Tanh>, Shape<3, 2, 5>>(golden::flatten_activation_last);
  check<Sequential<Flatten, Softmax>, Shape<2, 3, 5>>(golden::flatten_softmax);
}

TEST_CASE("Linear after Flatten", "[linear]") {
  check<Sequential<Flatten, Linear<7>>, Shape<3, 4, 5>>(golden::flatten_linear);
  check<Sequential<Flatten, Linear<7>>, Shape<5, 4, 1>>(golden::flatten_linear_one_channel);
  check<Sequential<Flatten, Linear<8>>, Shape<1, 1, 17>>(golden::flatten_linear_one_pixel);
  check<Sequential<Flatten, Linear<9>>, Shape<6, 5>>(golden::flatten_sequence_linear);
  check<Sequential<Flatten, Flatten, Linear<6>>, Shape<3, 2, 5>>(golden::flatten_twice);
}
