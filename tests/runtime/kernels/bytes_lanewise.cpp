// Narrow groups: vectors of whole groups, and what is left; rows and columns that tiles do not divide.
#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto lanewise = Algorithm::lanewise;
constexpr Convolution2d fours = convolution({9, 7, 52}, 52, square(3), 13);
constexpr Convolution2d eights = convolution({4, 5, 40}, 40, square(3), 5);
constexpr Convolution2d fewer = convolution({3, 9, 40}, 20, {.height = 2, .width = 3, .stride_width = 2}, 5);
constexpr Convolution2d more = convolution({5, 3, 16}, 32, Window{}, 4);
}  // namespace

TEST_CASE("bytes: lanewise convolution of narrow groups", "[bytes]") {
  check<ctnn::Int8, lanewise, fours>();
  check<ctnn::UInt8, lanewise, eights, Borders::wide>();
  check<ctnn::Int8, lanewise, fewer>();
  check<ctnn::Int8, lanewise, more, Borders::wide>();
}
