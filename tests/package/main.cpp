#include <iostream>

#include <ctnn/ctnn.hpp>

int main() {
  using Model = ctnn::Network<ctnn::Sequential<ctnn::Linear<2>>, ctnn::Shape<3>>;
  std::cout << Model::cost.macs << " multiply-accumulates\n";
  return Model::cost.macs == 6 ? 0 : 1;
}
