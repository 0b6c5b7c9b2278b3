// TinyMaix's int8 networks for MNIST against TensorFlow Lite's outputs of the real test images.

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "runtime/quantized/tflite.hpp"

namespace nn = ctnn;

namespace {

using nn::Conv2d, nn::Kernel, nn::Stride, nn::SamePadding, nn::ReLU;
using Head = nn::Sequential<nn::GlobalAvgPool2d, nn::Flatten, nn::Linear<10>, nn::Softmax>;
using Valid = nn::Sequential<Conv2d<4, Kernel<3>, Stride<2>>, ReLU, Conv2d<8, Kernel<3>, Stride<2>>, ReLU,
                             Conv2d<16, Kernel<3>, Stride<2>>, ReLU, Head>;
using Depthwise =
    nn::Sequential<Conv2d<4, Kernel<3>, Stride<2>, SamePadding>, ReLU, nn::DepthwiseConv2d<Kernel<3>, SamePadding>,
                   ReLU, Conv2d<16, Kernel<3>, Stride<2>, SamePadding>, ReLU,
                   nn::DepthwiseConv2d<Kernel<3>, SamePadding, nn::ChannelMultiplier<2>>, ReLU, Head>;

#if defined(CTNN_FIXTURES) && defined(CTNN_MNIST)

/// The probabilities of the first images, from a table with a line per image: index, label, prediction, probabilities.
std::vector<std::int8_t> golden_probabilities(const std::string& path) {
  std::ifstream file{path};
  REQUIRE(file);
  std::vector<std::int8_t> result;
  std::string line;
  std::getline(file, line);
  while (std::getline(file, line)) {
    std::istringstream numbers{line};
    std::string number;
    for (std::size_t column = 0; std::getline(numbers, number, ','); ++column) {
      if (column >= 3) result.push_back(static_cast<std::int8_t>(std::stoi(number)));
    }
  }
  return result;
}

template <class Spec>
void check(const std::string& name) {
  const std::string folder = std::string{CTNN_FIXTURES} + "/tinymaix/";
  using Model = nn::Network<Spec, nn::Shape<28, 28, 1>, nn::Int8>;
  const auto model = tflite::load<Model>(folder + name);
  auto pixels = tflite::read_file<std::uint8_t>(std::string{CTNN_MNIST} + "/t10k-images-idx3-ubyte");
  pixels.erase(pixels.begin(), pixels.begin() + 16);  // the file's header
  auto outputs = tflite::outputs_of(*model, tflite::signed_pixels(pixels));
  REQUIRE(outputs.size() == 10 * 10'000);

#ifdef CTNN_TINYMAIX
  const auto golden_classes = tflite::read_file<std::uint8_t>(std::string{CTNN_TINYMAIX} + "/" + name + ".pred10k.u8");
  REQUIRE(golden_classes.size() == 10'000);
  std::size_t other = 0;
  for (std::size_t n = 0; n < golden_classes.size(); ++n) {
    const auto first = outputs.begin() + static_cast<std::ptrdiff_t>(10 * n);
    if (std::max_element(first, first + 10) - first != golden_classes[n]) ++other;
  }
  CHECK(other == 0);
#endif
  const auto golden = golden_probabilities(folder + "golden/" + name + ".first256.csv");
  REQUIRE(golden.size() == 10 * 256);
  outputs.resize(golden.size());
  CHECK(tflite::differences(outputs, golden) == 0);
}

#endif

template <class Spec>
void check_or_skip([[maybe_unused]] const std::string& name) {
#ifndef CTNN_FIXTURES
  skip("TinyMaix", "CTNN_FIXTURES is not set");
#elif !defined(CTNN_MNIST)
  skip("TinyMaix", "CTNN_MNIST, a folder with MNIST's t10k-images-idx3-ubyte, is not set");
#else
  check<Spec>(name);
#endif
}

}  // namespace

TEST_CASE("a small int8 convolutional network gives TensorFlow Lite's bytes") { check_or_skip<Valid>("mnist_valid_q"); }
TEST_CASE("a small int8 depthwise network gives TensorFlow Lite's bytes") { check_or_skip<Depthwise>("mnist_dw_q"); }
