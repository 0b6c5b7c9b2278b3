/// A picture of the user's own, made into what the networks know: a white thing on black that fills 28 x 28 pixels.
#pragma once

#include <filesystem>
#include <string>

#include "networks.hpp"

namespace fashion {

struct PreparedPicture {
  Image image;
  std::string how;  // a sentence on what was done to the picture
};

/// Reads a picture of any size. Throws std::runtime_error, naming the file.
PreparedPicture prepare_picture(const std::filesystem::path& path);

}  // namespace fashion
