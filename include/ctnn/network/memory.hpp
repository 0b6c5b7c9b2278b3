/// Algorithms, layouts and places: what every value looks like in memory and where in the arena it lies.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/convolution.hpp>
#include <ctnn/kernels/geometry.hpp>
#include <ctnn/kernels/select.hpp>
#include <ctnn/network/bands.hpp>
#include <ctnn/network/fuse.hpp>

namespace ctnn {

/// A tensor that flows between steps.
struct Value {
  kernels::Layout layout;
  bool exists = false;  // fusion and aliasing leave numbers unused
  int format = 0;       // number of its number format, as in LeafFacts
  std::size_t element_bytes = sizeof(float);
  int made_by = none;       // step; none for the network's input
  int last_read_by = none;  // step
  std::size_t offset = 0;   // bytes from the arena's start
  std::size_t rows = 0;     // that lie in memory at a time, where it flows in bands; 0: all
  int whole = none;         // lies in that value's memory, a share of its channels
  std::size_t first_channel = 0;

  /// Where it lies in memory: of those rows alone.
  [[nodiscard]] constexpr kernels::Layout in_memory() const {
    kernels::Layout result = layout;
    if (rows != 0) result.height = rows;
    return result;
  }
  [[nodiscard]] constexpr std::size_t bytes() const { return in_memory().size() * element_bytes; }
};

/// All that is decided before anything runs.
template <std::size_t Capacity>
struct Plan {
  Steps<Capacity> steps;
  std::array<Value, 2 * Capacity> values{};
  int value_count = 0;
  int result = 0;
  std::size_t arena_bytes = 0;
  std::array<Band, Capacity / 2> bands{};
  int band_count = 0;
};

/// What goes into a network, which has format number 0, and what comes out.
struct OuterFacts {
  std::size_t input_bytes = sizeof(float), output_bytes = sizeof(float);  // of an element
  int output_format = 0;
};

namespace detail {

/// Working state of the planning passes.
template <class Isa, std::size_t Leaves, std::size_t Capacity>
struct Planner {
  const std::array<LeafFacts, Leaves>& facts;
  Plan<Capacity> plan;

  [[nodiscard]] constexpr Value& value(int v) { return plan.values[static_cast<std::size_t>(v)]; }
  [[nodiscard]] constexpr const Value& value(int v) const { return plan.values[static_cast<std::size_t>(v)]; }
  [[nodiscard]] constexpr Operation operation(const Step& step) const {
    return step.leaf == none ? Operation::other : facts[static_cast<std::size_t>(step.leaf)].traits.operation;
  }
  [[nodiscard]] constexpr const LeafFacts& facts_of(const Step& step) const {
    return facts[static_cast<std::size_t>(step.leaf)];
  }

  /// Steps from the one after a value's maker to its last reader; what does not read it among them is harmless.
  [[nodiscard]] constexpr std::span<const Step> readers(int v) const {
    const int begin = value(v).made_by + 1, end = std::max(value(v).last_read_by + 1, begin);
    return {plan.steps.begin() + begin, plan.steps.begin() + end};
  }

  // ---- flattening

  /// Whether everything that reads `v`, seen through activations, is a fully connected layer that takes its inputs in
  /// any order: not where groups of them share a factor.
  [[nodiscard]] constexpr bool feeds_only_fully_connected(int v) const {
    if (v == plan.result) return false;
    for (const Step& step : plan.steps) {
      if (!reads(step, v)) continue;
      const bool through = operation(step) == Operation::activation && feeds_only_fully_connected(step.output);
      const bool any_order = operation(step) == Operation::fully_connected && facts_of(step).word_depth <= 1;
      if (!through && (!any_order || step.residual == v)) return false;
    }
    return true;
  }
  /// Fully connected layers read images where they lie: the Flatten between goes.
  constexpr void drop_flattens() {
    for (std::size_t s = 0; s < plan.steps.size;) {
      const Step step = plan.steps[s];
      if (operation(step) == Operation::flatten && feeds_only_fully_connected(step.output)) {
        plan.steps.erase(s);
        for (Step& reader : plan.steps) {
          for (int& input : reader.inputs) {
            if (input == step.output) input = step.input();
          }
        }
      } else {
        ++s;
      }
    }
  }

