// A colour image that is read where the caller has it, residual blocks, a probability at the end.
#include "bytes.hpp"

using namespace ctnn;

namespace {
template <std::size_t outputs>
using Conv3 = Conv2d<outputs, Kernel<3>, Padding<1>>;
using Spec = Sequential<Conv2d<8, Kernel<3>, Stride<2>, Padding<1>>, ReLU, DepthwiseConv2d<Kernel<3>, Padding<1>>,
                        ReLU6, Conv2d<18>, Residual<Sequential<Conv3<6>, ReLU, Conv3<18>>>, ReLU, MaxPool2d<Kernel<2>>,
                        GlobalAvgPool2d, Flatten, Linear<10>, Softmax>;
}  // namespace

TEST_CASE("bytes: residual blocks are the reference's", "[bytes]") {
  byte_networks::check<Spec, Shape<17, 13, 3>, Int8>();
}
