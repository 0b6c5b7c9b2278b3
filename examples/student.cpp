// A small network in place of a large one: a budget chooses the student's design while this file is compiled,
// fashion/train.py has trained that design to answer as the teacher does, and the program prints what it keeps.
#include <concepts>
#include <cstddef>
#include <exception>
#include <iomanip>
#include <iostream>
#include <string_view>
#include <utility>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/network/compare.hpp>
#include <ctnn/network/search.hpp>

#include "fashion/classifier.hpp"
#include "fashion/dataset.hpp"
#include "fashion/expected_classes.hpp"
#include "fashion/networks.hpp"
#include "fashion/report.hpp"
#include "fashion/scoring.hpp"
#include "fashion/seed_weights.hpp"
#include "fashion/student_weights.hpp"

namespace fashion {
namespace {

using Teacher = SeedModel;

template <std::size_t width, std::size_t resolution, std::size_t depth>
using Design = nn::Network<StudentNetwork<width, resolution, depth>, Teacher::Input>;

using Designs = nn::Grid<Design, nn::Axis<8, 12, 16>, nn::Axis<20, 24, 28>, nn::Axis<1, 2, 3>>;
constexpr nn::Budget budget{.flops = 500'000, .params = 10'000, .arena_bytes = 32'768};
using Student = nn::best_under<budget, Designs>;

// Another budget or grid may choose another design, which then has to be trained.
constexpr nn::GridPoint chosen = nn::best_point<budget, Designs>;
static_assert(std::same_as<std::index_sequence<chosen.width, chosen.resolution, chosen.depth>,
                           std::index_sequence<student_width, student_resolution, student_depth>>,
              "the budget chooses the first of these designs, and student_weights.hpp has the second; make it again: "
              "python3 examples/fashion/train.py --student WIDTH RESOLUTION DEPTH");

// What compare() reckons times for: a microcontroller.
constexpr nn::Machine machine{.flops_per_second = 400e6, .bytes_per_second = 800e6};

/// Prints how many test images it gets right. Returns whether every answer is PyTorch's.
bool show_score(const Classifier& classifier, const TestSet& set) {
  const Scores scores = score(classifier, set, [](std::size_t) {});
  const double seconds = median_seconds([&, image = set.image(0)] { classifier.run(image); });
  std::cout << classifier.name << ": " << grouped(scores.correct()) << " of " << grouped(TestSet::size)
            << " test images are right, " << grouped(scores.unlike_pytorch) << " unlike PyTorch; " << std::fixed
            << std::setprecision(2) << 1e6 * seconds << " us per image here\n";
  return scores.unlike_pytorch == 0 && scores.correct() == classifier.expected_correct;
}

/// Compares the networks, on the test set where there is one. Returns whether every answer is PyTorch's.
bool show_comparison() {
  constexpr std::string_view folder = "/usr/share/datasets/fashion-mnist";
  if (!can_unpack || !has_test_set(folder)) {
    nn::compare<Teacher, Student>(std::cout, machine);
    std::cout << "The networks are not run: that takes the test set in " << folder
              << "\n(Debian: dataset-fashion-mnist) and stb_image.h (libstb-dev). What follows is PyTorch's count.\n";
    return true;
  }
  const TestSet set = read_test_set(folder);
  std::vector<Image> images;
  for (std::size_t i = 0; i < TestSet::size; ++i) images.push_back(set.image(i));
  const auto teacher = pack<Teacher>(seed_weights);
  const auto student = pack<Student>(student_weights);
  nn::compare(std::cout, machine, *teacher, *student, images);
  const bool teacher_is_right = show_score(make_classifier("teacher", teacher, seed_classes, seed_correct), set);
  const bool student_is_right = show_score(make_classifier("student", student, student_classes, student_correct), set);
  return teacher_is_right && student_is_right;
}

bool run() {
  nn::print_grid<Designs>(std::cout, budget);
  std::cout << '\n';
  const bool as_expected = show_comparison();
  std::cout << "\nthe student keeps " << percent(student_correct, seed_correct) << " of the teacher's accuracy ("
            << percent(seed_correct, TestSet::size, 2) << " -> " << percent(student_correct, TestSet::size, 2)
            << ") at " << percent(Student::cost.flops(), Teacher::cost.flops()) << " of its FLOPs and "
            << percent(Student::weight_bytes, Teacher::weight_bytes) << " of its weight bytes\n"
            << "(the same network trained without the teacher: " << percent(student_alone_correct, TestSet::size, 2)
            << ")\n";
  return as_expected;
}

}  // namespace
}  // namespace fashion

int main() {
  try {
    return fashion::run() ? 0 : 1;
  } catch (const std::exception& error) {
    std::cerr << "student: " << error.what() << '\n';
    return 1;
  }
}