  // ---- number formats

  constexpr void set_formats(const Graph<Leaves>& graph, const OuterFacts& outer) {
    value(0).element_bytes = outer.input_bytes;
    for (const Step& step : plan.steps) {
      Value& made = value(step.output);
      made.format = facts_of(step).format;
      made.element_bytes = facts_of(step).element_bytes;
    }
    for (int v = 1; v <= graph.node_count; ++v) value(v).format = format_of_value(graph, facts, v);
  }
  /// A step that copies a value to a new one, in the format of the leaf that reads it.
  constexpr Step conversion(int v, int reader, int format, std::size_t element_bytes) {
    Step copying{.copies_for = reader, .input_count = 1, .output = plan.value_count++};
    copying.inputs[0] = v;
    value(copying.output).format = format;
    value(copying.output).element_bytes = element_bytes;
    return copying;
  }
  /// Where a step reads a value of another number format, or the network would end with one, a copy is converted.
  constexpr void convert_formats(const OuterFacts& outer) {
    Steps<Capacity> with_copies;
    for (Step step : plan.steps) {
      const LeafFacts& leaf = facts_of(step);
      for (std::size_t i = 0; i < static_cast<std::size_t>(step.input_count); ++i) {
        const int v = step.inputs[i];
        if (value(v).format == leaf.format) continue;
        const Step copying = conversion(v, step.leaf, leaf.format, leaf.element_bytes);
        for (std::size_t k = i; k < static_cast<std::size_t>(step.input_count); ++k) {
          if (step.inputs[k] == v) step.inputs[k] = copying.output;
        }
        with_copies.push_back(copying);
      }
      with_copies.push_back(step);
    }
    plan.steps = with_copies;
    if (value(plan.result).format != outer.output_format) {
      plan.steps.push_back(conversion(plan.result, none, outer.output_format, outer.output_bytes));
      plan.result = plan.value_count - 1;
    }
  }

  // ---- algorithms and layouts

