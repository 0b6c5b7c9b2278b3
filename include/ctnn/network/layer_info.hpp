/// What a network says of each of its layers: a row of its cost table, and the name as its user writes it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <ctnn/core/cost.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/with.hpp>
#include <ctnn/network/graph.hpp>

namespace ctnn {

/// A leaf of a network, as a row of its cost table.
struct LayerInfo {
  Path path;                            // "features.0"
  std::string_view name;                // "Conv2d<5, Kernel<3>>"
  std::array<std::size_t, 3> output{};  // dims of the output shape
  std::size_t rank = 0;
  Cost cost;
  // in the layer's number format
  std::size_t weight_bytes = 0;
  std::size_t output_bytes = 0;
  std::uint64_t bytes_accessed = 0;  // what cost.memory_access comes to
  std::string_view format;           // "F32"
  Precision precision = Precision::float32;

  /// FLOPs per byte, and the roofline model's time in seconds (Cost's, of this format's bytes and rate).
  [[nodiscard]] constexpr double arithmetic_intensity() const { return cost.arithmetic_intensity(bytes_per_element()); }
  [[nodiscard]] constexpr double roofline_seconds(const Machine& machine) const {
    return cost.roofline_seconds(machine, bytes_per_element(), precision);
  }

 private:
  [[nodiscard]] constexpr double bytes_per_element() const {
    return cost.memory_access == 0 ? 0.0
                                   : static_cast<double>(bytes_accessed) / static_cast<double>(cost.memory_access);
  }
};

/// A place where a run may end early (EarlyExit), and what it has cost by then.
struct ExitInfo {
  Path path;
  Cost cost;
};

namespace detail {

template <class T>
constexpr std::string_view spelled() {
  return __PRETTY_FUNCTION__;  // "... [with T = ctnn::Conv2d<5, ctnn::Kernel<3> >; ...]", "... [T = ctnn::Conv2d<...>]"
}

struct Name {
  std::array<char, 160> text{};
  std::size_t size = 0;
};

/// A bound layer's spec as its user writes it: the compiler's spelling without namespaces, cut where too long.
template <class B>
inline constexpr Name layer_name = [] {
  Name name;
  const auto append = [&](std::string_view text) {
    for (const char c : text) {
      if (name.size < name.text.size()) name.text[name.size++] = c;
    }
  };
  if constexpr (requires { B::name; }) {
    append(B::name);
  } else {
    std::string_view text = [] {
      if constexpr (requires { typename B::Spec; }) {
        return spelled<typename B::Spec>();
      } else {
        return spelled<B>();
      }
    }();
    text.remove_prefix(text.find("T = ") + 4);
    text = text.substr(0, text.find("::On<"));
    text = text.substr(0, text.find_first_of(";]"));
    while (!text.empty()) {
      if (text.starts_with("ctnn::")) {
        text.remove_prefix(6);
      } else if (text.starts_with(" >")) {
        text.remove_prefix(1);
      } else {
        append(text.substr(0, 1));
        text.remove_prefix(1);
      }
      // a default that repeats the number before it, "Kernel<3, 3>": as written, "Kernel<3>"
      const std::string_view done{name.text.data(), name.size};
      const std::size_t open = done.rfind('<'), comma = done.rfind(", ");
      if (done.ends_with('>') && comma != std::string_view::npos && open < comma &&
          done.substr(open + 1, comma - open - 1) == done.substr(comma + 2, done.size() - comma - 3)) {
        name.size = comma;
        append(">");
      }
    }
  }
  return name;
}();

template <NumberFormat N, class B>
inline constexpr Name layer_name<InFormat<N, B>> = layer_name<B>;

}  // namespace detail

}  // namespace ctnn
