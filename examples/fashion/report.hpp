/// What the program shows, for terminals of 80 columns.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "classifier.hpp"
#include "scoring.hpp"

namespace fashion {

using Lines = std::vector<std::string>;

/// "1,059,880"
std::string grouped(std::size_t number);
/// "93.4 %"
std::string percent(std::size_t part, std::size_t whole, int digits = 1);

/// The image in shades of grey, two rows of pixels to a line.
Lines text_art(const Image& image);
/// The network's likeliest classes, a line each: "seed       Ankle boot    99.8 %".
Lines describe(const Classifier& classifier, const Image& image, std::size_t count);

/// Prints blocks of lines next to each other.
void print_side_by_side(const std::vector<Lines>& blocks);
/// Prints how well each class is recognised, and what it is mistaken for.
void print_classes(const Scores& scores);
/// Prints what the networks cost, and how fast they are here; takes the time it needs to measure that.
void print_facts(const std::vector<Classifier>& classifiers);

/// A network in a format, scored.
struct FormatScore {
  Classifier classifier;
  Scores scores;
};
/// Prints formats beside each other, a row each; takes the time it needs to measure theirs.
void print_formats(const std::vector<FormatScore>& formats);

/// Shows on the error stream how far a job is: a bar on a terminal, elsewhere a line at its beginning.
class ProgressBar {
 public:
  ProgressBar(std::string_view job, std::size_t steps);
  void operator()(std::size_t done) const;

 private:
  std::string_view job_;
  std::size_t steps_;
  bool on_terminal_;
};

}  // namespace fashion
