// ONNX's node tests of quantized operators: what HalfToEven is for. Their weights have a zero point, which layers' do
// not: they go to the reference kernel as 16-bit differences.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include <ctnn/ctnn.hpp>

#include "catch.hpp"

namespace nn = ctnn;

namespace {

using Quantization = nn::UInt8::Quantization;

#ifdef CTNN_ONNX_NODE_TESTS

/// A tensor of ONNX's protocol buffers: dims is field 1, raw_data field 9.
struct TensorProto {
  std::vector<std::size_t> dims;
  std::string raw;

  explicit TensorProto(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    INFO(path);
    REQUIRE(file);
    const std::string bytes{std::istreambuf_iterator<char>{file}, {}};
    std::size_t at = 0;
    const auto varint = [&] {
      std::size_t value = 0;
      for (int shift = 0;; shift += 7) {
        const auto byte = static_cast<unsigned char>(bytes.at(at++));
        value |= static_cast<std::size_t>(byte & 0x7F) << shift;
        if (byte < 0x80) return value;
      }
    };
    while (at < bytes.size()) {
      const std::size_t key = varint(), field = key / 8;
      if (key % 8 == 0) {  // a number
        const std::size_t value = varint();
        if (field == 1) dims.push_back(value);
      } else {  // bytes; these files have nothing else
        REQUIRE(key % 8 == 2);
        const std::size_t length = varint();
        if (field == 9) raw = bytes.substr(at, length);
        at += length;
      }
    }
  }
  template <class T>
  [[nodiscard]] std::vector<T> as() const {
    std::vector<T> items(raw.size() / sizeof(T));
    std::memcpy(items.data(), raw.data(), items.size() * sizeof(T));
    return items;
  }
};

/// The inputs and outputs of a node test, by number.
struct NodeTest {
  std::string folder;

  explicit NodeTest(const std::string& name) : folder{std::string{CTNN_ONNX_NODE_TESTS} + "/" + name} {}
  [[nodiscard]] TensorProto tensor(const std::string& name) const {
    return TensorProto{folder + "/test_data_set_0/" + name + ".pb"};
  }
  template <class T>
  [[nodiscard]] std::vector<T> input(int i) const {
    return tensor("input_" + std::to_string(i)).as<T>();
  }
  template <class T>
  [[nodiscard]] std::vector<T> output(int i = 0) const {
    return tensor("output_" + std::to_string(i)).as<T>();
  }
  [[nodiscard]] Quantization quantization(int i) const { return {input<float>(i)[0], input<std::uint8_t>(i + 1)[0]}; }
};

std::vector<std::int16_t> less_zero_point(const std::vector<std::uint8_t>& weights, std::int32_t zero_point) {
  std::vector<std::int16_t> result;
  for (const std::uint8_t w : weights) result.push_back(static_cast<std::int16_t>(w - zero_point));
  return result;
}

/// Stores accumulators as they are.
struct Accumulators {
  [[nodiscard]] const Accumulators& at_row(std::size_t /*row*/) const { return *this; }
  std::int32_t operator()(std::int32_t sum, std::size_t /*channel*/, std::size_t /*position*/) const { return sum; }
};

template <std::size_t Channels>
nn::kernels::Requantization<nn::UInt8, Channels> requantization(const Quantization& x, float weight_scale,
                                                                const Quantization& y) {
  nn::kernels::Requantization<nn::UInt8, Channels> result;
  for (std::size_t c = 0; c < Channels; ++c) {
    result.scales.set(c, nn::numeric::HalfToEven::channel_scale(x.scale, weight_scale, y.scale));
  }
  result.zero_point = y.zero_point;
  return result;
}

/// y = epilogue(convolution of x), a convolution bound to a shape giving the geometry.
template <class Layer, class In, class Y, class Epilogue>
std::vector<Y> convolved(const std::vector<std::uint8_t>& x, std::int32_t zero_point,
                         const std::vector<std::int16_t>& weight, const Epilogue& epilogue) {
  constexpr auto g = nn::Bound<Layer, In>::geometry;
  REQUIRE(x.size() == In::size);
  REQUIRE(weight.size() == g.out.channels * g.taps());
  std::vector<Y> y(g.out.size());
  const std::vector<std::int32_t> bias(g.out.channels);
  nn::kernels::reference::convolve<g, nn::kernels::canonical(g.in), nn::kernels::canonical(g.out)>(
      x.data(), zero_point, weight.data(), bias.data(), y.data(), epilogue);
  return y;
}

/// y = epilogue(a b) for matrices (M, K) and (K, N), one behind the other.
template <std::size_t K, std::size_t N, class Y, class Epilogue>
std::vector<Y> multiplied(const std::vector<std::uint8_t>& a, std::int32_t zero_point,
                          const std::vector<std::int16_t>& b, std::size_t matrices, const Epilogue& epilogue) {
  const std::size_t rows = a.size() / K / matrices;
  std::vector<Y> y;
  for (std::size_t m = 0; m < matrices; ++m) {
    std::vector<std::int16_t> weight(N * K);  // (N, K)
    for (std::size_t n = 0; n < N; ++n) {
      for (std::size_t k = 0; k < K; ++k) weight[n * K + k] = b[m * K * N + k * N + n];
    }
    for (std::size_t row = 0; row < rows; ++row) {
      const auto* first = a.data() + (m * rows + row) * K;
      const auto product =
          convolved<nn::Conv2d<N>, nn::Shape<1, 1, K>, Y>({first, first + K}, zero_point, weight, epilogue);
      y.insert(y.end(), product.begin(), product.end());
    }
  }
  return y;
}

/// The axis tests: (1, 3, 3, 2), a quantization for each of the second axis.
template <class From, class To, class Convert>
void check_axis(const std::string& name, Convert convert) {
  const NodeTest test{name};
  const auto x = test.input<From>(0);
  const auto scales = test.input<float>(1);
  const auto zero_points = test.input<std::uint8_t>(2);
  REQUIRE(test.tensor("input_0").dims == std::vector<std::size_t>{1, 3, 3, 2});
  std::vector<To> y;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const std::size_t channel = i / 6;
    y.push_back(convert(Quantization{scales[channel], zero_points[channel]}, x[i]));
  }
  CHECK(y == test.output<To>());
}

