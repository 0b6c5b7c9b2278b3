/// The number formats that the program runs its networks in.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <ctnn/quantize/quantize.hpp>

#include "classifier.hpp"
#include "networks.hpp"

namespace fashion {

/// A number format, and how many of the 10,000 test images a network may get wrong in it that it had right in F32.
template <class N, std::size_t loss>
struct InFormat {
  using Format = N;
  static constexpr std::size_t allowed_loss = loss;
};
template <class... Entries>
struct FormatList {
  static constexpr std::array<std::string_view, sizeof...(Entries)> names{Entries::Format::name.view()...};
};

/// Another format is another line. Four bits cost the seed network 0.2 points, the separable ones up to 0.5.
using Formats = FormatList<        //
    InFormat<nn::F32, 0>,          //
    InFormat<nn::F16Storage, 10>,  //
    InFormat<nn::F16, 10>,         //
    InFormat<nn::BF16, 10>,        //
    InFormat<nn::Int8, 30>,        //
    InFormat<nn::Int8Weights, 30>, InFormat<nn::Int4Weights, 80>, InFormat<nn::W4A8, 100>>;

/// Images of the training set by which ranges are chosen.
inline constexpr std::size_t calibration_size = 256;

/// What is the same for a network in all formats.
struct NetworkFacts {
  std::string_view name;
  std::string_view expected_classes;
  std::size_t expected_correct;
};

/// A network in a format, from its float weights; quantized by the calibration images where the format has integers.
template <class Spec, class Entry, std::size_t N>
Classifier classifier_in(const NetworkFacts& facts, const float (&weights)[N], std::span<const Image> calibration) {
  using Format = typename Entry::Format;
  using Model = nn::Network<Spec, Image::Shape, Format>;
  const nn::WeightsView<nn::Network<Spec, Image::Shape>> natural{weights};
  std::shared_ptr<const Model> model;
  if constexpr (nn::Quantized<Format>) {
    model = nn::make_model<Model>(nn::quantize<Model>(natural, calibration).weights);
  } else {
    model = nn::make_model<Model>(natural);
  }
  return make_classifier(facts.name, std::move(model), facts.expected_classes, facts.expected_correct,
                         Entry::allowed_loss);
}

/// The network in the format of that name; in all, in the list's order, where it is empty.
template <class Spec, class... Entries, std::size_t N>
std::vector<Classifier> classifiers_in(FormatList<Entries...>, const NetworkFacts& facts, const float (&weights)[N],
                                       std::string_view format, std::span<const Image> calibration) {
  std::vector<Classifier> classifiers;
  const auto add = [&]<class Entry>(Entry) {
    if (!format.empty() && format != Entry::Format::name.view()) return;
    classifiers.push_back(classifier_in<Spec, Entry>(facts, weights, calibration));
  };
  (add(Entries{}), ...);
  return classifiers;
}

// Each network in a file of its own, so that they compile side by side.
std::vector<Classifier> seed_classifiers(std::string_view format, std::span<const Image> calibration);
std::vector<Classifier> separable_classifiers(std::string_view format, std::span<const Image> calibration);
std::vector<Classifier> student_classifiers(std::string_view format, std::span<const Image> calibration);

}  // namespace fashion
