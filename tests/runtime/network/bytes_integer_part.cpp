// Integers inside a network of floats: on the build's own instruction sets what the reference gives.
#include "bytes.hpp"

using namespace ctnn;

namespace {
template <std::size_t outputs>
using Conv3 = Conv2d<outputs, Kernel<3>, Padding<1>>;
/// Values of one format with borders for the other, on both sides of the part.
using Spec = Sequential<Conv3<5>, With<Int8, Sequential<Conv3<8>, ReLU, Conv3<3>>>, Conv3<4>, Flatten, Linear<3>>;
}  // namespace

TEST_CASE("mixed formats: a network of floats with a part of integers", "[bytes]") {
  byte_networks::check<Spec, Shape<6, 5, 2>, F32>(byte_networks::Scales::powers_of_two);
}
