// Classifies pictures of clothes with two networks: a few images that are compiled in, the 10,000 test images of
// Fashion-MNIST, or a picture of your own. The networks are in networks.hpp, the number formats in formats.hpp.
#include <algorithm>
#include <cstddef>
#include <exception>
#include <filesystem>
#include <iostream>
#include <iterator>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "classifier.hpp"
#include "dataset.hpp"
#include "formats.hpp"
#include "networks.hpp"
#include "options.hpp"
#include "picture.hpp"
#include "report.hpp"
#include "sample_images.hpp"
#include "scoring.hpp"

namespace fashion {
namespace {

constexpr char default_folder[] = "/usr/share/datasets/fashion-mnist";  // Debian's

std::filesystem::path folder_of(const Options& options) {
  return options.data.empty() ? std::filesystem::path{default_folder} : options.data;
}

/// The networks that were asked for, in the format that was.
std::vector<Classifier> make_classifiers(const Options& options) {
  const bool all = options.format == all_formats;
  const std::string_view asked = options.format.empty() ? std::string_view{"F32"} : std::string_view{options.format};
  const std::string_view format = all ? std::string_view{} : asked;
  if (!all && std::ranges::find(Formats::names, format) == Formats::names.end()) {
    throw UsageError("unknown format " + options.format);
  }
  std::vector<Image> calibration;
  if (format != "F32") {
    if (!can_unpack || !has_training_images(folder_of(options))) {
      throw std::runtime_error("integer formats are calibrated by training images, which takes the data set in " +
                               folder_of(options).string() +
                               " and stb_image.h (Debian: dataset-fashion-mnist, "
                               "libstb-dev)");
    }
    calibration = read_training_images(folder_of(options), calibration_size);
  }
  std::vector<Classifier> classifiers;
  const auto add = [&](std::string_view name, bool by_default, const auto& make) {
    if (options.network.empty() ? !by_default : options.network != name) return;
    std::ranges::move(make(format, calibration), std::back_inserter(classifiers));
  };
  add("seed", true, seed_classifiers);
  add("separable", true, separable_classifiers);
  add("student", all, student_classifiers);
  if (classifiers.empty()) {
    throw UsageError("unknown network " + options.network + "; there are seed, separable and student");
  }
  return classifiers;
}

/// An image with its true class, and what the networks take it for.
Lines sample_block(const Sample& sample, const std::vector<Classifier>& classifiers) {
  const Image image = to_image(sample.pixels);
  Lines block = text_art(image);
  block.push_back("test image " + std::to_string(sample.index) + ": " + class_names[sample.label]);
  for (const Classifier& classifier : classifiers) {
    const bool correct = nn::argmax(classifier.run(image)) == static_cast<std::size_t>(sample.label);
    block.push_back(describe(classifier, image, 1).front() + (correct ? "" : "  wrong"));
  }
  return block;
}

void show_samples(const std::vector<Classifier>& classifiers) {
  for (std::size_t i = 0; i < std::size(samples); i += 2) {
    std::vector<Lines> blocks;
    for (const Sample& sample : std::span{samples}.subspan(i, std::min<std::size_t>(2, std::size(samples) - i))) {
      blocks.push_back(sample_block(sample, classifiers));
    }
    print_side_by_side(blocks);
  }
}

void show_picture(const std::filesystem::path& path, const std::vector<Classifier>& classifiers) {
  const auto [image, how] = prepare_picture(path);
  std::cout << how << "\n\n";
  Lines answers;
  for (const Classifier& classifier : classifiers) {
    std::ranges::copy(describe(classifier, image, 3), std::back_inserter(answers));
    answers.emplace_back();
  }
  print_side_by_side({text_art(image), answers});
}

bool is_as_expected(const Classifier& classifier, const Scores& scores) {
  if (!classifier.is_exact()) return scores.correct() + classifier.allowed_loss >= classifier.expected_correct;
  return scores.unlike_pytorch == 0 && scores.correct() == classifier.expected_correct;
}

Scores score_all(const Classifier& classifier, const TestSet& set) {
  const std::string job = "Scoring " + grouped(TestSet::size) + " test images with " + std::string{classifier.name};
  return score(classifier, set, ProgressBar{job, TestSet::size});
}

/// Classifies the whole test set. Returns whether every answer is PyTorch's, or in another format than F32 as many are
/// right as must be.
bool show_scores(const Classifier& classifier, const TestSet& set) {
  const Scores scores = score_all(classifier, set);
  const bool as_expected = is_as_expected(classifier, scores);
  std::cout << classifier.name << ": " << percent(scores.correct(), TestSet::size, 2) << " of "
            << grouped(TestSet::size) << " test images are right; ";
  if (as_expected && classifier.is_exact()) {
    std::cout << "every class as in PyTorch.\n\n";
  } else if (as_expected) {
    std::cout << "another class than in\nF32 for " << grouped(scores.unlike_pytorch) << ".\n\n";
  } else {
    std::cout << "NOT AS IN PYTORCH,\nwhich has " << grouped(classifier.expected_correct) << " right, not "
              << grouped(scores.correct()) << ", and another class for " << grouped(scores.unlike_pytorch) << ".\n\n";
  }
  print_classes(scores);
  return as_expected;
}

/// Scores the networks on the test set in the folder the user named, or else in Debian's, where it need not be. Returns
/// whether all answers are PyTorch's.
bool show_test_set(const std::filesystem::path& named, const std::vector<Classifier>& classifiers) {
  const std::filesystem::path folder = named.empty() ? std::filesystem::path{default_folder} : named;
  if (!can_unpack) {
    std::cout << "The test set is not scored: this program was compiled without stb_image.h,\n"
                 "which unpacks it (Debian: libstb-dev).\n\n";
    return true;
  }
  if (named.empty() && !has_test_set(folder)) {
    std::cout << "The test set is not scored: it is not in " << folder.string()
              << "\n(Debian: dataset-fashion-mnist).\n\n";
    return true;
  }
  const TestSet set = read_test_set(folder);
  return std::ranges::count_if(classifiers, [&](const Classifier& c) { return !show_scores(c, set); }) == 0;
}

/// Compares all formats on the test set. Returns whether each has as many right as it must.
bool show_formats(const std::filesystem::path& folder, const std::vector<Classifier>& classifiers) {
  const TestSet set = read_test_set(folder);
  std::vector<FormatScore> formats;
  bool as_expected = true;
  for (const Classifier& classifier : classifiers) {
    formats.push_back({classifier, score_all(classifier, set)});
    as_expected = is_as_expected(classifier, formats.back().scores) && as_expected;
  }
  print_formats(formats);
  if (!as_expected) std::cout << "NOT AS EXPECTED: a format has fewer right than it must.\n";
  return as_expected;
}

bool run(const Options& options) {
  const std::vector<Classifier> classifiers = make_classifiers(options);
  if (options.format == all_formats) return show_formats(folder_of(options), classifiers);
  if (!options.picture.empty()) {
    show_picture(options.picture, classifiers);
    return true;
  }
  show_samples(classifiers);
  const bool as_expected = show_test_set(options.data, classifiers);
  print_facts(classifiers);
  return as_expected;
}

}  // namespace
}  // namespace fashion

int main(int argc, char** argv) {
  try {
    const fashion::Options options = fashion::parse_options({argv + 1, argv + argc});
    if (options.help) {
      std::cout << fashion::usage;
      return 0;
    }
    return fashion::run(options) ? 0 : 1;
  } catch (const fashion::UsageError& error) {
    std::cerr << "fashion: " << error.what() << "\nfashion --help shows the options.\n";
    return 2;
  } catch (const std::exception& error) {
    std::cerr << "fashion: " << error.what() << '\n';
    return 1;
  }
}
