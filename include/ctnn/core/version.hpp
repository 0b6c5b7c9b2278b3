/// Which ctnn this is.
#pragma once

#include <string_view>

namespace ctnn {

/// As the build system has it (CMakeLists.txt reads it here).
inline constexpr std::string_view version = "0.1.0";

}  // namespace ctnn
