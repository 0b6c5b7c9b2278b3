// Floats inside a network of integers, and as its output: on the build's own instruction sets what the reference gives.
#include "bytes.hpp"

using namespace ctnn;

namespace {
template <std::size_t outputs>
using Conv3 = Conv2d<outputs, Kernel<3>, Padding<1>>;
using Spec = Sequential<Conv3<6>, ReLU, With<F32, Sequential<Conv3<5>, ReLU, Conv3<4>>>, Conv3<5>, MaxPool2d<Kernel<2>>,
                        Flatten, With<F32, Linear<4>>>;
}  // namespace

TEST_CASE("mixed formats: a network of integers with parts of floats, and a float at the end", "[bytes]") {
  byte_networks::check<Spec, Shape<6, 5, 3>, Int8>(byte_networks::Scales::powers_of_two);
}
