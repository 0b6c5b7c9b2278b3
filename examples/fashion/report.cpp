#include "report.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>
#include <iomanip>
#include <iostream>
#include <sstream>
#include <system_error>

#if __has_include(<unistd.h>)
#include <unistd.h>
#endif

#include "sample_images.hpp"

namespace fashion {

namespace {

constexpr std::size_t block_width = 38;  // two blocks and a gap are less than 80 columns

bool errors_go_to_terminal() {
#if __has_include(<unistd.h>)
  return isatty(STDERR_FILENO) == 1;
#else
  return false;
#endif
}

std::string left(std::string_view text, std::size_t width) {
  std::string line{text};
  line.resize(std::max(width, line.size()), ' ');
  return line;
}
std::string right(const std::string& text, std::size_t width) {
  return std::string(std::max(width, text.size()) - text.size(), ' ') + text;
}

/// "12.35" for (12.3456, 2)
std::string fixed(double number, int digits) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(digits) << number;
  return text.str();
}

/// The class that images of a class are most often mistaken for.
std::size_t likeliest_mistake(const Scores& scores, std::size_t label) {
  auto mistakes = scores.confusion[label];
  mistakes[label] = 0;
  return static_cast<std::size_t>(std::ranges::max_element(mistakes) - mistakes.begin());
}

/// A network's time for an image, the compiled-in ones in turn.
double seconds_per_image(const Classifier& classifier) {
  std::size_t next = 0;
  return median_seconds([&] { classifier.run_sample(next++); });
}

}  // namespace

std::string grouped(std::size_t number) {
  const std::string digits = std::to_string(number);
  std::string text;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i != 0 && (digits.size() - i) % 3 == 0) text += ',';
    text += digits[i];
  }
  return text;
}

std::string percent(std::size_t part, std::size_t whole, int digits) {
  if (whole == 0) return "-";
  return fixed(100 * static_cast<double>(part) / static_cast<double>(whole), digits) + " %";
}

Lines text_art(const Image& image) {
  static constexpr std::string_view shades = " .:-=+*#%@";
  Lines lines;
  for (std::size_t row = 0; row < side; row += 2) {
    std::string line;
    for (std::size_t column = 0; column < side; ++column) {
      const float brightness = (image(row, column, 0) + image(row + 1, column, 0)) / 2;
      line += shades[static_cast<std::size_t>(std::lround(brightness * static_cast<float>(shades.size() - 1)))];
    }
    lines.push_back(line);
  }
  return lines;
}

Lines describe(const Classifier& classifier, const Image& image, std::size_t count) {
  Lines lines;
  const auto by_confidence = guesses(classifier.run(image));
  for (std::size_t i = 0; i < count; ++i) {
    const auto [index, confidence] = by_confidence[i];
    lines.push_back(left(i == 0 ? classifier.name : "", 11) + left(class_names[index], 11) +
                    right(fixed(100 * confidence, 1) + " %", 8));
  }
  return lines;
}

void print_side_by_side(const std::vector<Lines>& blocks) {
  std::size_t height = 0;
  for (const Lines& block : blocks) height = std::max(height, block.size());
  for (std::size_t i = 0; i < height; ++i) {
    std::string line;
    for (const Lines& block : blocks) line += left(i < block.size() ? block[i] : "", block_width + 2);
    std::cout << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
  std::cout << '\n';
}

void print_classes(const Scores& scores) {
  std::cout << left("", 14) << "precision    recall  most often taken for\n";
  for (std::size_t label = 0; label < classes; ++label) {
    std::size_t labelled = 0, predicted = 0;
    for (std::size_t other = 0; other < classes; ++other) {
      labelled += scores.confusion[label][other];
      predicted += scores.confusion[other][label];
    }
    const std::size_t correct = scores.confusion[label][label], mistake = likeliest_mistake(scores, label);
    std::cout << left(class_names[label], 14) << right(percent(correct, predicted), 9)
              << right(percent(correct, labelled), 10) << "  " << left(class_names[mistake], 11)
              << right(percent(scores.confusion[label][mistake], labelled), 8) << '\n';
  }
  std::cout << '\n';
}

void print_facts(const std::vector<Classifier>& classifiers) {
  const Lines labels{
      "", "us per image", "GFLOP/s", "FLOPs", "parameters", "weights, bytes", "packed weights, bytes", "arena, bytes"};
  std::vector<Lines> columns;
  for (const Classifier& classifier : classifiers) {
    const double seconds = seconds_per_image(classifier);
    const auto flops = static_cast<double>(classifier.cost.flops());
    columns.push_back({std::string{classifier.name}, fixed(1e6 * seconds, 2), fixed(1e-9 * flops / seconds, 1),
                       grouped(classifier.cost.flops()), grouped(classifier.cost.params),
                       grouped(classifier.weight_bytes), grouped(classifier.packed_bytes),
                       grouped(classifier.arena_bytes)});
  }
  for (std::size_t row = 0; row < labels.size(); ++row) {
    std::cout << left(labels[row], 22);
    for (const Lines& column : columns) std::cout << right(column[row], 12);
    std::cout << '\n';
  }
  std::cout << "\nInstruction set: " << nn::isa::Native::name << ". Time: median of " << timed_batches
            << " batches of at least " << shortest_batch.count() << " ms, after a\n"
            << "warm-up, on one thread, not pinned to a core. FLOPs: 2 x multiply-accumulates.\n";
  std::error_code unknown;
  const auto program_bytes = std::filesystem::file_size("/proc/self/exe", unknown);
  if (!unknown) std::cout << "This program, both networks' weights included: " << grouped(program_bytes) << " bytes.\n";
}

void print_formats(const std::vector<FormatScore>& formats) {
  const std::vector<std::size_t> widths{11, 13, 12, 17, 14, 15, 14};
  const auto print = [&](const Lines& cells) {
    std::cout << left(cells[0], widths[0]) << left(cells[1], widths[1]);
    for (std::size_t i = 2; i < cells.size(); ++i) std::cout << right(cells[i], widths[i]);
    std::cout << '\n';
  };
  print({"network", "format", "accuracy", "same as PyTorch", "us per image", "weights, bytes", "arena, bytes"});
  for (const auto& [classifier, scores] : formats) {
    print({std::string{classifier.name}, std::string{classifier.format}, percent(scores.correct(), TestSet::size, 2),
           percent(TestSet::size - scores.unlike_pytorch, TestSet::size, 2),
           fixed(1e6 * seconds_per_image(classifier), 2), grouped(classifier.weight_bytes),
           grouped(classifier.arena_bytes)});
  }
  std::cout << "\nInstruction set: " << nn::isa::Native::name
            << ". Time: of the network alone, on images that are in its\n"
            << "format; median of " << timed_batches << " batches of at least " << shortest_batch.count()
            << " ms, after a warm-up, on one thread, not pinned.\n";
}

ProgressBar::ProgressBar(std::string_view job, std::size_t steps)
    : job_{job}, steps_{steps}, on_terminal_{errors_go_to_terminal()} {
  if (!on_terminal_) std::cerr << job_ << "...\n";
}

void ProgressBar::operator()(std::size_t done) const {
  constexpr std::size_t width = 26;  // leaves a line of 80 columns room for the job
  const std::size_t length = width * done / steps_;
  const bool has_grown = length > width * (done - 1) / steps_;
  if (!on_terminal_ || !has_grown) return;
  std::cerr << '\r' << job_ << " [" << left(std::string(length, '#'), width) << ']';
  if (done == steps_) std::cerr << '\r' << std::string(job_.size() + width + 3, ' ') << '\r';  // gone when done
}

}  // namespace fashion
