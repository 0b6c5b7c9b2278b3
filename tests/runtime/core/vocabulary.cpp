// Tensors, views, Eigen's view of them, elementary functions, window arithmetic, tables.

#include <cmath>
#include <cstdint>
#include <limits>
#include <sstream>

#include <nlohmann/json.hpp>

#include <ctnn/core/eigen.hpp>
#include <ctnn/ctnn.hpp>
#include <ctnn/kernels/pool.hpp>
#include <ctnn/network/advice.hpp>
#include <ctnn/network/summary.hpp>

#include "catch.hpp"

namespace nn = ctnn;

TEST_CASE("a tensor lies in (height, width, channels) order, aligned") {
  nn::Tensor<float, nn::Shape<2, 3, 4>> t;
  for (std::size_t i = 0; i < t.size(); ++i) t[i] = static_cast<float>(i);
  CHECK(t(1, 2, 3) == 23.0F);
  CHECK(t(0, 1, 0) == 4.0F);
  CHECK(reinterpret_cast<std::uintptr_t>(t.data()) % nn::alignment == 0);
  const nn::View<float, nn::Shape<2, 3, 4>> view = t;
  view(1, 0, 0) = -1.0F;
  CHECK(t[12] == -1.0F);
  const nn::View<const float, nn::Shape<2, 3, 4>> constant = view;
  CHECK(constant(1, 0, 0) == -1.0F);
  CHECK(nn::argmax(t) == 23);
}

TEST_CASE("the first of equals is the largest") { CHECK(nn::argmax(nn::Tensor<int, nn::Shape<4>>{{1, 7, 7, 3}}) == 1); }

TEST_CASE("Eigen sees a tensor's memory") {
  nn::Tensor<float, nn::Shape<2, 3, 4>> t;
  for (std::size_t i = 0; i < t.size(); ++i) t[i] = static_cast<float>(i);
  auto pixels = nn::as_eigen(t);
  CHECK(pixels.rows() == 6);
  CHECK(pixels.cols() == 4);
  CHECK(pixels(4, 1) == t(1, 1, 1));
  pixels(0, 2) = 50.0F;
  CHECK(t(0, 0, 2) == 50.0F);

  const nn::Tensor<float, nn::Shape<3>> v{{1, 2, 3}};
  CHECK(nn::as_eigen(v).dot(nn::as_eigen(v)) == 14.0F);
  CHECK(nn::as_eigen(nn::Tensor<float, nn::Shape<2, 2, 1>>{{1, 2, 3, 4}}).sum() == 10.0F);
}

TEST_CASE("the series of constant expressions agree with the standard library") {
  namespace series = nn::numeric::series;
  // double precision up to the rounding of range reduction: a few units in the last place of x / ln 2
  for (double x = -80.0; x <= 80.0; x += 0.37) {
    CHECK(std::abs(series::exp(x) / std::exp(x) - 1.0) < 1e-13);
    CHECK(std::abs(series::tanh(x) - std::tanh(x)) < 1e-15);
    CHECK(std::abs(series::erfc(x) - std::erfc(x)) < 1e-14);
  }
  for (double x = 1e-30; x < 1e30; x *= 3.7) CHECK(std::abs(series::sqrt(x) / std::sqrt(x) - 1.0) < 1e-15);
  CHECK(series::sqrt(0.0) == 0.0);
  CHECK(series::exp(1000.0) == std::numeric_limits<double>::infinity());
  CHECK(series::exp(-1000.0) == 0.0);
  CHECK(std::isnan(series::exp(std::nan(""))));
  CHECK(std::isnan(series::tanh(std::nan(""))));
  CHECK(std::isnan(series::erfc(std::nan(""))));
}

