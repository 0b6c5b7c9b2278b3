#include "dataset.hpp"

#include <algorithm>
#include <cstdint>
#include <initializer_list>
#include <stdexcept>

namespace fashion {

namespace {

constexpr char images_file[] = "t10k-images-idx3-ubyte.gz";
constexpr char labels_file[] = "t10k-labels-idx1-ubyte.gz";
constexpr char training_file[] = "train-images-idx3-ubyte.gz";
constexpr std::size_t training_size = 60'000;

/// Reads an IDX file of bytes with exactly these extents. Its header is 0, 0, 8 (bytes), rank, then the extents as
/// big-endian 32-bit numbers; the data follow.
Bytes read_idx(const std::filesystem::path& path, std::initializer_list<std::size_t> extents) {
  Bytes header{0, 0, 8, static_cast<unsigned char>(extents.size())};
  std::size_t size = 1;
  for (const std::size_t extent : extents) {
    for (const int shift : {24, 16, 8, 0}) header.push_back(static_cast<unsigned char>(extent >> shift));
    size *= extent;
  }
  Bytes content = read_gzip(path, header.size() + size);
  const auto data = content.begin() + static_cast<std::ptrdiff_t>(header.size());
  if (!std::equal(header.begin(), header.end(), content.begin())) {
    throw std::runtime_error(path.string() + ": not a file of Fashion-MNIST, by its header");
  }
  return {data, content.end()};
}

}  // namespace

bool has_test_set(const std::filesystem::path& folder) {
  return exists(folder / images_file) && exists(folder / labels_file);
}

TestSet read_test_set(const std::filesystem::path& folder) {
  TestSet set{.pixels = read_idx(folder / images_file, {TestSet::size, side, side}),
              .labels = read_idx(folder / labels_file, {TestSet::size})};
  if (std::ranges::max(set.labels) >= classes) {
    throw std::runtime_error((folder / labels_file).string() + ": a label is no class of Fashion-MNIST");
  }
  return set;
}

bool has_training_images(const std::filesystem::path& folder) { return exists(folder / training_file); }

std::vector<Image> read_training_images(const std::filesystem::path& folder, std::size_t count) {
  const Bytes pixels = read_idx(folder / training_file, {training_size, side, side});
  std::vector<Image> images;
  for (std::size_t i = 0; i < count; ++i) images.push_back(to_image(Pixels{&pixels[i * side * side], side * side}));
  return images;
}

}  // namespace fashion
