// What a network costs is known before it runs, and a budget that it must keep is a line of code.
#include <cstdio>
#include <iostream>

#include <ctnn/ctnn.hpp>
#include <ctnn/network/summary.hpp>

namespace nn = ctnn;

template <class Convolution>
using Reader = nn::Network<nn::Sequential<nn::Conv2d<16, nn::Kernel<3>, nn::Padding<1>>, nn::ReLU,  //
                                          Convolution, nn::ReLU,                                    //
                                          nn::GlobalAvgPool2d, nn::Flatten, nn::Linear<10>>,
                           nn::Shape<28, 28, 1>>;

using Standard = Reader<nn::Conv2d<32, nn::Kernel<3>, nn::Padding<1>>>;
using Separable = Reader<nn::DepthwiseSeparableConv2d<32, nn::Kernel<3>, nn::Padding<1>>>;

// Budgets. One that is too small stops the build: with 1'000'000 in the first line GCC says
//   note: the expression 'Actual <= Limit [with Limit = 1000000; Actual = 1255040]' evaluated to 'false'
// and Clang
//   note: because '1255040UL <= 1000000' (1255040 <= 1000000) evaluated to false
static_assert(nn::at_most<Separable::cost.flops(), 1'500'000>);
static_assert(nn::at_most<Separable::cost.params, 1'500>);
static_assert(nn::at_most<Separable::weight_bytes, 8 * 1024>);
static_assert(nn::at_most<Separable::arena_bytes, 200 * 1024>);

// The separable convolution by itself, against the standard one: 1 / 32 + 1 / 9 of the arithmetic.
using Image = nn::Shape<28, 28, 16>;
constexpr nn::Cost standard = nn::Bound<nn::Conv2d<32, nn::Kernel<3>, nn::Padding<1>>, Image>::cost;
constexpr nn::Cost separable = nn::Bound<nn::DepthwiseSeparableConv2d<32, nn::Kernel<3>, nn::Padding<1>>, Image>::cost;
static_assert(separable.macs * 32 * 9 == standard.macs * (32 + 9));

// One core of a laptop, and a microcontroller. The roofline model says how long a network takes on either at best.
constexpr nn::Machine laptop{.flops_per_second = 100e9, .bytes_per_second = 20e9};
constexpr nn::Machine microcontroller{.flops_per_second = 400e6, .bytes_per_second = 800e6};
static_assert(Separable::roofline_seconds(microcontroller) < 0.01, "too slow for a hundred images a second");

template <class Model>
void print_times(const char* name) {
  std::printf("%s: at best %.1f us on the laptop, %.1f ms on the microcontroller\n", name,
              1e6 * Model::roofline_seconds(laptop), 1e3 * Model::roofline_seconds(microcontroller));
}

int main() {
  nn::print_summary<Separable>(std::cout);
  print_times<Standard>("standard");
  print_times<Separable>("separable");
}
