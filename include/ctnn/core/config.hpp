/// The library's only macros.
#pragma once

/// Inlining that kernels cannot do without: an accumulator tile stays in registers only if every function
/// and lambda that touches it is inlined (5x without, measured with GCC 12).
#define CTNN_ALWAYS_INLINE [[gnu::always_inline]] inline
#define CTNN_INLINE_LAMBDA __attribute__((always_inline))