void check_dynamic(const std::string& name) {
  const NodeTest test{name};
  const auto x = test.input<float>(0);
  const float lowest = std::min(0.0F, *std::min_element(x.begin(), x.end()));
  const float highest = std::max(0.0F, *std::max_element(x.begin(), x.end()));
  Quantization q{(highest - lowest) / 255.0F, 0};
  q.zero_point = q.quantize(-lowest);
  std::vector<std::uint8_t> y;
  for (const float number : x) y.push_back(q.quantize(number));
  CHECK(y == test.output<std::uint8_t>());
  CHECK(q.scale == test.output<float>(1)[0]);
  CHECK(q.zero_point == test.output<std::uint8_t>(2)[0]);
}

#endif

}  // namespace

#ifdef CTNN_ONNX_NODE_TESTS

TEST_CASE("QLinearConv") {
  const NodeTest test{"test_qlinearconv"};
  const Quantization x = test.quantization(1), w = test.quantization(4), y = test.quantization(6);
  CHECK(convolved<nn::Conv2d<1>, nn::Shape<7, 7, 1>, std::uint8_t>(
            test.input<std::uint8_t>(0), x.zero_point, less_zero_point(test.input<std::uint8_t>(3), w.zero_point),
            requantization<1>(x, w.scale, y)) == test.output<std::uint8_t>());
}

TEST_CASE("QLinearMatMul") {
  for (const std::size_t matrices : {std::size_t{1}, std::size_t{2}}) {
    const NodeTest test{matrices == 1 ? "test_qlinearmatmul_2D" : "test_qlinearmatmul_3D"};
    const Quantization a = test.quantization(1), b = test.quantization(4), y = test.quantization(6);
    CHECK(multiplied<4, 3, std::uint8_t>(test.input<std::uint8_t>(0), a.zero_point,
                                         less_zero_point(test.input<std::uint8_t>(3), b.zero_point), matrices,
                                         requantization<3>(a, b.scale, y)) == test.output<std::uint8_t>());
  }
}

TEST_CASE("ConvInteger") {
  using nn::Conv2d, nn::Kernel, nn::Padding, nn::Shape;
  const NodeTest test{"test_basic_convinteger"};
  CHECK(convolved<Conv2d<1, Kernel<2>>, Shape<3, 3, 1>, std::int32_t>(
            test.input<std::uint8_t>(0), test.input<std::uint8_t>(2)[0],
            less_zero_point(test.input<std::uint8_t>(1), 0), Accumulators{}) == test.output<std::int32_t>());
  const NodeTest without{"test_convinteger_without_padding"};
  CHECK(convolved<Conv2d<1, Kernel<2>>, Shape<3, 3, 1>, std::int32_t>(
            without.input<std::uint8_t>(0), without.input<std::uint8_t>(2)[0],
            less_zero_point(without.input<std::uint8_t>(1), 0), Accumulators{}) == without.output<std::int32_t>());
  const NodeTest padded{"test_convinteger_with_padding"};
  CHECK(convolved<Conv2d<1, Kernel<2>, Padding<1>>, Shape<3, 3, 1>, std::int32_t>(
            padded.input<std::uint8_t>(0), padded.input<std::uint8_t>(2)[0],
            less_zero_point(padded.input<std::uint8_t>(1), 0), Accumulators{}) == padded.output<std::int32_t>());
}

TEST_CASE("MatMulInteger") {
  const NodeTest test{"test_matmulinteger"};
  CHECK(multiplied<3, 2, std::int32_t>(test.input<std::uint8_t>(0), test.input<std::uint8_t>(2)[0],
                                       less_zero_point(test.input<std::uint8_t>(1), test.input<std::uint8_t>(3)[0]), 1,
                                       Accumulators{}) == test.output<std::int32_t>());
}

TEST_CASE("QuantizeLinear and DequantizeLinear") {
  const auto quantize = [](const Quantization& q, float x) { return q.quantize(x); };
  const auto dequantize = [](const Quantization& q, std::uint8_t x) { return q.dequantize(x); };
  const NodeTest test{"test_quantizelinear"};
  std::vector<std::uint8_t> integers;
  for (const float x : test.input<float>(0)) integers.push_back(quantize(test.quantization(1), x));
  CHECK(integers == test.output<std::uint8_t>());
  const NodeTest back{"test_dequantizelinear"};
  std::vector<float> reals;
  for (const std::uint8_t x : back.input<std::uint8_t>(0)) reals.push_back(dequantize(back.quantization(1), x));
  CHECK(reals == back.output<float>());
  check_axis<float, std::uint8_t>("test_quantizelinear_axis", quantize);
  check_axis<std::uint8_t, float>("test_dequantizelinear_axis", dequantize);
}

TEST_CASE("DynamicQuantizeLinear") {
  check_dynamic("test_dynamicquantizelinear");
  check_dynamic("test_dynamicquantizelinear_max_adjusted");
  check_dynamic("test_dynamicquantizelinear_min_adjusted");
}

#else

TEST_CASE("ONNX's node tests of quantized operators") {
  skip("ONNX's node tests", "Debian's package libonnx-testdata is not installed");
}

#endif
