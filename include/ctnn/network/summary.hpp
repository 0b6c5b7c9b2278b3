/// A network's costs as a table for people.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iomanip>
#include <ostream>
#include <span>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <ctnn/network/network.hpp>

namespace ctnn {

/// How a table is written: aligned text and Markdown for people, CSV and JSON for programs.
enum class TableFormat { text, markdown, csv, json };

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

/// Rows of cells, every column as wide as its widest cell; the first columns are text, the others numbers.
inline void print_aligned(std::ostream& out, const std::vector<std::vector<std::string>>& rows,
                          std::size_t text_columns = 3) {
  std::vector<std::size_t> widths(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  }
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t c = 0; c < row.size(); ++c) {
      const std::string padding(widths[c] - row[c].size(), ' ');
      line.append(c == 0 ? "" : "  ");
      line.append(c < text_columns ? row[c] : padding).append(c < text_columns ? padding : row[c]);
    }
    out << line.substr(0, line.find_last_not_of(' ') + 1) << '\n';
  }
}

/// The same as a Markdown table.
inline void print_markdown(std::ostream& out, const std::vector<std::vector<std::string>>& rows,
                           std::size_t text_columns = 3) {
  for (std::size_t r = 0; r < rows.size(); ++r) {
    for (std::size_t c = 0; c < rows[r].size(); ++c) out << (c == 0 ? "| " : " | ") << rows[r][c];
    out << " |\n";
    if (r != 0) continue;
    for (std::size_t c = 0; c < rows[r].size(); ++c) out << (c < text_columns ? "|---" : "|--:");
    out << "|\n";
  }
}

/// Text between quotes: a Named path may hold anything. Quotes are doubled, as CSV wants.
inline std::string csv_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) result.append(c == '"' ? 2 : 1, c);
  return result += '"';
}

/// Text as a JSON string: a Named path may hold anything.
inline std::string json_string(std::string_view text) {
  std::string result = "\"";
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < 0x20) {  // control characters by number
      result.append("\\u00").append(1, c < 0x10 ? '0' : '1').append(1, "0123456789abcdef"[c % 16]);
      continue;
    }
    if (c == '"' || c == '\\') result += '\\';
    result += c;
  }
  return result += '"';
}

/// Rows of cells under a row of titles, in any form: the first columns are text, the others numbers, or "-" where there
/// is none.
inline void print_table(std::ostream& out, const std::vector<std::vector<std::string>>& rows, TableFormat format,
                        std::size_t text_columns) {
  if (format == TableFormat::text) return print_aligned(out, rows, text_columns);
  if (format == TableFormat::markdown) return print_markdown(out, rows, text_columns);
  const bool json = format == TableFormat::json;
  out << (json ? "[" : "");
  for (std::size_t r = json ? 1 : 0; r < rows.size(); ++r) {
    out << (!json ? "" : r == 1 ? "\n  {" : ",\n  {");
    for (std::size_t c = 0; c < rows[r].size(); ++c) {
      out << (c == 0 ? "" : json ? ", " : ",");
      if (json) out << json_string(rows[0][c].empty() ? "path" : rows[0][c]) << ": ";
      if (c < text_columns || r == 0) {
        out << (json ? json_string(rows[r][c]) : csv_string(rows[r][c]));
      } else {
        out << (rows[r][c] != "-" ? rows[r][c] : json ? "null" : "");
      }
    }
    out << (json ? "}" : "\n");
  }
  out << (json ? "\n]\n" : "");
}

/// "3.25"
inline std::string hundredths(double number) {
  std::ostringstream text;
  text << std::fixed << std::setprecision(2) << number;
  return text.str();
}

/// What print_summary needs of a model, as plain data.
struct Summary {
  std::span<const LayerInfo> layers;
  std::span<const ExitInfo> exits;
  std::vector<std::string_view> kernels;  // by layer
  Cost cost;
  std::size_t weight_bytes = 0, arena_bytes = 0;
  std::string_view format, isa;
  Precision precision = Precision::float32;
  const Machine* machine = nullptr;  // null: none is asked for
  double seconds = 0.0;