  /// The algorithm of a convolution: the user's or the library's choice.
  [[nodiscard]] constexpr Algorithm algorithm_for(const LeafFacts& leaf, bool planar) const {
    const bool told_direct = leaf.use == Algorithm::direct;
    if (leaf.quantized) {
      const Algorithm chosen = kernels::select_byte_convolution<Isa>(leaf.geometry);
      return told_direct && chosen == Algorithm::tiles ? Algorithm::direct : chosen;
    }
    if (Isa::lanes == 1) return Algorithm::reference;
    if (leaf.readers == Readers::of_halves && !told_direct) {
      return kernels::select_half_convolution<Isa>(leaf.geometry);
    }
    if (leaf.readers == Readers::direct_and_lanewise && kernels::lanewise_fits<Isa>(leaf.geometry)) {
      return Algorithm::lanewise;
    }
    if (leaf.readers == Readers::direct_and_tiles && !told_direct &&
        kernels::tiles_fit<Isa>(leaf.geometry, leaf.element_bytes)) {
      return Algorithm::tiles;
    }
    if (leaf.readers != Readers::any) return Algorithm::direct;
    return leaf.use ? *leaf.use : kernels::select_convolution<Isa>(leaf.geometry, planar);
  }
  /// Whether a convolution runs planar where its input is, and can be.
  [[nodiscard]] constexpr bool can_be_planar(const Step& step) const {
    const LeafFacts& leaf = facts_of(step);
    return !leaf.use && !leaf.quantized && leaf.readers == Readers::any && kernels::planar_fits<Isa>(leaf.geometry) &&
           step.residual == none && readers_take_planar(step.output);
  }
  /// Whether a step reads a planar value.
  [[nodiscard]] constexpr bool takes_planar(const Step& step) const {
    switch (operation(step)) {
      case Operation::fully_connected:
      case Operation::flatten:
      case Operation::pool:
        return true;
      case Operation::activation:
        return readers_take_planar(step.output);
      case Operation::linear: {
        const Algorithm otherwise = algorithm_for(facts_of(step), false);
        return otherwise == Algorithm::direct || otherwise == Algorithm::gemv || otherwise == Algorithm::reference ||
               can_be_planar(step);
      }
      default:
        return false;
    }
  }
  /// Whether a value may lie planar: all its readers can read that.
  [[nodiscard]] constexpr bool readers_take_planar(int v) const {
    if (v == plan.result) return false;
    const auto all = readers(v);
    return std::all_of(all.begin(), all.end(),
                       [&](const Step& step) { return !reads(step, v) || (step.residual != v && takes_planar(step)); });
  }
  constexpr void choose_algorithms_and_layouts() {
    value(0).exists = true;
    for (Step& step : plan.steps) {
      Value& out = value(step.output);
      const kernels::Layout& in = value(step.input()).layout;
      if (step.leaf == none) {
        out.exists = true;
        out.layout = in;
        out.layout.planar = in.planar && readers_take_planar(step.output);
        continue;
      }
      const LeafFacts& leaf = facts_of(step);
      out.exists = operation(step) != Operation::exit;
      out.layout = kernels::canonical(leaf.out);
      if (operation(step) == Operation::linear) {
        // of the network's input, channels-last, a dense convolution makes planes as it goes; it could of a value in
        // the middle, which was not measured
        const bool at_hand = in.is_planar() || (step.input() == 0 && leaf.geometry.groups == 1);
        step.algorithm = algorithm_for(leaf, at_hand && can_be_planar(step));
        out.layout.planar = step.algorithm == kernels::Algorithm::planar;
        const auto scratch_of = [&]<class Own>(std::type_identity<Own>) {
          return kernels::scratch_of<Own>(step.algorithm, leaf.geometry, in, leaf.word_depth);
        };
        const std::size_t size = leaf.readers == Readers::of_halves
                                     ? scratch_of(std::type_identity<isa::HalfIsa<Isa>>{})
                                     : scratch_of(std::type_identity<Isa>{});
        if (size != 0) {
          step.scratch = plan.value_count++;
          value(step.scratch).exists = true;
          value(step.scratch).layout = {.channels = size};
          value(step.scratch).element_bytes = leaf.element_bytes;
        }
      } else if (operation(step) == Operation::fully_connected) {
        step.algorithm = kernels::select_fully_connected<Isa>();
      } else if (operation(step) == Operation::activation) {
        out.layout = in;
      } else if (operation(step) == Operation::pool) {
        out.layout.planar = in.planar && readers_take_planar(step.output);
      }
    }
  }

  // ---- gates

  /// A product of an image and a gate that one convolution reads is not made: the convolution multiplies its weights by
  /// the gate instead, where these are fewer than the image's elements. (EfficientNet-B0: 11 of 16 products, 3 %.)
  constexpr void fold_gates() {
    for (std::size_t s = 0; s < plan.steps.size;) {
      const Step product = plan.steps[s];
      Step* const reader = operation(product) == Operation::weight_channels ? sole_reader(product.output) : nullptr;
      const auto folds = [&] {
        if (reader == nullptr || operation(*reader) != Operation::linear) return false;
        if (!facts_of(*reader).float_weights || facts_of(*reader).element_bytes != sizeof(float)) return false;
        const kernels::Convolution2d& g = facts_of(*reader).geometry;
        return kernels::takes_gate(reader->algorithm, g) && g.taps() * g.out.channels <= g.in.size();
      };
      if (!folds()) {
        ++s;
        continue;
      }
      const std::size_t gate = facts_of(product).gate;
      const kernels::Convolution2d& g = facts_of(*reader).geometry;
      reader->inputs[0] = product.inputs[1 - gate];
      reader->gate = product.inputs[gate];
      reader->scratch = plan.value_count++;
      value(reader->scratch).exists = true;
      value(reader->scratch).layout = {.channels = kernels::gated_weights<Isa>(g)};
      value(product.output).exists = false;
      plan.steps.erase(s);
      find_lifetimes();
    }
  }
  /// The one step that reads a value, once; null where there is another, or the value is the result.
  [[nodiscard]] constexpr Step* sole_reader(int v) {
    Step* found = nullptr;
    for (Step& step : plan.steps) {
      if (!reads(step, v)) continue;
      if (found != nullptr || step.residual == v || step.gate == v || step.input_count != 1) return nullptr;
      found = &step;
    }
    return v == plan.result ? nullptr : found;
  }

