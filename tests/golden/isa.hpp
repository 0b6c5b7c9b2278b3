/// The instruction sets that tests run on.
#pragma once

#include <tuple>
#include <type_traits>

#include <ctnn/simd/isa.hpp>

namespace golden {

/// The instruction sets that tests of floats know.
using EveryIsa = std::tuple<ctnn::isa::Scalar, ctnn::isa::Sse2, ctnn::isa::Avx2, ctnn::isa::Avx512, ctnn::isa::Neon>;
/// Those that tests of bytes know: dot products are instructions of their own.
using EveryByteIsa = std::tuple<ctnn::isa::Scalar, ctnn::isa::Sse2, ctnn::isa::Avx2, ctnn::isa::Avx2Vnni,
                                ctnn::isa::Avx512, ctnn::isa::Avx512Vnni, ctnn::isa::Neon, ctnn::isa::NeonDot>;

#ifdef __SANITIZE_ADDRESS__
inline constexpr bool sanitized = true;
#else
inline constexpr bool sanitized = false;
#endif

/// Whether tests leave an instruction set to a build for it, for the compile time: SSE2 where there is AVX2.
template <class Isa>
inline constexpr bool left_to_baseline = std::is_same_v<Isa, ctnn::isa::Sse2>&& ctnn::isa::enabled<ctnn::isa::Avx2>;
/// Whether tests of kernels run on that instruction set: on all others that the build enables; under the sanitizers,
/// which compile five times as slowly, only on the build's own.
template <class Isa>
inline constexpr bool tested =
    ctnn::isa::enabled<Isa> && !left_to_baseline<Isa> && (!sanitized || std::is_base_of_v<Isa, ctnn::isa::Native>);
/// Scalars and the build's own: what tests of networks and of formats run on, for the compile time. Elsewhere these
/// differ by kernels, which are tested on all sets, and by facts of the set, which a build for it tests.
template <class Isa>
inline constexpr bool is_own = tested<Isa> && (Isa::lanes == 1 || std::is_base_of_v<Isa, ctnn::isa::Native>);

}  // namespace golden
