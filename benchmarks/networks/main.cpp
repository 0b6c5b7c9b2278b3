/// Whole networks, in single precision and as Int8, one sample at a time on one core: ctnn beside ONNX Runtime, the
/// small ones beside XNNPACK too, each where it is installed. Where CMake has found ONNX Runtime
/// (CTNN_ONNXRUNTIME_INCLUDE, CTNN_ONNXRUNTIME_LIBRARY), the environment variable CTNN_ONNX_MODELS names the folder of
/// the models. Table and figure, from interleaved repetitions on one core:
///   CTNN_ONNX_MODELS=models benchmarks/peers.py build/release/benchmarks/benchmark_networks --json networks.json
///   benchmarks/peers.py networks.json --figure benchmarks/networks.svg
/// Weights and inputs are random (zeros would flatter), for every engine.

#include "networks.hpp"

int main(int argc, char** argv) {
  add_tiny();
  add_mobilenets();
  add_resnet_squeezenet_shufflenet();
  add_efficientnet();
  return run_rows(argc, argv);
}
