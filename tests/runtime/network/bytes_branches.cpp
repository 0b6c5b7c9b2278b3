// A grey image, branches side by side, fully connected layers that read an image where it lies.
#include "bytes.hpp"

using namespace ctnn;

namespace {
template <std::size_t outputs>
using Conv3 = Conv2d<outputs, Kernel<3>, Padding<1>>;
using Spec = Sequential<Conv2d<5, Kernel<3>>, ReLU,
                        Concat<Identity, Conv3<7>, Sequential<AvgPool2d<Kernel<3>, Stride<1>, Padding<1>>, Conv2d<3>>>,
                        DepthwiseConv2d<Kernel<5>, Stride<2>, Padding<2>>, Conv2d<6, Kernel<3>, Padding<1>, Groups<3>>,
                        Flatten, Linear<9>, ReLU, Linear<5>>;
}  // namespace

TEST_CASE("bytes: branches are the reference's", "[bytes]") { byte_networks::check<Spec, Shape<11, 10, 1>, UInt8>(); }
