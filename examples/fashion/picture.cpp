#include "picture.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <stdexcept>
#include <vector>

#include "files.hpp"

namespace fashion {

namespace {

struct GreyPicture {
  std::size_t width, height;
  std::vector<float> pixels;  // (height, width), 0 to 1

  [[nodiscard]] float at(std::size_t row, std::size_t column) const { return pixels[row * width + column]; }
};

/// A part of a picture, or one that reaches beyond it.
struct Square {
  double top, left, side;
};

struct Box {
  std::size_t top, left, bottom, right;  // the last two are past the end
  [[nodiscard]] std::size_t height() const { return bottom - top; }
  [[nodiscard]] std::size_t width() const { return right - left; }
};

/// Brightness by ITU-R BT.601; what is transparent shows white.
GreyPicture to_grey(const ColourPicture& colours) {
  GreyPicture grey{colours.width, colours.height, {}};
  grey.pixels.reserve(grey.width * grey.height);
  for (std::size_t i = 0; i < colours.rgba.size(); i += 4) {
    const auto channel = [&](std::size_t c) { return static_cast<float>(colours.rgba[i + c]) / 255.0F; };
    const float brightness = 0.299F * channel(0) + 0.587F * channel(1) + 0.114F * channel(2);
    grey.pixels.push_back(1.0F - channel(3) * (1.0F - brightness));
  }
  return grey;
}

/// The median along the picture's border.
float background_of(const GreyPicture& picture) {
  std::vector<float> border;
  for (std::size_t column = 0; column < picture.width; ++column) {
    border.push_back(picture.at(0, column));
    border.push_back(picture.at(picture.height - 1, column));
  }
  for (std::size_t row = 0; row < picture.height; ++row) {
    border.push_back(picture.at(row, 0));
    border.push_back(picture.at(row, picture.width - 1));
  }
  const auto middle = border.begin() + static_cast<std::ptrdiff_t>(border.size() / 2);
  std::ranges::nth_element(border, middle);
  return *middle;
}

/// Scales brightness so that the background becomes 0, and what is furthest from it 1.
void set_background_to_black(GreyPicture& picture, float background) {
  const float furthest = background > 0.5F ? 0.0F : 1.0F;
  for (float& pixel : picture.pixels) pixel = std::max(0.0F, (pixel - background) / (furthest - background));
}

/// The smallest box around everything that stands out from black.
Box find_thing(const GreyPicture& picture) {
  constexpr float visible = 0.1F;  // above the noise of a JPEG file
  Box box{picture.height, picture.width, 0, 0};
  for (std::size_t row = 0; row < picture.height; ++row) {
    for (std::size_t column = 0; column < picture.width; ++column) {
      if (picture.at(row, column) < visible) continue;
      box = {std::min(box.top, row), std::min(box.left, column), row + 1, std::max(box.right, column + 1)};
    }
  }
  return box;
}

Square square_around(const Box& box) {
  const auto length = static_cast<double>(std::max(box.height(), box.width()));
  return {static_cast<double>(box.top + box.bottom) / 2 - length / 2,
          static_cast<double>(box.left + box.right) / 2 - length / 2, length};
}

/// The part of an axis of pixels from one place to another, which need not be whole pixels.
struct Stretch {
  double from, to;

  [[nodiscard]] std::size_t first() const { return static_cast<std::size_t>(std::max(from, 0.0)); }
  /// Past the last pixel touched; there are `limit`.
  [[nodiscard]] std::size_t end(std::size_t limit) const {
    return std::min(static_cast<std::size_t>(std::max(std::ceil(to), 0.0)), limit);
  }
  /// How much of a pixel is in it, 0 to 1.
  [[nodiscard]] double share(std::size_t pixel) const {
    const auto begin = static_cast<double>(pixel);
    return std::max(0.0, std::min(begin + 1, to) - std::max(begin, from));
  }
};

/// Mean brightness of a part of the picture; all is black outside.
float mean_of(const GreyPicture& picture, const Square& part) {
  const Stretch rows{part.top, part.top + part.side}, columns{part.left, part.left + part.side};
  double sum = 0;
  for (std::size_t row = rows.first(); row < rows.end(picture.height); ++row) {
    for (std::size_t column = columns.first(); column < columns.end(picture.width); ++column) {
      sum += rows.share(row) * columns.share(column) * static_cast<double>(picture.at(row, column));
    }
  }
  return static_cast<float>(sum / (part.side * part.side));
}

Image resize(const GreyPicture& picture, const Square& part) {
  Image image;
  const double step = part.side / static_cast<double>(side);
  for (std::size_t row = 0; row < side; ++row) {
    for (std::size_t column = 0; column < side; ++column) {
      const Square source{part.top + step * static_cast<double>(row), part.left + step * static_cast<double>(column),
                          step};
      image(row, column, 0) = mean_of(picture, source);
    }
  }
  return image;
}

std::string size_text(std::size_t width, std::size_t height) {
  return std::to_string(width) + " x " + std::to_string(height);
}

}  // namespace

PreparedPicture prepare_picture(const std::filesystem::path& path) {
  GreyPicture picture = to_grey(read_picture(path));
  const float background = background_of(picture);
  set_background_to_black(picture, background);
  const Box thing = find_thing(picture);
  if (thing.right == 0) throw std::runtime_error(path.string() + ": nothing stands out from the background");

  const bool has_right_size = picture.width == side && picture.height == side;
  const Square part = has_right_size ? Square{0, 0, side} : square_around(thing);
  std::string how = path.filename().string() + ": " + size_text(picture.width, picture.height) +
                    " pixels, the background " + (background > 0.5F ? "light, so inverted" : "dark, so not inverted");
  if (!has_right_size) {
    how += ";\nthe square around the " + size_text(thing.width(), thing.height()) +
           " pixels that stand out, resized to " + size_text(side, side);
  }
  return {resize(picture, part), how + "."};
}

}  // namespace fashion
