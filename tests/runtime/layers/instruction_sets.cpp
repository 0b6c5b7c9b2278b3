// Layers run on every instruction set of the build; this says which those are.
#include "check.hpp"

namespace {
template <class Isa>
void report() {
  if constexpr (golden::tested<Isa>) {
    const auto y =
        golden::run_guarded(golden::engine<ctnn::Network<ctnn::ReLU, ctnn::Shape<3>, ctnn::F32, Isa>>, {}, {-1, 0, 1});
    CHECK(y == std::vector<float>{0, 0, 1});
  } else {
    skip(Isa::name, ctnn::isa::enabled<Isa> ? "under the sanitizers tests run on the build's own instruction set only"
                                            : "the build's compiler flags do not enable it");
  }
}
}  // namespace

TEST_CASE("on scalars") { report<ctnn::isa::Scalar>(); }
TEST_CASE("on SSE2") { report<ctnn::isa::Sse2>(); }
TEST_CASE("on AVX2") { report<ctnn::isa::Avx2>(); }
TEST_CASE("on AVX-512") { report<ctnn::isa::Avx512>(); }
TEST_CASE("on NEON") { report<ctnn::isa::Neon>(); }
