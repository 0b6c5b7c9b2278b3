/// Two networks side by side: what the larger (the teacher) takes, what the smaller (the student) takes, and how often
/// they give the same answer.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <ctnn/core/cost.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/network/network.hpp>
#include <ctnn/network/search.hpp>
#include <ctnn/network/summary.hpp>

namespace ctnn {

/// Satisfied by networks whose answers can be compared: of one input shape, with as many outputs. Their number formats
/// may differ.
template <class Teacher, class Student>
concept AnswersAlike =
    AnyNetwork<Teacher> && AnyNetwork<Student> && std::same_as<typename Teacher::Input, typename Student::Input> &&
    at_most<Teacher::Output::size, Student::Output::size> && at_most<Student::Output::size, Teacher::Output::size>;

namespace detail {

/// The table of compare; its ratios are teacher / student, "-" where the student's number is zero.
inline void print_comparison(std::ostream& out, const Footprint& teacher, double teacher_seconds,
                             const Footprint& student, double student_seconds) {
  std::vector<std::vector<std::string>> rows{{"", "teacher", "student", "ratio"}};
  const auto ratio = [](double a, double b) { return b == 0.0 ? "-" : hundredths(a / b); };
  const auto add = [&](std::string_view quantity, std::uint64_t a, std::uint64_t b) {
    rows.push_back(
        {std::string{quantity}, grouped(a), grouped(b), ratio(static_cast<double>(a), static_cast<double>(b))});
  };
  add("MACs", teacher.cost.macs, student.cost.macs);
  add("FLOPs", teacher.cost.flops(), student.cost.flops());
  add("elementwise operations", teacher.cost.elementwise_ops, student.cost.elementwise_ops);
  add("parameters", teacher.cost.params, student.cost.params);
  add("memory access", teacher.cost.memory_access, student.cost.memory_access);
  add("weight bytes", teacher.weight_bytes, student.weight_bytes);
  add("arena bytes", teacher.arena_bytes, student.arena_bytes);
  rows.push_back({"roofline time (us)", hundredths(1e6 * teacher_seconds), hundredths(1e6 * student_seconds),
                  ratio(teacher_seconds, student_seconds)});
  print_aligned(out, rows, 1);
}

/// An element of a range, as a loop that changes nothing sees it.
template <class Range>
using ElementOf = const std::remove_reference_t<decltype(*std::begin(std::declval<Range&>()))>&;

/// Satisfied by what a model can be shown: elements of its own, or real numbers that it quantizes.
template <class X, class Model>
concept InputOf = std::convertible_to<X, View<const typename Model::Element, typename Model::Input>> ||
    (Quantized<typename Model::Format>&& std::convertible_to<X, View<const float, typename Model::Input>>);

/// The class of an input for which an output is not a number.
template <class Model>
inline constexpr std::size_t unsure = Model::Output::size;

/// A model with the memory it runs in, which is on the heap: it may be large.
template <class Model>
class Classifier {
  using Element = typename Model::Element;
  using Input = typename Model::Input;

 public:
  explicit Classifier(const Model& model) : model_{model} {}

  /// Position of the largest output, the first of equals; unsure where an output is not a number.
  template <class X>
  [[nodiscard]] std::size_t operator()(const X& x) {
    if constexpr (std::convertible_to<const X&, View<const Element, Input>>) {
      model_.run(x, memory_->output, memory_->arena);
    } else {
      const View<const float, Input> real = x;
      const auto quantization = model_.input_quantization();
      std::transform(real.begin(), real.end(), memory_->input.begin(),
                     [&](float number) { return quantization.quantize(number); });
      model_.run(memory_->input, memory_->output, memory_->arena);
    }
    const auto& y = memory_->output;
    const bool is_sure = std::none_of(
        y.begin(), y.end(), [](Element number) { return number != number; });  // NOLINT(misc-redundant-expression)
    return is_sure ? argmax(y) : unsure<Model>;
  }

 private:
  struct Memory {
    Tensor<Element, Input> input;  // where it has to be converted
    Tensor<Element, typename Model::Output> output;
    typename Model::Arena arena;
  };
  const Model& model_;
  std::unique_ptr<Memory> memory_ = std::make_unique<Memory>();
};

struct Agreement {
  std::size_t alike = 0, inputs = 0;
};

template <class Teacher, class Student>
Agreement count_agreement(const Teacher& teacher, const Student& student, auto& inputs) {
  Classifier<Teacher> teacher_class{teacher};
  Classifier<Student> student_class{student};
  Agreement agreement;
  for (const auto& x : inputs) {
    const std::size_t wanted = teacher_class(x);
    if (wanted != unsure<Teacher> && student_class(x) == wanted) ++agreement.alike;
    ++agreement.inputs;
  }
  return agreement;
}

}  // namespace detail

/// Prints what two networks take, a row per quantity, and teacher / student: MACs, FLOPs, elementwise operations,
/// parameters, memory access (elements), bytes of weights and arena, and the machine's roofline time in microseconds.
/// Their inputs may differ. A ratio to zero is printed as "-".
template <AnyNetwork Teacher, AnyNetwork Student>
void compare(std::ostream& out, const Machine& machine) {
  detail::print_comparison(out, footprint_of<Teacher>, Teacher::roofline_seconds(machine), footprint_of<Student>,
                           Student::roofline_seconds(machine));
}

/// The share (0 to 1) of inputs for which both models' largest outputs are at the same position. Of equal outputs the
/// first is the largest; where an output is not a number the models do not agree. 0 where there are no inputs.
///
/// `inputs` is a range of what converts to View<const T, Input>, T being the models' element type; where a model
/// computes in integers, also of floats, which it quantizes by its own input_quantization(). So a float and an integer
/// model are compared on floats.
template <class Teacher, class Student, class Inputs>
  requires AnswersAlike<Teacher, Student> && detail::InputOf<detail::ElementOf<Inputs>, Teacher> &&
      detail::InputOf<detail::ElementOf<Inputs>, Student>
[[nodiscard]] double agreement(const Teacher& teacher, const Student& student, Inputs&& inputs) {
  const auto [alike, count] = detail::count_agreement(teacher, student, inputs);
  return count == 0 ? 0.0 : static_cast<double>(alike) / static_cast<double>(count);
}

/// Prints the table of compare<Teacher, Student>, then the agreement of the two models on the inputs.
template <class Teacher, class Student, class Inputs>
  requires AnswersAlike<Teacher, Student> && detail::InputOf<detail::ElementOf<Inputs>, Teacher> &&
      detail::InputOf<detail::ElementOf<Inputs>, Student>
void compare(std::ostream& out, const Machine& machine, const Teacher& teacher, const Student& student,
             Inputs&& inputs) {
  compare<Teacher, Student>(out, machine);
  const auto [alike, count] = detail::count_agreement(teacher, student, inputs);
  out << "same answer to " << detail::grouped(alike) << " of " << detail::grouped(count) << " inputs, "
      << detail::percent(alike, count) << '\n';
}

}  // namespace ctnn
