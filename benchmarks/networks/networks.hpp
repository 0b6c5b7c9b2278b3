/// What the parts of benchmark_networks share: a row per network and engine.
#pragma once

#include <benchmark/benchmark.h>

#include <cstddef>
#include <string>

#include <ctnn/ctnn.hpp>

#include "../row.hpp"

// Each registers some networks; apart because together they would compile for minutes.
void add_tiny();
void add_mobilenets();
void add_resnet_squeezenet_shufflenet();
void add_efficientnet();

/// The file of a model that ONNX Runtime can run here; empty where there is none.
std::string onnx_file(const std::string& model);
/// Times ONNX Runtime: one thread, one sample, its default optimisations of the graph.
void run_onnxruntime(benchmark::State& state, const std::string& file, std::size_t inputs, std::size_t outputs);

/// A network of the same shapes as the ONNX model.
template <class Spec, class Input>
void add(const std::string& name, const std::string& model) {
  using Model = ctnn::Network<Spec, Input>;
  benchmark::RegisterBenchmark((name + "/ctnn").c_str(), run_network<Model>)->Unit(benchmark::kMicrosecond);
  if (const std::string file = onnx_file(model); !file.empty()) {
    const auto run = [file](benchmark::State& state) {
      run_onnxruntime(state, file, Input::size, Model::Output::size);
      report<Model>(state);
    };
    benchmark::RegisterBenchmark((name + "/ONNX_Runtime").c_str(), run)->Unit(benchmark::kMicrosecond);
  }
}