  // ---- tensors that lie in others

  /// Whether a step can write a share of the channels of another tensor.
  [[nodiscard]] constexpr bool writes_shares(const Step& step) const {
    return (operation(step) == Operation::linear || operation(step) == Operation::slice) && step.residual == none &&
           !value(step.output).layout.planar && !facts_of(step).quantized;
  }
  /// A concatenation that is only shuffled is not made: the shuffle interleaves its parts. (ShuffleNetV2's units: one
  /// pass instead of one and a half.)
  constexpr void join_shuffles() {
    for (std::size_t s = 0; s < plan.steps.size;) {
      const Step concat = plan.steps[s];
      Step* const shuffle = operation(concat) == Operation::concat ? sole_reader(concat.output) : nullptr;
      const auto joins = [&] {
        if (shuffle == nullptr || operation(*shuffle) != Operation::shuffle) return false;
        if (facts_of(concat).quantized) return false;  // which may rescale
        const auto parts = std::span{concat.inputs}.first(static_cast<std::size_t>(concat.input_count));
        const std::size_t channels = facts_of(*shuffle).out.channels / parts.size();
        return parts.size() == facts_of(*shuffle).groups && std::all_of(parts.begin(), parts.end(), [&](int part) {
                 return value(part).layout.channels == channels && !value(part).layout.planar;
               });
      };
      if (!joins()) {
        ++s;
        continue;
      }
      shuffle->inputs = concat.inputs;
      shuffle->input_count = concat.input_count;
      value(concat.output).exists = false;
      plan.steps.erase(s);
      find_lifetimes();
    }
  }
  /// Whether a step can read a share of the channels of another tensor.
  [[nodiscard]] constexpr bool reads_shares(const Step& step) const {
    if (operation(step) == Operation::shuffle) return step.input_count > 1;
    return operation(step) == Operation::linear && !facts_of(step).quantized && step.algorithm != Algorithm::planar &&
           step.algorithm != Algorithm::gemv && !wanted_borders(step).has_border();
  }
  /// A slice whose readers can read it where it lies needs no step.
  constexpr void leave_slices() {
    for (std::size_t s = 0; s < plan.steps.size;) {
      const Step step = plan.steps[s];
      const auto all = readers(step.output);
      const bool lies = operation(step) == Operation::slice && step.output != plan.result &&
                        value(step.input()).whole == none && !value(step.input()).layout.planar &&
                        std::all_of(all.begin(), all.end(), [&](const Step& reader) {
                          return !reads(reader, step.output) ||
                                 (reads_shares(reader) && reader.residual != step.output && reader.gate != step.output);
                        });
      if (lies) {
        value(step.output).whole = step.input();
        value(step.output).first_channel = facts_of(step).first_channel;
        plan.steps.erase(s);
        find_lifetimes();
      } else {
        ++s;
      }
    }
  }
  /// The makers of what is concatenated write it where it belongs, if nothing else reads it.
  constexpr void write_shares() {
    for (const Step& step : plan.steps) {
      if (operation(step) != Operation::concat) continue;
      std::size_t channel = 0;
      for (int i = 0; i < step.input_count; ++i) {
        const int v = step.inputs[static_cast<std::size_t>(i)];
        const bool is_whole =
            std::any_of(plan.values.begin(), plan.values.end(), [&](const Value& other) { return other.whole == v; });
        std::ptrdiff_t uses = 0;
        for (const Step& reader : readers(v)) {
          const auto inputs = std::span{reader.inputs}.first(static_cast<std::size_t>(reader.input_count));
          uses += std::ranges::count(inputs, v) + (reader.residual == v ? 1 : 0) + (reader.gate == v ? 1 : 0);
        }
        if (v != 0 && uses == 1 && !is_whole && value(v).whole == none &&
            writes_shares(plan.steps[static_cast<std::size_t>(value(v).made_by)])) {
          value(v).whole = step.output;
          value(v).first_channel = channel;
        }
        channel += value(v).layout.channels;
      }
    }
  }
  /// Shares lie as their wholes do.
  constexpr void lay_shares() {
    for (Value& v : plan.values) {
      if (v.whole == none) continue;
      v.layout = value(v.whole).layout.share(v.layout.channels);
    }
  }

