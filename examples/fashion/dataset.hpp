/// The 10,000 test images of Fashion-MNIST and its training images, Zalando Research,
/// https://github.com/zalandoresearch/fashion-mnist.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

#include "files.hpp"
#include "networks.hpp"

namespace fashion {

struct TestSet {
  static constexpr std::size_t size = 10'000;

  Bytes pixels;  // (size, side, side)
  Bytes labels;  // (size), each under `classes`

  [[nodiscard]] Image image(std::size_t i) const { return to_image(Pixels{&pixels[i * side * side], side * side}); }
};

/// Whether the folder holds the test set.
bool has_test_set(const std::filesystem::path& folder);

/// Reads t10k-images-idx3-ubyte.gz and t10k-labels-idx1-ubyte.gz. Throws std::runtime_error, naming the file.
TestSet read_test_set(const std::filesystem::path& folder);

/// Whether the folder holds the training images.
bool has_training_images(const std::filesystem::path& folder);

/// The first of the 60,000 training images, from train-images-idx3-ubyte.gz. Throws as read_test_set does.
std::vector<Image> read_training_images(const std::filesystem::path& folder, std::size_t count);

}  // namespace fashion
