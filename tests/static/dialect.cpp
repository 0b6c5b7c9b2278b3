// The library compiles without exceptions and run-time type information; the build compiles this folder so.
#include <ctnn/ctnn.hpp>

#if defined(__cpp_exceptions) || defined(__cpp_rtti)
#error "tests/static is to be compiled with -fno-exceptions -fno-rtti"
#endif