  /// What a depthwise convolution alone reads gets gaps between its pixels where the kernel wants them.
  constexpr void give_gaps() {
    for (const Step& step : plan.steps) {
      const int v = step.input();
      if (operation(step) != Operation::linear || step.algorithm != Algorithm::lanewise || !in_arena(v)) continue;
      const bool alone = value(v).whole == none && std::none_of(plan.values.begin(), plan.values.end(),
                                                                [&](const Value& other) { return other.whole == v; });
      const Step& maker = plan.steps[static_cast<std::size_t>(value(v).made_by)];
      if (alone && sole_reader(v) == &step && writes_shares(maker) && value(v).element_bytes == sizeof(float)) {
        value(v).layout.gap = kernels::lanewise_gap(value(v).layout);
      }
    }
  }

  // ---- borders

  /// Columns of zeros that a step wants beside its input.
  [[nodiscard]] constexpr kernels::Layout wanted_borders(const Step& step) const {
    kernels::Layout wanted{};
    const bool makes_planes = step.algorithm == kernels::Algorithm::planar && !value(step.input()).layout.is_planar();
    if (operation(step) == Operation::linear && step.algorithm != kernels::Algorithm::reference && !makes_planes &&
        !kernels::transforms(step.algorithm)) {
      const auto& g = facts_of(step).geometry;
      wanted.border_left = g.window.pad_left;
      wanted.border_right = g.columns_beyond();
    }
    return wanted;
  }
  /// Whether a step reads some bytes beyond the end of its input: what they are is of no matter, but they must be
  /// there.
  [[nodiscard]] constexpr bool reads_beyond(const Step& step) const {
    if (step.leaf == none || !facts_of(step).quantized || Isa::lanes == 1) return false;
    const kernels::Convolution2d& g = facts_of(step).geometry;
    switch (step.algorithm) {
      case Algorithm::direct:  // by four, in runs of a kernel row or of a pixel
        return g.group_inputs() % 4 != 0;
      case Algorithm::tiles: {
        const kernels::TileRun run = kernels::tile_run(g, 0, 1);
        return run.padded_run() > run.run;
      }
      case Algorithm::lanewise:
        return g.is_depthwise() && kernels::depthwise_dot_reads_beyond<Isa>(g);
      case Algorithm::gemv:
        return value(step.input()).layout.size() % 4 != 0;
      default:
        return false;
    }
  }
  /// Whether a step reads a value with borders.
  [[nodiscard]] constexpr bool reads_borders(const Step& step, int v) const {
    if (step.leaf == none) return true;
    if (step.gate == v) return false;
    if (step.residual == v) return facts_of(step).out == value(v).layout.extent();
    if (is_linear(operation(step)) || operation(step) == Operation::activation) return true;
    if (operation(step) == Operation::exit) return false;
    return step.input_count == 1 && facts_of(step).has_kernel && facts_of(step).in == value(v).layout.extent();
  }
  /// Whether a value can be made with borders.
  [[nodiscard]] constexpr bool can_have_borders(int v) const {
    if (v == 0 || v == plan.result || value(v).whole != none) return false;
    const Step& maker = plan.steps[static_cast<std::size_t>(value(v).made_by)];
    if (maker.leaf != none && !facts_of(maker).has_kernel) return false;
    const auto all = readers(v);
    return std::all_of(all.begin(), all.end(),
                       [&](const Step& step) { return !reads(step, v) || reads_borders(step, v); });
  }
  constexpr void widen(int v, const kernels::Layout& wanted) {
    auto& layout = value(v).layout;
    layout.border_left = std::max(layout.border_left, wanted.border_left);
    layout.border_right = std::max(layout.border_right, wanted.border_right);
  }
  /// Gives values the borders their readers want; where a value cannot have them, the reader gets a copy that does.
  constexpr void give_borders() {
    Steps<Capacity> with_copies;
    for (Step step : plan.steps) {
      const kernels::Layout wanted = wanted_borders(step);
      const int v = step.input();
      const bool beyond_network_input = v == 0 && reads_beyond(step);
      if ((!wanted.has_border() || can_have_borders(v)) && !beyond_network_input) {
        widen(v, wanted);
      } else {
        const Step copying = conversion(v, step.leaf, value(v).format, value(v).element_bytes);
        step.inputs[0] = copying.output;
        value(step.input()).exists = true;
        value(step.input()).layout = value(v).layout;
        widen(step.input(), wanted);
        with_copies.push_back(copying);
      }
      with_copies.push_back(step);
    }
    plan.steps = with_copies;
  }
  /// A network that hands its input on needs a step all the same.
  constexpr void copy_result() {
    if (plan.result != 0) return;
    plan.steps.push_back(conversion(0, none, 0, value(0).element_bytes));
    plan.result = plan.value_count - 1;
    value(plan.result).exists = true;
    value(plan.result).layout = value(0).layout;
  }

