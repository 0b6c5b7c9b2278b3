#include "options.hpp"

#include <string_view>

namespace fashion {

const char usage[] = R"(Usage: fashion [options]
Shows how two neural networks classify pictures of clothes, how well and how fast.

  --data DIR        folder of Fashion-MNIST's test images
                    (default: /usr/share/datasets/fashion-mnist)
  --image FILE      classify this picture instead: PNG, JPEG, GIF, BMP or PNM,
                    one piece of clothing on a plain background
  --network NAME    use one network only: seed, separable or student
  --format NAME     run in this number format: F32 (the default), F16Storage,
                    F16, BF16, Int8, Int8Weights, Int4Weights or W4A8;
                    or all: compare them all on the test images, in one table
  --help            show this text
)";

Options parse_options(std::span<char*> arguments) {
  Options options;
  for (auto argument = arguments.begin(); argument != arguments.end(); ++argument) {
    const std::string_view name = *argument;
    const auto value = [&]() -> const char* {
      if (++argument == arguments.end() || **argument == '\0') throw UsageError(std::string{name} + " needs a value");
      return *argument;
    };
    if (name == "--data") {
      options.data = value();
    } else if (name == "--image") {
      options.picture = value();
    } else if (name == "--network") {
      options.network = value();
    } else if (name == "--format") {
      options.format = value();
    } else if (name == "--help") {
      options.help = true;
    } else {
      throw UsageError("unknown option " + std::string{name});
    }
  }
  return options;
}

}  // namespace fashion
