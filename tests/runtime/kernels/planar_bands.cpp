#include "check.hpp"

using namespace kernel_tests;

// Of a channels-last input the planar kernel makes planes itself, a band of rows at a time.

namespace {
template <Convolution2d g, Borders borders = Borders::tight>
void from_channels_last() {
  check<Algorithm::planar, g, borders, Addend::nothing, false, true>();
}
constexpr Convolution2d bands = convolution({45, 70, 3}, 5, square(3));  // of some 17 rows
constexpr Convolution2d bands_by_two = convolution({44, 98, 3}, 7,
                                                   {.height = 4,
                                                    .width = 3,
                                                    .stride_height = 2,
                                                    .stride_width = 2,
                                                    .pad_top = 2,
                                                    .pad_bottom = 3,
                                                    .pad_left = 1,
                                                    .pad_right = 2});
constexpr Convolution2d long_rows = convolution({6, 700, 4}, 2, square(5));  // a window does not fit: a row each
constexpr Convolution2d rows_skipped =
    convolution({40, 180, 2}, 3, {.height = 2, .width = 3, .stride_height = 3, .dilation_width = 2, .pad_left = 2});
}  // namespace

TEST_CASE("planar convolution of a channels-last input: bands") {
  from_channels_last<bands>();
  from_channels_last<bands_by_two>();
  from_channels_last<long_rows>();
  from_channels_last<rows_skipped>();
  from_channels_last<bands_by_two, Borders::wide>();
}
