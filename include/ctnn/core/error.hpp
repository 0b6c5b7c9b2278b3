/// The library's one exception. Only host code throws it: reading and writing files, importing, quantizing. Networks
/// never do.
#pragma once

#include <stdexcept>

namespace ctnn {

/// What went wrong, in a sentence that says where it is, what was found and what was expected.
class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

}  // namespace ctnn
