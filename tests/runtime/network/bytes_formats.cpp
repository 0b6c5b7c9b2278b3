// The formats whose rounding is another than TensorFlow Lite's single one, and the one that has weights of four bits.
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

TEST_CASE("bytes: W4A8 is the reference's", "[bytes]") {
  // bytes first; four bits that are unpacked, or not for few pixels; an image that is flattened; a vector
  using Layers = Sequential<Conv2d<8, Kernel<3>, Padding<1>>, ReLU, Conv2d<20, Kernel<3>, Padding<1>>, ReLU,
                            Residual<PointwiseConv2d<20>>, MaxPool2d<Kernel<2>>, Concat<Conv2d<16>, Identity>,
                            Conv2d<18, Kernel<2>>, Flatten, Linear<34>, ReLU, Linear<7>>;
  byte_networks::check<Layers, Shape<9, 8, 3>, W4A8>();
}
