#include "expected_classes.hpp"
#include "formats.hpp"
#include "separable_weights.hpp"

namespace fashion {

std::vector<Classifier> separable_classifiers(std::string_view format, std::span<const Image> calibration) {
  return classifiers_in<SeparableNetwork>(Formats{}, {"separable", separable_classes, separable_correct},
                                          separable_weights, format, calibration);
}

}  // namespace fashion