  // ---- bands

  /// Whether a step can make some rows of its output and later others: a residual must not be added twice.
  [[nodiscard]] constexpr bool runs_by_rows(const Step& step) const {
    if (Isa::lanes == 1 || step.leaf == none || step.gate != none || step.scratch != none || facts_of(step).quantized) {
      return false;
    }
    const LeafFacts& leaf = facts_of(step);
    if (!is_linear(leaf.traits.operation)) return leaf.geometry.in == leaf.in && leaf.geometry.out == leaf.out;
    return operation(step) == Operation::linear && kernels::runs_by_rows(step.algorithm) &&
           (step.algorithm != Algorithm::lanewise || step.residual == none);
  }
  /// Whether what step s makes flows in bands to the next, its only reader.
  [[nodiscard]] constexpr bool flows_in_bands(std::size_t s) const {
    if (s + 1 >= plan.steps.size) return false;
    const Step& step = plan.steps[s];
    const Step& next = plan.steps[s + 1];
    const Value& between = value(step.output);
    return runs_by_rows(step) && runs_by_rows(next) && step.output != plan.result && next.input() == step.output &&
           next.residual != step.output && between.last_read_by == static_cast<int>(s) + 1 && !between.layout.planar &&
           between.layout.size() * sizeof(float) >= band_from_bytes;
  }
  /// Whether the steps can make what the bands ask for; `evenly`: without making rows twice.
  [[nodiscard]] constexpr bool can_run(const Band& band, bool evenly) const {
    for (BandProgress progress; !progress.ended(band);) {
      progress.advance(band);
      for (std::size_t i = 0; i < band.count; ++i) {
        const std::size_t rows = progress.made[i].last - progress.made[i].first;
        const std::size_t least = kernels::least_rows<Isa>(plan.steps[band.first + i].algorithm, band.geometry[i]);
        if (rows != 0 && (rows < least || (evenly && rows % least != 0))) return false;
      }
    }
    return true;
  }
  /// Bytes that lie between a band's steps.
  [[nodiscard]] constexpr std::size_t bytes_between(const Band& band) const {
    std::size_t floats = 0;
    for (std::size_t i = 0; i + 1 < band.count; ++i) {
      floats += rows_in_memory(band, i) * value(plan.steps[band.first + i].output).layout.row_stride();
    }
    return floats * sizeof(float);
  }
  /// The rows of a band: as many as need little memory, or else as few as can be; none where they need too much.
  [[nodiscard]] constexpr std::size_t band_rows(Band band) const {
    std::size_t rows = 0;
    for (const bool evenly : {true, false}) {
      for (band.rows = 1; band.rows <= band.geometry[band.count - 1].out.height; ++band.rows) {
        const std::size_t bytes = bytes_between(band);
        if (bytes > (rows == 0 ? most_band_bytes : usual_band_bytes)) break;
        if (can_run(band, evenly)) rows = band.rows;
      }
      if (rows != 0) break;
    }
    return rows;
  }
  /// Joins steps to bands. All that a band reads and makes is alive while it runs.
  constexpr void form_bands() {
    for (std::size_t s = 0; s < plan.steps.size;) {
      Band band{.first = s, .count = 1};
      while (band.count < max_band_steps && flows_in_bands(band.first + band.count - 1)) ++band.count;
      for (std::size_t i = 0; band.count > 1 && i < band.count; ++i) {
        band.geometry[i] = facts_of(plan.steps[band.first + i]).geometry;
      }
      while (band.count > 1 && (band.rows = band_rows(band)) == 0) --band.count;
      s += band.count;
      if (band.count == 1) continue;
      const auto last = static_cast<int>(band.first + band.count - 1);
      for (std::size_t i = 0; i < band.count; ++i) {
        Step& step = plan.steps[band.first + i];
        step.band = plan.band_count;
        for (const int read : {step.input(), step.residual}) {
          if (read == none) continue;
          Value& memory = value(value(read).whole == none ? read : value(read).whole);
          memory.last_read_by = std::max(memory.last_read_by, last);
        }
        if (i + 1 < band.count) value(step.output).rows = rows_in_memory(band, i);
      }
      plan.bands[static_cast<std::size_t>(plan.band_count++)] = band;
    }
  }

