// A budget is a line of code that the compiler checks. It takes no weights, and nothing has to run.
#include <cstdio>
#include <iostream>

#include <ctnn/ctnn.hpp>
#include <ctnn/network/summary.hpp>
namespace nn = ctnn;

using Reader = nn::Sequential<nn::Conv2d<16, nn::Kernel<3>, nn::SamePadding>, nn::ReLU,                    //
                              nn::DepthwiseSeparableConv2d<32, nn::Kernel<3>, nn::SamePadding>, nn::ReLU,  //
                              nn::GlobalAvgPool2d, nn::Flatten, nn::Linear<10>>;
using Model = nn::Network<Reader, nn::Shape<28, 28, 1>>;
static_assert(nn::at_most<Model::cost.flops(), 1'500'000>);
static_assert(nn::at_most<Model::cost.params, 1'500>);
static_assert(nn::at_most<Model::weight_bytes, 8 * 1024>);
static_assert(nn::at_most<Model::arena_bytes, 200 * 1024>);

// One that is too small stops the build: with 1'000'000 in the first line GCC says
//   note: the expression 'Actual <= Limit [with Limit = 1000000; Actual = 1255040]' evaluated to 'false'
// and Clang
//   note: because '1255040UL <= 1000000' (1255040 <= 1000000) evaluated to false

// The separable convolution by itself, against the standard one: 1 / 32 + 1 / 9 of the arithmetic.
using Image = nn::Shape<28, 28, 16>;
constexpr nn::Cost standard = nn::Bound<nn::Conv2d<32, nn::Kernel<3>, nn::Padding<1>>, Image>::cost;
constexpr nn::Cost separable = nn::Bound<nn::DepthwiseSeparableConv2d<32, nn::Kernel<3>, nn::Padding<1>>, Image>::cost;
static_assert(separable.macs * 32 * 9 == standard.macs * (32 + 9));

// One core of a laptop, and a microcontroller. The roofline model says how long a network takes on either at best.
constexpr nn::Machine laptop{.flops_per_second = 100e9, .bytes_per_second = 20e9, .name = "a laptop"};
constexpr nn::Machine controller{.flops_per_second = 400e6, .bytes_per_second = 800e6, .name = "a microcontroller"};
static_assert(Model::roofline_seconds(controller) < 0.01, "too slow for a hundred images a second");

int main() {
  nn::print_summary<Model>(std::cout, controller);
  std::printf("at best %.1f us on %s\n", 1e6 * Model::roofline_seconds(laptop), laptop.name.data());
}
