/// Text as a template argument.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace ctnn {

/// A string literal usable as a template argument: `Named<"features", ...>`, `weights.get<"0.weight">()`.
template <std::size_t N>
struct FixedString {
  char text[N]{};  // NUL included

  // NOLINTNEXTLINE(google-explicit-constructor): the conversion is what makes a literal a template argument
  constexpr FixedString(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
};

}  // namespace ctnn
