// A network in eight-bit integers, from its float weights and a few images: what is chosen, and what it costs.
#include <algorithm>
#include <cstddef>
#include <exception>
#include <iostream>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/quantize/quantize.hpp>

#include "fashion/networks.hpp"
#include "fashion/sample_images.hpp"
#include "fashion/separable_weights.hpp"

namespace nn = ctnn;

namespace {

using Model = nn::Network<fashion::SeparableNetwork, nn::Shape<28, 28, 1>>;
using Model8 = nn::Network<fashion::SeparableNetwork, nn::Shape<28, 28, 1>, nn::Int8>;

void run() {
  std::vector<fashion::Image> images;  // some hundred of the training set would be better
  for (const fashion::Sample& sample : fashion::samples) images.push_back(fashion::to_image(sample.pixels));
  const nn::WeightsView<Model> weights{fashion::separable_weights};

  const nn::QuantizeOptions<nn::MinMax> options{.equalize = true, .correct_bias = true};
  const auto [weights8, report] = nn::quantize<Model8>(weights, images, options);
  nn::print_report(std::cout, report);
  for (const auto path : report.below(30.0)) {  // alone
    std::cout << path << " is below 30 dB: it could be With<F32, " << report.find(path)->layer << ">\n";
  }

  const Model8 model8{weights8};
  nn::Tensor<std::int8_t, Model8::Input> image;
  const auto quantization = model8.input_quantization();
  std::ranges::transform(images[0], image.begin(), [&](float x) { return quantization.quantize(x); });
  std::cout << "the first image is a " << fashion::class_names[nn::argmax(model8(image))] << '\n';
}

}  // namespace

int main() {
  try {
    run();
    return 0;
  } catch (const std::exception& error) {
    std::cerr << "quantize: " << error.what() << '\n';
    return 1;
  }
}
