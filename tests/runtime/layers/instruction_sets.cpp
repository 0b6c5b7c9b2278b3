// Kernels run on every instruction set of the build; this says which those are.
#include "check.hpp"

namespace {
template <class Isa>
bool says_why_not_tested() {
  if constexpr (!golden::tested<Isa>) {
    skip(Isa::name, !ctnn::isa::enabled<Isa>        ? "the build's compiler flags do not enable it"
                    : golden::left_to_baseline<Isa> ? "builds for it test it (preset baseline)"
                                                    : "under the sanitizers tests run on the build's own only");
  }
  return !golden::tested<Isa>;
}
template <class Isa>
void report() {
  if (says_why_not_tested<Isa>()) return;
  if constexpr (golden::tested<Isa>) {
    const auto y =
        golden::run_guarded(golden::engine<ctnn::Network<ctnn::ReLU, ctnn::Shape<3>, ctnn::F32, Isa>>, {}, {-1, 0, 1});
    CHECK(y == std::vector<float>{0, 0, 1});
  }
}
/// Of sets that add dot products of bytes.
template <class Isa>
void report_dot_products() {
  if (says_why_not_tested<Isa>()) return;
  if constexpr (golden::tested<Isa>) {
    using Model = ctnn::Network<ctnn::Linear<2>, ctnn::Shape<5>, ctnn::Int8, Isa>;
    constexpr float scales[] = {1.0F, 0.5F, 0.25F, 1.0F};  // of the input, the outputs' weights, the output
    constexpr std::int8_t weight[] = {1, 2, 3, 4, 5, -127, 127, 0, 127, -127};
    constexpr std::int32_t integers[] = {2, 10, 20, -3};  // input's zero point, biases, output's zero point
    const Model model{ctnn::WeightsView<Model>{scales, weight, integers}};
    const auto y = model(ctnn::Tensor<std::int8_t, ctnn::Shape<5>>{{3, 2, -128, 4, 5}});
    CHECK(y[0] == -128);  // (10 + 1 - 390 + 8 + 15) / 2 - 3, clamped
    CHECK(y[1] == -61);   // (20 - 127 + 254 - 381) / 4 - 3, where a half rounds up
  }
}
}  // namespace

TEST_CASE("on scalars") { report<ctnn::isa::Scalar>(); }
TEST_CASE("on SSE2") { report<ctnn::isa::Sse2>(); }
TEST_CASE("on AVX2") { report<ctnn::isa::Avx2>(); }
TEST_CASE("on AVX2 VNNI") { report_dot_products<ctnn::isa::Avx2Vnni>(); }
TEST_CASE("on AVX-512") { report<ctnn::isa::Avx512>(); }
TEST_CASE("on AVX-512 VNNI") { report_dot_products<ctnn::isa::Avx512Vnni>(); }
TEST_CASE("on AVX-512 VBMI") { report_dot_products<ctnn::isa::Avx512Vbmi>(); }
TEST_CASE("on AVX-512 BF16") { report_dot_products<ctnn::isa::Avx512Bf16>(); }
TEST_CASE("on AVX-512 FP16") { report_dot_products<ctnn::isa::Avx512Fp16>(); }
TEST_CASE("on AMX") { report_dot_products<ctnn::isa::Amx>(); }
TEST_CASE("on NEON") { report<ctnn::isa::Neon>(); }
TEST_CASE("on NEON dot products") { report_dot_products<ctnn::isa::NeonDot>(); }