  // ---- places

  [[nodiscard]] constexpr bool in_arena(int v) const { return value(v).exists && v != 0 && v != plan.result; }
  constexpr void find_lifetimes() {
    for (std::size_t s = 0; s < plan.steps.size; ++s) {
      const Step& step = plan.steps[s];
      value(step.output).made_by = static_cast<int>(s);
      for (int i = 0; i < step.input_count; ++i) {
        Value& input = value(step.inputs[static_cast<std::size_t>(i)]);
        input.last_read_by = static_cast<int>(s);
        if (input.whole != none) value(input.whole).last_read_by = static_cast<int>(s);
      }
      if (step.residual != none) value(step.residual).last_read_by = static_cast<int>(s);
      if (step.gate != none) value(step.gate).last_read_by = static_cast<int>(s);
      if (step.scratch != none) value(step.scratch).last_read_by = static_cast<int>(s);
    }
  }
  /// The value whose memory the step's output may take: one that ends here, lies alike, and is read position by
  /// position.
  [[nodiscard]] constexpr int reusable(std::size_t s) const {
    const Step& step = plan.steps[s];
    const auto ends_here = [&](int v) {
      return v != none && in_arena(v) && value(v).last_read_by == static_cast<int>(s) &&
             value(v).layout == value(step.output).layout && value(v).format == value(step.output).format;
    };
    if (!in_arena(step.output) || step.leaf == none || step.band != none) return none;
    if (step.residual != none) return ends_here(step.residual) && step.residual != step.input() ? step.residual : none;
    const bool repeated = step.input_count > 1 && step.inputs[1] == step.input();
    return facts_of(step).traits.in_place && !repeated && ends_here(step.input()) ? step.input() : none;
  }
  /// Places values greedily, the largest first, each at the lowest offset where nothing alive at the same time lies.
  /// Values that share memory in place move as one block.
  constexpr void place() {
    struct Block {
      std::size_t size = 0, offset = 0;
      int begin = 0, end = 0;  // steps that it is alive in
    };
    std::array<Block, 2 * Capacity> blocks{};  // in order of their beginnings
    std::size_t count = 0;
    std::array<std::size_t, 2 * Capacity> block_of{};  // by value
    std::array<bool, 2 * Capacity> has_block{};
    const auto rounded_size = [&](int v) { return (value(v).bytes() + alignment - 1) / alignment * alignment; };
    for (std::size_t s = 0; s < plan.steps.size; ++s) {
      if (const int scratch = plan.steps[s].scratch; scratch != none) {
        block_of[static_cast<std::size_t>(scratch)] = count;
        blocks[count++] = {.size = rounded_size(scratch), .begin = static_cast<int>(s), .end = static_cast<int>(s)};
      }
      const int output = plan.steps[s].output, v = value(output).whole == none ? output : value(output).whole;
      if (!in_arena(v) || has_block[static_cast<std::size_t>(v)]) continue;
      has_block[static_cast<std::size_t>(v)] = true;
      const int shared = reusable(s);
      const std::size_t b = shared == none ? count++ : block_of[static_cast<std::size_t>(shared)];
      block_of[static_cast<std::size_t>(v)] = b;
      Block& block = blocks[b];
      if (shared == none) {
        const int band = plan.steps[s].band;
        block.begin = static_cast<int>(band == none ? s : plan.bands[static_cast<std::size_t>(band)].first);
      }
      block.end = std::max({block.end, static_cast<int>(s), value(v).last_read_by});
      block.size = std::max(block.size, rounded_size(v));
    }
    std::array<std::size_t, 2 * Capacity> order{};
    for (std::size_t i = 0; i < count; ++i) order[i] = i;
    std::sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), [&](std::size_t a, std::size_t b) {
      return blocks[a].size != blocks[b].size ? blocks[a].size > blocks[b].size : a < b;
    });
    std::array<int, 2 * Capacity> last_end{};  // of the blocks up to this one
    for (std::size_t b = 0; b < count; ++b) last_end[b] = std::max(blocks[b].end, b == 0 ? 0 : last_end[b - 1]);
    std::array<bool, 2 * Capacity> placed{};
    for (std::size_t i = 0; i < count; ++i) {
      Block& block = blocks[order[i]];
      // all that is alive with it lies in [first, last)
      std::size_t first = order[i], last = order[i] + 1;
      while (first > 0 && last_end[first - 1] >= block.begin) --first;
      while (last < count && blocks[last].begin <= block.end) ++last;
      for (std::size_t j = first; j < last;) {  // up past everything in the way, from the start again after each move
        const Block& other = blocks[j];
        const bool in_the_way = placed[j] && other.end >= block.begin && other.offset < block.offset + block.size &&
                                block.offset < other.offset + other.size;
        if (in_the_way) block.offset = other.offset + other.size;
        j = in_the_way ? first : j + 1;
      }
      placed[order[i]] = true;
      plan.arena_bytes = std::max(plan.arena_bytes, block.offset + block.size);
    }
    for (const Step& step : plan.steps) {
      for (const int v : {step.output, step.scratch}) {
        if (v != none && in_arena(v)) value(v).offset = blocks[block_of[static_cast<std::size_t>(v)]].offset;
      }
    }
  }
};

}  // namespace detail

