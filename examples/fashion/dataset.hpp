/// The 10,000 test images of Fashion-MNIST, Zalando Research, https://github.com/zalandoresearch/fashion-mnist.
#pragma once

#include <cstddef>
#include <filesystem>

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

}  // namespace fashion
