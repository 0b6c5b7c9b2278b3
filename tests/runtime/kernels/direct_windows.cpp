#include "check.hpp"

using namespace kernel_tests;

namespace {
template <std::size_t... Width>
void widths() {
  (check<Algorithm::direct, convolution({2, Width, 2}, 17, square(3))>(), ...);
}
constexpr auto direct = Algorithm::direct;
constexpr auto wide = Borders::wide;
constexpr Convolution2d three = convolution({4, 9, 5}, 9, square(3));
constexpr Convolution2d one = convolution({3, 7, 5}, 17, Window{});
constexpr Convolution2d strided = convolution({7, 9, 3}, 8, uneven_window);
constexpr Convolution2d dilated = convolution({7, 9, 4}, 17, dilated_window);
constexpr Convolution2d padding_over_kernel = convolution({2, 3, 3}, 16, window_in_padding);
constexpr Convolution2d grouped = convolution({3, 6, 10}, 34, square(3), 2);
constexpr Convolution2d narrow_groups = convolution({3, 6, 12}, 9, square(3), 3);
}  // namespace

TEST_CASE("direct convolution: widths around the tiles") {
  widths<1, 2, 3, 4, 5, 7, 8>();
  widths<9, 13, 14, 15, 16, 17, 29, 33>();
}

TEST_CASE("direct convolution: windows") {
  check<direct, strided>();
  check<direct, dilated>();
  check<direct, padding_over_kernel>();
  check<direct, grouped>();
  check<direct, narrow_groups>();
}

TEST_CASE("direct convolution: borders around input and output") {
  check<direct, three, wide>();
  check<direct, one, wide>();
  check<direct, strided, wide>();
  check<direct, grouped, wide>();
}

TEST_CASE("direct convolution: a residual that lies as the output does") {
  check<direct, three, Borders::tight, Addend::aligned>();
  check<direct, one, Borders::tight, Addend::aligned>();
  check<direct, three, wide, Addend::aligned>();
}
TEST_CASE("direct convolution: a residual with other borders") {
  check<direct, three, Borders::tight, Addend::shifted>();
  check<direct, one, Borders::tight, Addend::shifted>();
  check<direct, one, wide, Addend::shifted>();
  check<direct, grouped, wide, Addend::shifted>();
}

TEST_CASE("direct convolution: planar input") {
  check<direct, three, Borders::tight, Addend::nothing, true>();
  check<direct, one, Borders::tight, Addend::nothing, true>();
  check<direct, strided, wide, Addend::shifted, true>();
  check<direct, narrow_groups, wide, Addend::nothing, true>();
}
