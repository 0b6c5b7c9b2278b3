/// The command line.
#pragma once

#include <filesystem>
#include <span>
#include <stdexcept>
#include <string>

namespace fashion {

inline constexpr char all_formats[] = "all";

struct Options {
  std::filesystem::path data;     // empty: where Debian's package has it
  std::filesystem::path picture;  // empty: the compiled-in images and the test set
  std::string network;            // empty: seed and separable; with all formats, student too
  std::string format;             // empty: F32
  bool help = false;
};

extern const char usage[];

/// The command line is at fault; what() says how.
struct UsageError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Understands the arguments after the program's name. Throws UsageError.
Options parse_options(std::span<char*> arguments);

}  // namespace fashion
