// Branches of different number formats, and formats inside formats.
#include "bytes.hpp"

using namespace ctnn;
using byte_networks::Scales;

namespace {
template <std::size_t outputs>
using Conv3 = Conv2d<outputs, Kernel<3>, Padding<1>>;
using Branches = Sequential<Conv3<4>, Concat<Identity, With<Int8, Conv3<3>>, Conv2d<5>>,
                            Residual<With<Int8, Sequential<Conv3<12>, ReLU>>>, Conv2d<3>>;
using Nested =
    Sequential<Conv2d<6>, With<F32, Sequential<Residual<Sequential<Conv3<6>, With<Int8, Conv3<6>>, ReLU>>, Conv2d<3>>>,
               With<F32, Identity>, Add<Identity, With<F32, Conv2d<3>>>, With<UInt8, Conv2d<4>>>;
}  // namespace

TEST_CASE("mixed formats: branches in a format of their own", "[bytes]") {
  byte_networks::check<Branches, Shape<5, 6, 2>, F32>(Scales::powers_of_two);
}

TEST_CASE("mixed formats: formats inside formats", "[bytes]") {
  byte_networks::check<Nested, Shape<4, 5, 3>, Int8>(Scales::powers_of_two);
}
