#include "golden/shape_ops.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("channels shuffled, sliced and split", "[shape]") {
  check<ChannelShuffle<2>, Shape<2, 3, 8>>(golden::channel_shuffle_2);
  check<ChannelShuffle<3>, Shape<2, 3, 33>>(golden::channel_shuffle_3);
  check<ChannelSlice<3, 1>, Shape<2, 3, 9>>(golden::channel_slice_3_1);
  check<Split<Identity, Conv2d<5, Kernel<3>, Padding<1>>>, Shape<3, 4, 8>>(golden::split);
  check<Split<ReLU, Identity, Conv2d<8>>, Shape<3, 4, 15>>(golden::split_3);
  using Main = Sequential<Conv2d<8>, ReLU, DepthwiseConv2d<Kernel<3>, Padding<1>>, Conv2d<8>, ReLU>;
  check<Sequential<Split<Identity, Main>, ChannelShuffle<2>>, Shape<4, 5, 16>>(golden::split_shuffle);
}

TEST_CASE("pads of every kind", "[shape]") {
  check<ZeroPad2d<2>, Shape<3, 4, 5>>(golden::zero_pad);
  check<ZeroPad2d<1, 3, 2, 0>, Shape<3, 4, 5>>(golden::zero_pad_asymmetric);
  check<ReflectionPad2d<2, 3, 4, 1>, Shape<4, 5, 3>>(golden::reflection_pad_asymmetric);
  check<ReplicationPad2d<0, 3, 4, 1>, Shape<2, 3, 5>>(golden::replication_pad_asymmetric);
  check<CircularPad2d<2, 4, 3, 1>, Shape<4, 3, 5>>(golden::circular_pad_asymmetric);
  check<Sequential<ReflectionPad2d<1>, Conv2d<8, Kernel<3>>>, Shape<5, 6, 3>>(golden::reflection_pad_conv);
  check<Sequential<ZeroPad2d<0, 1, 0, 1>, Conv2d<8, Kernel<3>, Stride<2>, Padding<1>>>, Shape<5, 6, 3>>(
      golden::zero_pad_padded_conv);
}

TEST_CASE("layers that do nothing at inference", "[shape]") {
  check<Identity, Shape<3, 4, 5>>(golden::identity);
  check<Identity, Shape<17>>(golden::identity_of_vector);
  check<Dropout, Shape<3, 4, 5>>(golden::dropout);
  check<Sequential<Identity, Dropout, Sequential<Identity>>, Shape<2, 3, 5>>(golden::only_identities);
  check<Sequential<Identity, Conv2d<8, Kernel<3>>, Dropout, ReLU, Identity>, Shape<4, 5, 3>>(
      golden::identities_around_conv);
}
