#include "networks.hpp"

#ifndef CTNN_HAVE_ONNXRUNTIME

std::string onnx_file(const std::string&, const std::string&) { return {}; }
void run_onnxruntime(benchmark::State&, const std::string&, std::size_t, std::size_t) {}

#else

#include <onnxruntime_c_api.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <vector>

namespace {

const OrtApi& api() {
  static const OrtApi* const own = OrtGetApiBase()->GetApi(ORT_API_VERSION);
  if (own == nullptr) throw std::runtime_error{"ONNX Runtime's library is older than its header"};
  return *own;
}

struct Release {
  void operator()(OrtEnv* p) const { api().ReleaseEnv(p); }
  void operator()(OrtSessionOptions* p) const { api().ReleaseSessionOptions(p); }
  void operator()(OrtSession* p) const { api().ReleaseSession(p); }
  void operator()(OrtMemoryInfo* p) const { api().ReleaseMemoryInfo(p); }
  void operator()(OrtTypeInfo* p) const { api().ReleaseTypeInfo(p); }
  void operator()(OrtValue* p) const { api().ReleaseValue(p); }
};
template <class T>
using Owned = std::unique_ptr<T, Release>;

void check(OrtStatus* status) {
  if (status == nullptr) return;
  const std::runtime_error error{api().GetErrorMessage(status)};
  api().ReleaseStatus(status);
  throw error;
}

/// What a function of the API hands out through its last argument.
template <class T>
Owned<T> make(auto function, auto... arguments) {
  T* made = nullptr;
  check(function(arguments..., &made));
  return Owned<T>{made};
}

/// An input's or output's numbers, floats or bytes, and the tensor that ONNX Runtime sees them as; its size must be as
/// expected.
struct Buffer {
  std::vector<float> numbers;  // memory enough for either
  Owned<OrtValue> value;

  Buffer(const Owned<OrtTypeInfo>& type, std::size_t size) : numbers(size) {
    const OrtTensorTypeAndShapeInfo* shape = nullptr;
    check(api().CastTypeInfoToTensorInfo(type.get(), &shape));
    std::size_t rank = 0, count = 0;
    check(api().GetDimensionsCount(shape, &rank));
    std::vector<std::int64_t> dims(rank);
    check(api().GetDimensions(shape, dims.data(), rank));
    check(api().GetTensorShapeElementCount(shape, &count));
    if (count != size) throw std::runtime_error{"the ONNX model has another shape"};
    ONNXTensorElementDataType element{};
    check(api().GetTensorElementType(shape, &element));
    const bool bytes = element != ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT;
    if (bytes) {
      fill(reinterpret_cast<std::uint8_t*>(numbers.data()), size);
    } else {
      fill(numbers.data(), size);
    }
    const auto memory = make<OrtMemoryInfo>(api().CreateCpuMemoryInfo, OrtArenaAllocator, OrtMemTypeDefault);
    value = make<OrtValue>(api().CreateTensorWithDataAsOrtValue, memory.get(), numbers.data(),
                           size * (bytes ? 1 : sizeof(float)), dims.data(), rank, element);
  }
};

}  // namespace

std::string onnx_file(const std::string& model, const std::string& format) {
  const char* folder = std::getenv("CTNN_ONNX_MODELS");
  if (folder == nullptr) return {};
  const std::filesystem::path file = std::filesystem::path{folder} / (model + "." + format + ".onnx");
  return std::filesystem::exists(file) ? file.string() : std::string{};
}

void run_onnxruntime(benchmark::State& state, const std::string& file, std::size_t inputs, std::size_t outputs) try {
  static const auto environment = make<OrtEnv>(api().CreateEnv, ORT_LOGGING_LEVEL_ERROR, "benchmark");
  const auto options = make<OrtSessionOptions>(api().CreateSessionOptions);
  check(api().SetIntraOpNumThreads(options.get(), 1));
  check(api().SetInterOpNumThreads(options.get(), 1));
  check(api().SetSessionExecutionMode(options.get(), ORT_SEQUENTIAL));
  const auto session = make<OrtSession>(api().CreateSession, environment.get(), file.c_str(), options.get());
  const Buffer input{make<OrtTypeInfo>(api().SessionGetInputTypeInfo, session.get(), std::size_t{0}), inputs};
  const Buffer output{make<OrtTypeInfo>(api().SessionGetOutputTypeInfo, session.get(), std::size_t{0}), outputs};
  const char* const input_name = "x";  // as the models' generator names them
  const char* const output_name = "y";
  const OrtValue* const x = input.value.get();
  OrtValue* y = output.value.get();
  for (auto _ : state) {
    check(api().Run(session.get(), nullptr, &input_name, &x, 1, &output_name, 1, &y));
    benchmark::ClobberMemory();
  }
} catch (const std::exception& error) {
  state.SkipWithError(error.what());
}

#endif
