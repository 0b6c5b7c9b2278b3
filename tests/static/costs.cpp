// Costs that are known from the literature, and every counting rule once.
#include <concepts>

#include <ctnn/ctnn.hpp>
#include <ctnn/network/advice.hpp>

namespace nn = ctnn;
using nn::Bound, nn::Kernel, nn::Padding, nn::Shape, nn::Stride, nn::Groups, nn::NoBias;

// ---- the seed network: 60,840 + 259,200 + 737,280 + 2,560 FLOPs

using Seed = nn::Sequential<nn::Conv2d<5, Kernel<3>>, nn::ReLU, nn::Conv2d<5, Kernel<3>>, nn::ReLU, nn::Flatten,
                            nn::Linear<128>, nn::ReLU, nn::Linear<10>>;
using SeedModel = nn::Network<Seed, Shape<28, 28, 1>>;
static_assert(std::same_as<SeedModel::Output, Shape<10>>);
static_assert(SeedModel::cost.flops() == 1'059'880);
static_assert(SeedModel::layers[0].cost.flops() == 60'840);
static_assert(SeedModel::layers[2].cost.flops() == 259'200);
static_assert(SeedModel::layers[5].cost.flops() == 737'280);
static_assert(SeedModel::layers[7].cost.flops() == 2'560);
static_assert(SeedModel::cost.params == 370'338);
static_assert(SeedModel::weight_bytes == 4 * 370'338);
// int8: a byte per weight, a scale of 4 bytes per output channel, biases of 4 bytes; scale and zero point of the input
// and of four outputs
static_assert(SeedModel::weight_bytes_in<nn::Int8> == (370'338 - 148) + 2 * 4 * 148 + 5 * 8);
static_assert(SeedModel::weight_bytes_in<nn::Int8> == nn::Network<Seed, Shape<28, 28, 1>, nn::Int8>::weight_bytes);
static_assert(SeedModel::cost_of("5") == SeedModel::layers[5].cost);
// bias and ReLU of the convolutions, bias and ReLU of 128, bias of 10
static_assert(SeedModel::cost.elementwise_ops == 2 * (26 * 26 * 5 + 24 * 24 * 5 + 128) + 10);
static_assert(SeedModel::cost.operations(nn::Counting::macs) == 529'940);
static_assert(SeedModel::cost.operations(nn::Counting::flops_with_elementwise) == 1'059'880 + 12'786 + 0);

// 1.06 ms at 1 GFLOP/s
constexpr nn::Machine gigaflop{.flops_per_second = 1e9, .bytes_per_second = 1e12};
static_assert(nn::Cost{.macs = 529'940}.roofline_seconds(gigaflop) > 1.0598e-3);
static_assert(nn::Cost{.macs = 529'940}.roofline_seconds(gigaflop) < 1.0600e-3);
// and where memory is the bound
static_assert(nn::Cost{.macs = 1, .memory_access = 1'000}.roofline_seconds({1e9, 4e9}) == 1'000 * 4 / 4e9);

// a machine may have rates of its own for other numbers: a layer's is that of its format
constexpr nn::Machine mixed{.flops_per_second = 1e9,
                            .bytes_per_second = 1e15,
                            .float16_flops_per_second = 2e9,
                            .int8_operations_per_second = 4e9};
template <nn::NumberFormat N, nn::NumberFormat Last = N>
inline constexpr double mixed_seconds = nn::Network<nn::Sequential<nn::Linear<1000>, nn::With<Last, nn::Linear<1000>>>,
                                                    Shape<1000>, N>::roofline_seconds(mixed);
static_assert(mixed.operations_per_second(nn::Precision::int8) == 4e9);
static_assert(gigaflop.operations_per_second(nn::Precision::int8) == 1e9);
static_assert(mixed_seconds<nn::F32> == mixed_seconds<nn::Int4Weights>);
static_assert(mixed_seconds<nn::F32> == 2 * mixed_seconds<nn::BF16>);
static_assert(mixed_seconds<nn::F32> == 4 * mixed_seconds<nn::Int8>);
static_assert(mixed_seconds<nn::F32, nn::Int8> == mixed_seconds<nn::F32> / 2 + mixed_seconds<nn::Int8> / 2);
static_assert(mixed.balance(nn::Precision::int8) == 4 * mixed.balance());

// both activations of the convolutions live at once while the second runs, then the first's place is free
static_assert(SeedModel::arena_bytes == 4 * ((26 * 26 * 5 + 15) / 16 * 16 + 24 * 24 * 5));

// ---- ShuffleNetV2, arXiv 1807.11164: memory access h w (c1 + c2) + c1 c2 at 56 x 56

template <std::size_t In, std::size_t Out, class... Options>
inline constexpr nn::Cost pointwise = Bound<nn::PointwiseConv2d<Out, Options...>, Shape<56, 56, In>>::cost;
static_assert(pointwise<128, 128>.memory_access == 819'200);
static_assert(pointwise<90, 180>.memory_access == 862'920);
static_assert(pointwise<52, 312>.memory_access == 1'157'728);
static_assert(pointwise<36, 432>.memory_access == 1'483'200);
static_assert(pointwise<128, 128, NoBias>.memory_access == 819'200);
static_assert(pointwise<128, 256, Groups<4>>.memory_access == 56 * 56 * (128 + 256) + 128 * 256 / 4);
// the bound is met where the widths are equal, and only there
static_assert(nn::least_memory_access(56 * 56, pointwise<128, 128>.macs) == 819'200.0);
static_assert(nn::least_memory_access(56 * 56, pointwise<90, 180>.macs) < 862'920.0);

// ---- separable against standard: "about 734 kFLOPs against about 20 MFLOPs". A separable convolution saves at most KH
// * KW, so a ratio of 27 wants a kernel of at least 6 x 6; 28 x 28 pixels, 3 channels to 35, kernel 11 x 11 gives both
// numbers.
using Standard = Bound<nn::Conv2d<35, Kernel<11>, nn::SamePadding>, Shape<28, 28, 3>>;
using Separable = Bound<nn::DepthwiseSeparableConv2d<35, Kernel<11>, nn::SamePadding>, Shape<28, 28, 3>>;
static_assert(Standard::cost.flops() == 19'921'440);
static_assert(Separable::cost.flops() == 733'824);

// ---- every rule once

static_assert(Bound<nn::Conv2d<8, Kernel<3, 5>, Stride<2>, Padding<1, 2>, Groups<2>>, Shape<9, 11, 4>>::cost ==
              nn::Cost{.macs = 5 * 6 * 8 * 3 * 5 * 2,
                       .elementwise_ops = 5 * 6 * 8,
                       .params = 8 * 2 * 15 + 8,
                       .memory_access = 9 * 11 * 4 + 5 * 6 * 8 + 8 * 2 * 15});
static_assert(Bound<nn::DepthwiseConv2d<Kernel<3>, nn::ChannelMultiplier<2>, NoBias>, Shape<5, 5, 3>>::cost.macs ==
              3 * 3 * 6 * 9);
static_assert(Bound<nn::Conv1d<4, Kernel<3>>, Shape<10, 2>>::cost.macs == 8 * 4 * 3 * 2);
static_assert(Bound<nn::Linear<7, NoBias>, Shape<5>>::cost ==
              nn::Cost{.macs = 35, .params = 35, .memory_access = 5 + 7 + 35});
static_assert(Bound<nn::BatchNorm2d<>, Shape<4, 4, 3>>::cost.params == 6);
static_assert(Bound<nn::BatchNorm2d<nn::NoAffine>, Shape<4, 4, 3>>::cost.params == 0);
static_assert(Bound<nn::PReLU<>, Shape<4, 4, 3>>::cost.params == 3);
static_assert(Bound<nn::Residual<nn::Identity>, Shape<4, 4, 3>>::cost.elementwise_ops == 48);
static_assert(Bound<nn::Dropout, Shape<4, 4, 3>>::cost == nn::Cost{});
static_assert(Bound<nn::Sequential<nn::Linear<2>, nn::Linear<3>>, Shape<4>>::cost.macs == 14);

// ---- parameters have PyTorch's names

using Named = nn::Network<
    nn::Sequential<
        nn::Named<"features", nn::Sequential<nn::Conv2d<4, Kernel<3>>, nn::BatchNorm2d<>, nn::Residual<nn::Conv2d<4>>>>,
        nn::Flatten, nn::Named<"classifier", nn::Linear<2>>>,
    Shape<5, 5, 1>>;
static_assert(Named::weight_count == 10);
static_assert(Named::weights[0].name.view() == "features.0.weight");
static_assert(Named::weights[4].name.view() == "features.1.running_mean");
static_assert(Named::weights[6].name.view() == "features.2.main.weight");
static_assert(Named::weights[9].name.view() == "classifier.bias");
static_assert(Named::weights[0].dims == std::array<std::size_t, 4>{4, 1, 3, 3});
