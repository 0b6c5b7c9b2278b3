#include "golden/branches.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

namespace {
template <std::size_t Outputs>
using Conv3 = Conv2d<Outputs, Kernel<3>, Padding<1>>;
}  // namespace

TEST_CASE("Concat lays branches one behind the other", "[branches]") {
  check<Concat<Conv2d<3>, Conv3<8>>, Shape<3, 4, 5>>(golden::concat_2);
  check<Concat<Identity, Conv2d<17>, Identity>, Shape<3, 4, 5>>(golden::concat_with_identity);
  check<Concat<Conv1d<3, Kernel<3>, Padding<1>>, Identity>, Shape<7, 5>>(golden::concat_of_sequences);
  check<Sequential<Concat<Linear<3>, Identity, ReLU>, Linear<4>>, Shape<5>>(golden::concat_of_vectors);
}

TEST_CASE("Concat in networks of the field", "[branches]") {
  using Dense = Concat<Identity, Sequential<Conv3<5>, ReLU>>;
  check<Sequential<Dense, Dense, Conv3<8>>, Shape<4, 5, 3>>(golden::concat_dense);
  using Fire = Sequential<Conv2d<5>, ReLU, Concat<Sequential<Conv2d<8>, ReLU>, Sequential<Conv3<8>, ReLU>>>;
  check<Fire, Shape<5, 6, 16>>(golden::concat_fire);
  using Inception = Concat<Conv2d<3>, Sequential<Conv2d<5>, Conv3<8>>,
                           Sequential<MaxPool2d<Kernel<3>, Stride<1>, Padding<1>>, Conv2d<5>>>;
  check<Inception, Shape<5, 6, 8>>(golden::concat_inception);
  using EncoderDecoder =
      Sequential<Conv3<5>, ReLU,
                 Concat<Identity, Sequential<MaxPool2d<Kernel<2>>, Conv3<8>, ReLU, Upsample2d<2, Bilinear>>>, Conv3<2>>;
  check<EncoderDecoder, Shape<6, 8, 3>>(golden::encoder_decoder);
  using Down = DepthwiseConv2d<Kernel<3>, Stride<2>, Padding<1>>;
  using ShuffleUnit = Sequential<
      Concat<Sequential<Down, BatchNorm2d<>, Conv2d<12>, BatchNorm2d<>, ReLU>,
             Sequential<Conv2d<12>, BatchNorm2d<>, ReLU, Down, BatchNorm2d<>, Conv2d<12>, BatchNorm2d<>, ReLU>>,
      ChannelShuffle<2>>;
  check<ShuffleUnit, Shape<6, 6, 8>>(golden::shuffle_unit);
}
