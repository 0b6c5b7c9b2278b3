/// The networks of this example, layer by layer as train.py builds them in PyTorch.
#pragma once

#include <concepts>
#include <cstddef>
#include <span>

#include <ctnn/ctnn.hpp>

namespace fashion {

namespace nn = ctnn;

inline constexpr std::size_t side = 28;     // of an image, in pixels
inline constexpr std::size_t classes = 10;  // kinds of clothes

using Image = nn::Tensor<float, nn::Shape<side, side, 1>>;
using Logits = nn::Tensor<float, nn::Shape<classes>>;

/// An image as data sets have it: row by row, 0 is background, 255 is white.
using Pixels = std::span<const unsigned char, side * side>;

/// The networks' input, as they were trained: pixel / 255.
constexpr Image to_image(Pixels pixels) {
  Image image;
  for (std::size_t i = 0; i < pixels.size(); ++i) image[i] = static_cast<float>(pixels[i]) / 255.0F;
  return image;
}

/// Two small convolutions and a large fully connected layer.
using SeedNetwork = nn::Sequential<          // 28 x 28 x 1
    nn::Conv2d<5, nn::Kernel<3>>, nn::ReLU,  // 26 x 26 x 5
    nn::Conv2d<5, nn::Kernel<3>>, nn::ReLU,  // 24 x 24 x 5
    nn::Flatten,                             // 2880
    nn::Linear<128>, nn::ReLU,               // 128
    nn::Linear<classes>>;

/// As much arithmetic with a fortieth of the parameters. Every separable convolution filters the channels one by one,
/// then mixes them pixel by pixel.
using SeparableNetwork = nn::Sequential<  // 28 x 28 x 1
    nn::Conv2d<16, nn::Kernel<3>, nn::Stride<2>, nn::Padding<1>, nn::NoBias>, nn::BatchNorm2d<>,
    nn::ReLU,  // 14 x 14 x 16
    nn::DepthwiseSeparableConv2d<32, nn::Kernel<3>, nn::Padding<1>, nn::NoBias>, nn::BatchNorm2d<>,
    nn::ReLU,  // 14 x 14 x 32
    nn::DepthwiseSeparableConv2d<64, nn::Kernel<3>, nn::Stride<2>, nn::Padding<1>, nn::NoBias>, nn::BatchNorm2d<>,
    nn::ReLU,  // 7 x 7 x 64
    nn::DepthwiseSeparableConv2d<64, nn::Kernel<3>, nn::Padding<1>, nn::NoBias>, nn::BatchNorm2d<>,
    nn::ReLU,                          // 7 x 7 x 64
    nn::GlobalAvgPool2d, nn::Flatten,  // 64
    nn::Linear<classes>>;

/// train.py's student_network(width, resolution, depth): three stages of `depth` separable convolutions each.
template <std::size_t channels, std::size_t stride>
using StudentBlock = nn::Sequential<
    nn::DepthwiseSeparableConv2d<channels, nn::Kernel<3>, nn::Stride<stride>, nn::Padding<1>, nn::NoBias>,
    nn::BatchNorm2d<>, nn::ReLU>;
template <std::size_t channels, std::size_t stride, std::size_t depth>
using StudentStage = nn::Sequential<StudentBlock<channels, stride>, nn::Repeat<depth - 1, StudentBlock<channels, 1>>>;
template <std::size_t width, std::size_t resolution, std::size_t depth>
using StudentNetwork =
    nn::Sequential<nn::AdaptiveAvgPool2d<resolution>,
                   nn::Conv2d<width, nn::Kernel<3>, nn::Stride<2>, nn::Padding<1>, nn::NoBias>, nn::BatchNorm2d<>,
                   nn::ReLU,  //
                   StudentStage<width, 1, depth>, StudentStage<2 * width, 2, depth>, StudentStage<4 * width, 2, depth>,
                   nn::GlobalAvgPool2d, nn::Flatten, nn::Linear<classes>>;

using SeedModel = nn::Network<SeedNetwork, Image::Shape>;
using SeparableModel = nn::Network<SeparableNetwork, Image::Shape>;

// What the networks take, make and cost is known before the program runs.
static_assert(std::same_as<SeedModel::Output, Logits::Shape>);
static_assert(std::same_as<SeparableModel::Output, Logits::Shape>);
static_assert(SeedModel::cost.flops() == 1'059'880 && SeedModel::cost.params == 370'338);
static_assert(SeparableModel::cost.flops() == 1'001'664 && SeparableModel::cost.params == 8'810);
static_assert(nn::at_most<SeedModel::arena_bytes, 40 * 1024> && nn::at_most<SeparableModel::arena_bytes, 40 * 1024>);

}  // namespace fashion
