#include "golden/shape_ops.hpp"

#include "check.hpp"

using namespace ctnn;
using golden::check;

TEST_CASE("Upsample2d: nearest", "[shape]") {
  check<Upsample2d<2>, Shape<3, 4, 5>>(golden::upsample_nearest_2);
  check<Upsample2d<3, Nearest>, Shape<2, 3, 17>>(golden::upsample_nearest_3);
  check<Upsample2d<1>, Shape<2, 3, 5>>(golden::upsample_factor_1);
  check<Sequential<Upsample2d<2>, Conv2d<8, Kernel<3>, Padding<1>>>, Shape<3, 4, 5>>(golden::upsample_conv);
}

TEST_CASE("Upsample2d: bilinear", "[shape]") {
  check<Upsample2d<2, Bilinear>, Shape<3, 4, 5>>(golden::upsample_bilinear_2);
  check<Upsample2d<3, Bilinear>, Shape<4, 3, 8>>(golden::upsample_bilinear_3);
  check<Upsample2d<2, Bilinear>, Shape<2, 2, 17>>(golden::upsample_bilinear_17_channels);
  check<Upsample2d<2, Bilinear>, Shape<1, 4, 3>>(golden::upsample_bilinear_one_row);
  check<Upsample2d<2, Bilinear, AlignCorners>, Shape<3, 4, 5>>(golden::upsample_bilinear_aligned_2);
  check<Upsample2d<3, Bilinear, AlignCorners>, Shape<4, 3, 8>>(golden::upsample_bilinear_aligned_3);
  check<Upsample2d<2, Bilinear, AlignCorners>, Shape<1, 1, 3>>(golden::upsample_bilinear_aligned_one_pixel);
  check<Sequential<Upsample2d<2, Bilinear>, Conv2d<8, Kernel<3>, Padding<1>>>, Shape<3, 4, 5>>(
      golden::upsample_bilinear_conv);
}
