#include "bytes.hpp"

using namespace byte_tests;

namespace {
constexpr auto direct = Algorithm::direct;
constexpr Convolution2d two_groups = convolution({3, 6, 10}, 34, square(3), 2);
constexpr Convolution2d narrow_groups = convolution({3, 6, 12}, 9, square(3), 3);
constexpr Convolution2d channel_multiplier = convolution({4, 5, 5}, 10, square(3), 5);
constexpr Convolution2d grouped_pixels = convolution({3, 5, 12}, 18, Window{}, 3);
}  // namespace

TEST_CASE("bytes: direct convolution, groups", "[bytes]") {
  check<ctnn::Int8, direct, two_groups>();
  check<ctnn::UInt8, direct, narrow_groups>();
  check<ctnn::Int8, direct, channel_multiplier, Borders::wide>();
  check<ctnn::Int8, direct, grouped_pixels>();
}
