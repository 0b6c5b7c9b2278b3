#include "formats.hpp"
#include "student_weights.hpp"

namespace fashion {

std::vector<Classifier> student_classifiers(std::string_view format, std::span<const Image> calibration) {
  return classifiers_in<StudentNetwork<student_width, student_resolution, student_depth>>(
      Formats{}, {"student", student_classes, student_correct}, student_weights, format, calibration);
}

}  // namespace fashion