/// Plans a network; `mixed` says whether leaves differ in their number formats from each other or from what is outside.
template <class Isa, bool mixed, std::size_t Leaves>
constexpr auto make_plan(const Graph<Leaves>& graph, const std::array<LeafFacts, Leaves>& facts, const Extent& input,
                         const OuterFacts& outer) {
  // every step may need a copy of its input for its borders, every edge one for its format, and the result one
  constexpr std::size_t capacity = mixed ? 5 * Leaves + 4 : 2 * Leaves + 2;
  const auto steps = fuse<capacity>(graph, facts);
  detail::Planner<Isa, Leaves, capacity> planner{.facts = facts, .plan = {}};
  planner.plan.steps = steps;
  planner.plan.value_count = graph.node_count + 1;
  planner.plan.result = graph.result;
  planner.value(0).layout = kernels::canonical(input);
  planner.set_formats(graph, outer);
  planner.convert_formats(outer);
  planner.drop_flattens();
  planner.find_lifetimes();
  planner.choose_algorithms_and_layouts();
  planner.fold_gates();
  planner.join_shuffles();
  planner.leave_slices();
  planner.write_shares();
  planner.give_borders();
  planner.copy_result();
  planner.lay_shares();
  planner.find_lifetimes();
  planner.give_gaps();
  planner.form_bands();
  planner.place();
  const auto reads_beyond = [&](const Step& step) { return planner.reads_beyond(step); };
  if (std::any_of(planner.plan.steps.begin(), planner.plan.steps.end(), reads_beyond)) {
    planner.plan.arena_bytes += alignment;  // behind the last value
  }
  return planner.plan;
}

}  // namespace ctnn
