// expect: EarlyExit: the test must be callable with the head's output, and return bool
#include <ctnn/ctnn.hpp>
namespace nn = ctnn;

struct Wrong {
  bool operator()(int) const;
};
using Head = nn::Sequential<nn::Flatten, nn::Linear<10>>;
using Model = nn::Network<nn::Sequential<nn::EarlyExit<Head, Wrong>, Head>, nn::Shape<8, 8, 3>>;
constexpr auto macs = Model::cost.macs;
