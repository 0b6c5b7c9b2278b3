// expect: AnswersAlike
// expect: Shape<8>
// expect: Shape<12>
#include <vector>

#include <ctnn/ctnn.hpp>
#include <ctnn/network/compare.hpp>
namespace nn = ctnn;

using Teacher = nn::Network<nn::Linear<10>, nn::Shape<12>>;
using Student = nn::Network<nn::Linear<10>, nn::Shape<8>>;
double agreement(const Teacher& teacher, const Student& student) {
  return nn::agreement(teacher, student, std::vector<nn::Tensor<float, nn::Shape<12>>>(3));
}
