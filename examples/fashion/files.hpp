/// Files from outside, read and unpacked. Nothing in them is trusted; whatever is wrong with one is thrown as a
/// std::runtime_error with a sentence that names the file.
#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace fashion {

using Bytes = std::vector<unsigned char>;

/// Whether the program was compiled with stb_image.h, which does the unpacking.
extern const bool can_unpack;

/// Unpacks a gzip file (RFC 1952) that must hold `size` bytes.
Bytes read_gzip(const std::filesystem::path& path, std::size_t size);

/// A picture in colour.
struct ColourPicture {
  std::size_t width = 0, height = 0;
  Bytes rgba;  // (height, width, 4)
};

/// Reads a PNG, JPEG, GIF, BMP or PNM file.
ColourPicture read_picture(const std::filesystem::path& path);

}  // namespace fashion
