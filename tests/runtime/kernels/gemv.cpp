#include "check.hpp"

using namespace kernel_tests;

namespace {
constexpr Convolution2d of_vector(std::size_t inputs, std::size_t outputs) {
  return ctnn::kernels::fully_connected({1, 1, inputs}, outputs);
}
template <std::size_t... Outputs>
void outputs() {
  (check<Algorithm::gemv, of_vector(19, Outputs)>(), ...);
}
template <std::size_t... Inputs>
void inputs() {
  (check<Algorithm::gemv, of_vector(Inputs, 5)>(), ...);
}
constexpr Convolution2d of_image = ctnn::kernels::fully_connected({3, 5, 4}, 17);
}  // namespace

TEST_CASE("matrix times vector: outputs around the vector widths") {
  outputs<1, 2, 3, 4, 5, 7, 8, 9>();
  outputs<15, 16, 17, 31, 32, 33, 48, 64, 65>();
  outputs<127, 128, 129, 144, 257>();
}
TEST_CASE("matrix times vector: inputs around the partial sums") {
  inputs<1, 2, 3, 4, 7, 8, 9, 15, 16, 17, 33, 1000>();
}
TEST_CASE("matrix times vector: a residual") {
  check<Algorithm::gemv, of_vector(17, 33), Borders::tight, Addend::aligned>();
  check<Algorithm::gemv, of_vector(8, 130), Borders::tight, Addend::aligned>();
}
TEST_CASE("matrix times an image where it lies") {
  check<Algorithm::gemv, of_image>();
  check<Algorithm::gemv, of_image, Borders::tight, Addend::nothing, true>();
}