  /// FLOPs per byte of all layers.
  [[nodiscard]] double intensity() const {
    std::uint64_t bytes = 0;
    for (const LayerInfo& layer : layers) bytes += layer.bytes_accessed;
    const auto operations = static_cast<double>(cost.operations(Counting::flops_with_elementwise));
    return bytes == 0 ? 0.0 : operations / static_cast<double>(bytes);
  }
  [[nodiscard]] double microseconds(const LayerInfo& layer) const { return 1e6 * layer.roofline_seconds(*machine); }
};

/// For people: numbers grouped in thousands, shares in per cent, totals.
inline std::vector<std::vector<std::string>> rows_of(const Summary& summary) {
  std::vector<std::vector<std::string>> rows{
      {"", "layer", "output", "parameters", "MACs", "memory access", "share of MACs"}};
  const auto add = [&](std::string path, std::string name, std::string output, const Cost& cost) {
    rows.push_back({std::move(path), std::move(name), std::move(output), grouped(cost.params), grouped(cost.macs),
                    grouped(cost.memory_access), percent(cost.macs, summary.cost.macs)});
  };
  for (const LayerInfo& layer : summary.layers) {
    add(std::string{layer.path.view()}, std::string{layer.name}, spelled_shape(layer), layer.cost);
  }
  add("", "total", "", summary.cost);

  const auto append = [&](std::string_view title, const auto& cell_of, std::string total) {
    rows.front().emplace_back(title);
    for (std::size_t i = 0; i < summary.layers.size(); ++i) rows[i + 1].push_back(cell_of(i));
    rows.back().push_back(std::move(total));
  };
  if (summary.machine != nullptr) {
    append(
        "weight bytes", [&](std::size_t i) { return grouped(summary.layers[i].weight_bytes); },
        grouped(summary.weight_bytes));
    append(
        "FLOPs/byte", [&](std::size_t i) { return hundredths(summary.layers[i].arithmetic_intensity()); },
        hundredths(summary.intensity()));
    append(
        "roofline us", [&](std::size_t i) { return hundredths(summary.microseconds(summary.layers[i])); },
        hundredths(1e6 * summary.seconds));
  }
  append(
      "format", [&](std::size_t i) { return std::string{summary.layers[i].format}; }, "");
  append(
      "kernel", [&](std::size_t i) { return std::string{summary.kernels[i]}; }, "");
  return rows;
}

/// For programs: a line per layer, plain numbers.
inline void print_csv(std::ostream& out, const Summary& summary) {
  out << "path,layer,output,params,macs,elementwise_ops,memory_access,weight_bytes,output_bytes,"
      << (summary.machine == nullptr ? "" : "roofline_us,") << "format,kernel\n";
  for (std::size_t i = 0; i < summary.layers.size(); ++i) {
    const LayerInfo& layer = summary.layers[i];
    out << csv_string(layer.path.view()) << ',' << csv_string(layer.name) << ',' << spelled_shape(layer) << ','
        << layer.cost.params << ',' << layer.cost.macs << ',' << layer.cost.elementwise_ops << ','
        << layer.cost.memory_access << ',' << layer.weight_bytes << ',' << layer.output_bytes << ',';
    if (summary.machine != nullptr) out << summary.microseconds(layer) << ',';
    out << layer.format << ',' << summary.kernels[i] << '\n';
  }
}

inline void print_json_cost(std::ostream& out, const Cost& cost) {
  out << R"("params": )" << cost.params << R"(, "macs": )" << cost.macs << R"(, "flops": )" << cost.flops()
      << R"(, "elementwise_ops": )" << cost.elementwise_ops << R"(, "memory_access": )" << cost.memory_access;
}

