#include "expected_classes.hpp"
#include "formats.hpp"
#include "seed_weights.hpp"

namespace fashion {

std::vector<Classifier> seed_classifiers(std::string_view format, std::span<const Image> calibration) {
  return classifiers_in<SeedNetwork>(Formats{}, {"seed", seed_classes, seed_correct}, seed_weights, format,
                                     calibration);
}

}  // namespace fashion
