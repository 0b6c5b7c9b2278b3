#include "files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <fstream>
#include <memory>
#include <span>
#include <stdexcept>
#include <string>
#include <system_error>

#if __has_include(<stb_image.h>)
#include <stb_image.h>
#define HAS_STB_IMAGE true
#else
#define HAS_STB_IMAGE false
#endif

namespace fashion {

const bool can_unpack = HAS_STB_IMAGE;

namespace {

constexpr std::size_t largest_file = std::size_t{64} << 20;     // bytes
constexpr std::size_t largest_picture = std::size_t{64} << 20;  // pixels

using Path = std::filesystem::path;
using View = std::span<const unsigned char>;

[[noreturn]] void fail(const Path& path, const std::string& why) {
  throw std::runtime_error(path.string() + ": " + why);
}

Bytes read_file(const Path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) fail(path, std::generic_category().message(errno));
  Bytes content;
  std::array<char, 1 << 16> chunk{};
  while (file.read(chunk.data(), chunk.size()), file.gcount() > 0) {
    content.insert(content.end(), chunk.begin(), chunk.begin() + file.gcount());
    if (content.size() > largest_file) fail(path, "larger than 64 MiB");
  }
  if (!file.eof()) fail(path, "cannot be read");
  return content;
}

#if HAS_STB_IMAGE

/// Unpacks deflated data (RFC 1951), whatever follows it, into all of `unpacked`; false where it is damaged or of
/// another size.
bool inflate(View packed, Bytes& unpacked) {
  // what stb_image calls char are bytes
  const int size =
      stbi_zlib_decode_noheader_buffer(reinterpret_cast<char*>(unpacked.data()), static_cast<int>(unpacked.size()),
                                       reinterpret_cast<const char*>(packed.data()), static_cast<int>(packed.size()));
  return size >= 0 && static_cast<std::size_t>(size) == unpacked.size();
}

ColourPicture decode_picture(const Path& path, View file) {
  const int size = static_cast<int>(file.size());
  int width = 0, height = 0, channels = 0;
  if (stbi_info_from_memory(file.data(), size, &width, &height, &channels) == 0) {
    fail(path, "not a picture (PNG, JPEG, GIF, BMP or PNM)");
  }
  ColourPicture picture{static_cast<std::size_t>(width), static_cast<std::size_t>(height), {}};
  if (picture.width * picture.height > largest_picture) fail(path, "more than 64 million pixels");
  const std::unique_ptr<stbi_uc, void (*)(void*)> rgba{
      stbi_load_from_memory(file.data(), size, &width, &height, &channels, 4), stbi_image_free};
  if (!rgba) fail(path, "damaged picture");
  picture.rgba.assign(rgba.get(), rgba.get() + 4 * picture.width * picture.height);
  return picture;
}

#else

bool inflate(View, Bytes&) { return false; }

ColourPicture decode_picture(const Path& path, View) {
  fail(path, "pictures need stb_image.h (Debian: libstb-dev): install it, then configure and build again");
}

#endif

/// Takes numbers and fields from the front of a gzip file.
class GzipReader {
 public:
  GzipReader(const Path& path, View bytes) : path_{path}, rest_{bytes} {}

  View take(std::size_t count) {
    if (count > rest_.size()) fail(path_, "gzip file cut short");
    const View taken = rest_.first(count);
    rest_ = rest_.subspan(count);
    return taken;
  }
  /// Little-endian.
  std::uint32_t take_number(std::size_t bytes) {
    std::uint32_t number = 0;
    int shift = 0;
    for (const unsigned byte : take(bytes)) {
      number |= byte << shift;
      shift += 8;
    }
    return number;
  }
  void skip_text() {
    while (take(1)[0] != 0) {
    }
  }
  void skip_all_but(std::size_t count) { take(std::max(rest_.size(), count) - count); }
  [[nodiscard]] View rest() const { return rest_; }

 private:
  const Path& path_;
  View rest_;
};

void skip_gzip_header(const Path& path, GzipReader& file) {
  enum : unsigned { header_checksum = 2, extra_field = 4, name = 8, comment = 16, reserved = 0xE0 };
  const View fixed = file.take(10);  // magic number, method, flags, time (4), hint, operating system
  const unsigned flags = fixed[3];
  if (fixed[0] != 0x1F || fixed[1] != 0x8B || fixed[2] != 8 || (flags & reserved) != 0) fail(path, "not a gzip file");
  if ((flags & extra_field) != 0) file.take(file.take_number(2));
  if ((flags & name) != 0) file.skip_text();
  if ((flags & comment) != 0) file.skip_text();
  if ((flags & header_checksum) != 0) file.take(2);
}

/// CRC-32 as gzip has it.
std::uint32_t checksum(View bytes) {
  static constexpr auto table = [] {
    std::array<std::uint32_t, 256> remainders{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t remainder = i;
      for (int bit = 0; bit < 8; ++bit) remainder = (remainder >> 1) ^ ((remainder & 1) != 0 ? 0xEDB8'8320 : 0);
      remainders[i] = remainder;
    }
    return remainders;
  }();
  std::uint32_t sum = 0xFFFF'FFFF;
  for (const unsigned char byte : bytes) sum = table[(sum ^ byte) & 0xFF] ^ (sum >> 8);
  return ~sum;
}

}  // namespace

Bytes read_gzip(const Path& path, std::size_t size) {
  const Bytes packed = read_file(path);
  GzipReader file{path, packed};
  skip_gzip_header(path, file);
  const View data = file.rest();  // the trailer with it: stb_image reads a little ahead
  file.skip_all_but(8);
  const std::uint32_t expected_checksum = file.take_number(4), expected_size = file.take_number(4);
  Bytes content(size);
  if (expected_size != size) {
    fail(path, "holds " + std::to_string(expected_size) + " bytes, not " + std::to_string(size));
  }
  if (!inflate(data, content) || checksum(content) != expected_checksum) fail(path, "damaged gzip file");
  return content;
}

ColourPicture read_picture(const Path& path) { return decode_picture(path, read_file(path)); }

}  // namespace fashion
