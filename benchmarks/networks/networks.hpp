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

/// The file of a model that ONNX Runtime can run here; empty where there is none. Format: "fp32" or "int8".
std::string onnx_file(const std::string& model, const std::string& format);
/// Times ONNX Runtime: one thread, one sample, its default optimisations of the graph.
void run_onnxruntime(benchmark::State& state, const std::string& file, std::size_t inputs, std::size_t outputs);

/// A network of the same shapes as the ONNX model, if one is named, in a number format.
template <ctnn::NumberFormat N, class Spec, class Input>
void add_in(const std::string& name, const std::string& model = {}) {
  using Model = ctnn::Network<Spec, Input, N>;
  const auto row = [&](const char* engine, auto run) {
    benchmark::RegisterBenchmark((row_name<N>(name) + engine).c_str(), run)->Unit(benchmark::kMicrosecond);
  };
  row("/ctnn", run_network<Model>);
  if (model.empty()) return;
  if (const std::string file = onnx_file(model, ctnn::Quantized<N> ? "int8" : "fp32"); !file.empty()) {
    row("/ONNX_Runtime", [file](benchmark::State& state) {
      run_onnxruntime(state, file, Input::size, Model::Output::size);
      report<Model, N>(state);
    });
  }
}

/// In floats of 16 bits.
template <class Spec, class Input>
void add_in_16_bits(const std::string& name) {
  add_in<ctnn::F16, Spec, Input>(name);
  add_in<ctnn::BF16, Spec, Input>(name);
}
/// In single precision and in eight bits.
template <class Spec, class Input>
void add(const std::string& name, const std::string& model) {
  add_in<ctnn::F32, Spec, Input>(name, model);
  add_in<ctnn::Int8, Spec, Input>(name, model);
}
