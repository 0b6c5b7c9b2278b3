// Parts of a network in other number formats: on every instruction set what the reference gives.
#include "bytes.hpp"

using namespace ctnn;
using byte_networks::Scales;

namespace {
template <std::size_t outputs>
using Conv3 = Conv2d<outputs, Kernel<3>, Padding<1>>;
/// Borders of one format around values of another on both sides of the part.
using IntegerPart =
    Sequential<Conv3<5>, With<Int8, Sequential<Conv3<8>, ReLU, Conv3<3>>>, Conv3<4>, Flatten, Linear<3>>;
using FloatPart = Sequential<Conv3<6>, ReLU, With<F32, Sequential<Conv3<5>, ReLU, Conv3<4>>>, Conv3<5>,
                             MaxPool2d<Kernel<2>>, Flatten, With<F32, Linear<4>>>;
}  // namespace

TEST_CASE("mixed formats: a network of floats with a part of integers", "[bytes]") {
  byte_networks::check<IntegerPart, Shape<6, 5, 2>, F32>(Scales::powers_of_two);
}

TEST_CASE("mixed formats: a network of integers with parts of floats, and a float at the end", "[bytes]") {
  byte_networks::check<FloatPart, Shape<6, 5, 3>, Int8>(Scales::powers_of_two);
}