/// For programs: one object.
inline void print_json(std::ostream& out, const Summary& summary) {
  out << R"({"format": ")" << summary.format << R"(", "isa": ")" << summary.isa << R"(", )";
  if (summary.machine != nullptr) {
    out << R"("machine": )" << json_string(summary.machine->name) << R"(, "roofline_us": )" << 1e6 * summary.seconds
        << ", ";
  }
  print_json_cost(out, summary.cost);
  out << R"(, "weight_bytes": )" << summary.weight_bytes << R"(, "arena_bytes": )" << summary.arena_bytes
      << R"(, "layers": [)";
  for (std::size_t i = 0; i < summary.layers.size(); ++i) {
    const LayerInfo& layer = summary.layers[i];
    out << (i == 0 ? "\n" : ",\n") << R"(  {"path": )" << json_string(layer.path.view()) << R"(, "layer": )"
        << json_string(layer.name) << R"(, "output": [)";
    for (std::size_t d = 0; d < layer.rank; ++d) out << (d == 0 ? "" : ", ") << layer.output[d];
    out << "], ";
    print_json_cost(out, layer.cost);
    out << R"(, "weight_bytes": )" << layer.weight_bytes << R"(, "output_bytes": )" << layer.output_bytes;
    if (summary.machine != nullptr) out << R"(, "roofline_us": )" << summary.microseconds(layer);
    out << R"(, "format": ")" << layer.format << R"(", "kernel": ")" << summary.kernels[i] << "\"}";
  }
  out << "\n], \"exits\": [";
  for (std::size_t i = 0; i < summary.exits.size(); ++i) {
    out << (i == 0 ? "\n" : ",\n") << R"(  {"path": )" << json_string(summary.exits[i].path.view()) << ", ";
    print_json_cost(out, summary.exits[i].cost);
    out << '}';
  }
  out << "]}\n";
}

inline void print(std::ostream& out, const Summary& summary, TableFormat format) {
  switch (format) {
    case TableFormat::csv:
      return print_csv(out, summary);
    case TableFormat::json:
      return print_json(out, summary);
    case TableFormat::markdown:
      print_markdown(out, rows_of(summary));
      break;
    case TableFormat::text:
      print_aligned(out, rows_of(summary));
      break;
  }
  out << (format == TableFormat::markdown ? "\n" : "") << grouped(summary.cost.flops()) << " FLOPs, "
      << grouped(summary.cost.elementwise_ops) << " elementwise operations, " << grouped(summary.weight_bytes)
      << " weight bytes, " << grouped(summary.arena_bytes) << " arena bytes; " << summary.format << " on "
      << summary.isa << '\n';
  for (const ExitInfo& exit : summary.exits) {
    out << "may end at " << exit.path.view() << " after " << grouped(exit.cost.flops()) << " FLOPs, "
        << percent(exit.cost.macs, summary.cost.macs) << '\n';
  }
  if (summary.machine != nullptr) {
    const std::string_view name = summary.machine->name;
    out << "roofline time on " << (name.empty() ? "the machine" : name) << ": " << hundredths(1e6 * summary.seconds)
        << " us; layers below " << hundredths(summary.machine->balance(summary.precision))
        << " FLOPs/byte are bound by memory\n";
  }
}

template <class Model>
Summary summary_of() {
  Summary summary{.layers = Model::layers,
                  .exits = Model::exits,
                  .kernels = {},
                  .cost = Model::cost,
                  .weight_bytes = Model::weight_bytes,
                  .arena_bytes = Model::arena_bytes,
                  .format = Model::Format::name.view(),
                  .isa = Model::Isa::name,
                  .precision = precision_of<typename Model::Format>};
  for (std::size_t i = 0; i < Model::layers.size(); ++i) summary.kernels.push_back(Model::algorithm_of(i));
  return summary;
}

}  // namespace detail

/// Prints a network's costs: a row per layer (path, layer, output shape, parameters, multiply-accumulates, elements
/// accessed, share of the multiply-accumulates, number format, kernel), the totals, and where it may end early; as CSV
/// or JSON, every count as a plain number.
template <class Model>
void print_summary(std::ostream& out, TableFormat format = TableFormat::text) {
  detail::print(out, detail::summary_of<Model>(), format);
}

/// The same for a machine: also bytes of weights, FLOPs per byte and roofline time (microseconds) of every layer, in
/// the network's number format.
template <class Model>
void print_summary(std::ostream& out, const Machine& machine, TableFormat format = TableFormat::text) {
  detail::Summary summary = detail::summary_of<Model>();
  summary.machine = &machine;
  summary.seconds = Model::roofline_seconds(machine);
  detail::print(out, summary, format);
}

}  // namespace ctnn
