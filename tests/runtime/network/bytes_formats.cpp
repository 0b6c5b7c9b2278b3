// The formats whose rounding is another than TensorFlow Lite's single one.
#include "bytes.hpp"

using namespace ctnn;

namespace {
using Spec = Sequential<Conv2d<6, Kernel<3>, Padding<1>>, ReLU, Residual<DepthwiseConv2d<Kernel<3>, Padding<1>>>,
                        Flatten, Linear<7>>;
}  // namespace

TEST_CASE("bytes: QLinearInt8 is the reference's", "[bytes]") {
  byte_networks::check<Spec, Shape<5, 4, 2>, QLinearInt8>();
}

TEST_CASE("bytes: Int8DoubleRounding is the reference's", "[bytes]") {
  byte_networks::check<Spec, Shape<5, 4, 2>, Int8DoubleRounding>();
}
