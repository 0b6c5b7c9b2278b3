/// Catch2 in either version, and skipping.
#pragma once

#include <iostream>
#include <string_view>

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
#else
#include <catch2/catch.hpp>
#endif

/// Says that the rest of this test case is left out. Return after it: a skipped case must check nothing further.
inline void skip(std::string_view what, std::string_view why) {
  std::cout << "skipped: " << what << " (" << why << ")\n";
}
