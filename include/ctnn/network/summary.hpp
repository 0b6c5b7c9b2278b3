/// A network's costs as a table for people.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include <ctnn/network/network.hpp>

namespace ctnn {

namespace detail {

/// "1,059,880"
inline std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (auto i = static_cast<std::ptrdiff_t>(digits.size()) - 3; i > 0; i -= 3) {
    digits.insert(static_cast<std::size_t>(i), 1, ',');
  }
  return digits;
}

/// "26 x 26 x 5"
inline std::string spelled_shape(const LayerInfo& layer) {
  std::string text = std::to_string(layer.output[0]);
  for (std::size_t i = 1; i < layer.rank; ++i) text.append(" x ").append(std::to_string(layer.output[i]));
  return text;
}

/// "12.3 %"
inline std::string percent(std::uint64_t part, std::uint64_t whole) {
  const std::uint64_t tenths = whole == 0 ? 0 : (part * 1000 + whole / 2) / whole;
  return std::to_string(tenths / 10).append(".").append(std::to_string(tenths % 10)).append(" %");
}

/// Rows of cells, every column as wide as its widest cell; the first three columns are text, the others numbers.
inline void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows) {
  constexpr std::size_t text_columns = 3;
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string padding(widths[c] - row[c].size(), ' ');
      line.append(c == 0 ? "" : "  ")
          .append(c < text_columns ? row[c] : padding)
          .append(c < text_columns ? padding : row[c]);
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
}

}  // namespace detail

/// Prints a row per layer (path, layer, output shape, parameters, multiply-accumulates, elements accessed, share of the
/// multiply-accumulates, kernel) and the totals.
template <class Model>
void print_summary(std::ostream& out) {
  using detail::grouped;
  std::vector<std::vector<std::string>> rows{
      {"", "layer", "output", "parameters", "MACs", "memory access", "share of MACs", "kernel"}};
  for (std::size_t i = 0; i < Model::layers.size(); ++i) {
    const LayerInfo& layer = Model::layers[i];
    rows.push_back({std::string{layer.path.view()}, std::string{layer.name}, detail::spelled_shape(layer),
                    grouped(layer.cost.params), grouped(layer.cost.macs), grouped(layer.cost.memory_access),
                    detail::percent(layer.cost.macs, Model::cost.macs), std::string{Model::algorithm_of(i)}});
  }
  rows.push_back({"", "total", "", grouped(Model::cost.params), grouped(Model::cost.macs),
                  grouped(Model::cost.memory_access), detail::percent(Model::cost.macs, Model::cost.macs), ""});
  detail::print_table(out, rows);
  out << grouped(Model::cost.flops()) << " FLOPs, " << grouped(Model::cost.elementwise_ops)
      << " elementwise operations, " << grouped(Model::weight_bytes) << " weight bytes, " << grouped(Model::arena_bytes)
      << " arena bytes; " << Model::Format::name.view() << " on " << Model::Isa::name << '\n';
}

}  // namespace ctnn
