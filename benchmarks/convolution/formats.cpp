#include "layers.hpp"

namespace {

namespace nn = ctnn;

template <std::size_t Inputs, std::size_t Outputs, nn::NumberFormat... N>
void add() {
  const std::string name = "FC_" + std::to_string(Inputs) + "_" + std::to_string(Outputs) + "_";
  (benchmark::RegisterBenchmark((name + std::string{N::name.view()} + "/ctnn").c_str(),
                                run_network<nn::Network<nn::Linear<Outputs>, nn::Shape<Inputs>, N>>),
   ...);
}

}  // namespace

void add_weight_formats() {
  add<1024, 1024, nn::F16Storage, nn::Int8Weights, nn::Int4Weights, nn::BF16>();
  add<4096, 1024, nn::F32, nn::F16Storage, nn::Int8Weights, nn::Int4Weights, nn::BF16>();
}