TEST_CASE("the taps inside an axis are those that read inside it") {
  using nn::kernels::taps_inside;
  std::size_t wrong = 0, cases = 0;
  for (std::size_t size = 1; size <= 7; ++size) {
    for (std::size_t taps = 1; taps <= 5; ++taps) {
      for (std::size_t stride = 1; stride <= 3; ++stride) {
        for (std::size_t dilation = 1; dilation <= 3; ++dilation) {
          for (std::size_t pad = 0; pad <= 6; ++pad) {
            for (std::size_t out = 0; out <= 8; ++out, ++cases) {
              std::size_t first = taps, last = 0;
              for (std::size_t k = 0; k < taps; ++k) {
                const auto at =
                    static_cast<std::ptrdiff_t>(out * stride + k * dilation) - static_cast<std::ptrdiff_t>(pad);
                if (at >= 0 && at < static_cast<std::ptrdiff_t>(size)) {
                  first = std::min(first, k);
                  last = k + 1;
                }
              }
              const auto range = taps_inside(out, stride, dilation, taps, pad, size);
              const bool empty = first >= last;
              if (empty ? range.first != range.last : (range.first != first || range.last != last)) ++wrong;
            }
          }
        }
      }
    }
  }
  CHECK(cases > 10'000);
  CHECK(wrong == 0);
}

namespace {

using Model = nn::Network<nn::Sequential<nn::Conv2d<5, nn::Kernel<3>>, nn::ReLU,
                                         nn::Named<"head\"", nn::Sequential<nn::Flatten, nn::Linear<10>>>>,
                          nn::Shape<8, 8, 1>, nn::F32, nn::isa::Scalar>;

std::string table(nn::TableFormat format) {
  std::ostringstream out;
  nn::print_summary<Model>(out, format);
  return out.str();
}

}  // namespace

TEST_CASE("the summary is a table for people") {
  CHECK(
      table(nn::TableFormat::text) ==
      "         layer                 output     parameters   MACs  memory access  share of MACs  format     kernel\n"
      "0        Conv2d<5, Kernel<3>>  6 x 6 x 5          50  1,620            289         47.4 %     F32  reference\n"
      "1        ReLU                  6 x 6 x 5           0      0            360          0.0 %     F32      fused\n"
      "head\".0  Flatten               180                 0      0              0          0.0 %     F32\n"
      "head\".1  Linear<10>            10              1,810  1,800          1,990         52.6 %     F32  reference\n"
      "         total                                 1,860  3,420          2,639        100.0 %\n"
      "6,840 FLOPs, 370 elementwise operations, 7,440 weight bytes, 768 arena bytes; F32 on scalar\n");
}

TEST_CASE("the summary is data for programs") {
  const auto json = nlohmann::json::parse(table(nn::TableFormat::json));
  CHECK(json.at("macs") == Model::cost.macs);
  CHECK(json.at("arena_bytes") == Model::arena_bytes);
  REQUIRE(json.at("layers").size() == 4);
  CHECK(json.at("layers")[3].at("path") == "head\".1");
  CHECK(json.at("layers")[0].at("output") == std::vector<int>{6, 6, 5});
  const auto csv = table(nn::TableFormat::csv);
  CHECK(csv.find("\"0\",\"Conv2d<5, Kernel<3>>\",6 x 6 x 5,50,1620,180,289,200,720,F32,reference\n") !=
        std::string::npos);
  CHECK(table(nn::TableFormat::markdown).find("| 1 | ReLU | 6 x 6 x 5 | 0 | 0 | 360 | 0.0 % | F32 | fused |\n") !=
        std::string::npos);
}

TEST_CASE("for a machine, the summary has bytes and roofline times") {
  // 1 FLOP per nanosecond, 4 bytes per nanosecond: the last layer's 1,990 elements are its bound
  constexpr nn::Machine machine{.flops_per_second = 1e9, .bytes_per_second = 4e9, .name = "a slow one"};
  std::ostringstream text, json_text;
  nn::print_summary<Model>(text, machine);
  CHECK(text.str() ==
        "         layer                 output     parameters   MACs  memory access  share of MACs  weight bytes  "
        "FLOPs/byte  roofline us  format     kernel\n"
        "0        Conv2d<5, Kernel<3>>  6 x 6 x 5          50  1,620            289         47.4 %           200  "
        "      2.96         3.42     F32  reference\n"
        "1        ReLU                  6 x 6 x 5           0      0            360          0.0 %             0  "
        "      0.12         0.36     F32      fused\n"
        "head\".0  Flatten               180                 0      0              0          0.0 %             0  "
        "      0.00         0.00     F32\n"
        "head\".1  Linear<10>            10              1,810  1,800          1,990         52.6 %         7,240  "
        "      0.45         3.61     F32  reference\n"
        "         total                                 1,860  3,420          2,639        100.0 %         7,440  "
        "      0.68         7.39\n"
        "6,840 FLOPs, 370 elementwise operations, 7,440 weight bytes, 768 arena bytes; F32 on scalar\n"
        "roofline time on a slow one: 7.39 us; layers below 0.25 FLOPs/byte are bound by memory\n");
  nn::print_summary<Model>(json_text, machine, nn::TableFormat::json);
  const auto json = nlohmann::json::parse(json_text.str());
  CHECK(json.at("machine") == "a slow one");
  CHECK(std::abs(json.at("roofline_us").get<double>() - 1e6 * Model::roofline_seconds(machine)) < 1e-3);
  CHECK(std::abs(json.at("layers")[1].at("roofline_us").get<double>() - 0.36) < 1e-9);
  CHECK(json.at("layers")[3].at("weight_bytes") == 7'240);
}

TEST_CASE("the summary says where a network may end early") {
  using Early = nn::Network<
      nn::Sequential<nn::Flatten, nn::Linear<4>, nn::Named<"a\n", nn::EarlyExit<nn::Identity>>, nn::Linear<4>>,
      nn::Shape<2, 2, 1>>;
  std::ostringstream text, json_text;
  nn::print_summary<Early>(text);
  CHECK(text.str().ends_with("may end at a\n after 32 FLOPs, 50.0 %\n"));
  nn::print_summary<Early>(json_text, nn::TableFormat::json);
  const auto json = nlohmann::json::parse(json_text.str());
  REQUIRE(json.at("exits").size() == 1);
  CHECK(json.at("exits")[0].at("path") == "a\n");
  CHECK(json.at("exits")[0].at("macs") == 16);
}

TEST_CASE("advice is data and sentences") {
  using Spec =
      nn::Sequential<nn::Conv2d<16, nn::Kernel<3>, nn::Padding<1>>, nn::PointwiseConv2d<64>,
                     nn::Conv2d<64, nn::Kernel<3>, nn::Padding<1>, nn::Groups<8>>,
                     nn::Residual<nn::PointwiseConv2d<64>>, nn::Concat<nn::PointwiseConv2d<8>, nn::PointwiseConv2d<8>>>;
  using Network = nn::Network<Spec, nn::Shape<16, 16, 3>>;
  constexpr auto advice = nn::advice<Network>;
  STATIC_REQUIRE(advice.size(nn::Guideline::unequal_widths) == 3);  // 16 to 64, and 64 to 8 twice
  STATIC_REQUIRE(advice.size(nn::Guideline::many_groups) == 1);
  STATIC_REQUIRE(advice.size(nn::Guideline::fragments) == 1);  // a residual's identity computes nothing
  STATIC_REQUIRE(advice.size(nn::Guideline::separable) == 1);
  STATIC_REQUIRE(advice.size(nn::Guideline::elementwise_share) == 1);
  std::ostringstream out;
  nn::print_advice<Network>(out, advice);
  CHECK(out.str().find(
            "0 Conv2d<16, Kernel<3>, Padding<1>>: depthwise-separable it would take 19,200 multiply-accumulates "
            "instead of 110,592, 5.76 times fewer\n") != std::string::npos);
  constexpr auto bound = nn::memory_bound_layers<Network>({.flops_per_second = 1e12, .bytes_per_second = 1e9});
  STATIC_REQUIRE(bound.size() == Network::layers.size() - 1);  // 1000 FLOPs a byte: none; Identity moves nothing
}
