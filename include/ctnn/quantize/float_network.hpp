/// The network that is quantized, in floats: its layers' weights with batch norms folded in, and its runs on sample
/// inputs.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>
#include <span>
#include <tuple>
#include <utility>
#include <vector>

#include <ctnn/core/tensor.hpp>
#include <ctnn/network/weights.hpp>
#include <ctnn/numeric/f32.hpp>
#include <ctnn/quantize/leaves.hpp>
#include <ctnn/quantize/steps.hpp>
#include <ctnn/simd/denormals.hpp>

namespace ctnn::detail {

/// How far the work has come.
struct QuantizationProgress {
  std::function<void(std::size_t done, std::size_t all)> report;
  std::size_t done = 0, all = 0;

  void count() {
    ++done;
    if (report) report(done, all);
  }
};

template <class Model>
class FloatNetwork : QuantizedSteps<Model> {
  using S = QuantizedSteps<Model>;
  using S::leaf_count;
  using S::steps;
  using typename S::B;
  using View = TableView<FloatTable<Model>>;

 public:
  using Leaves = detail::Leaves<FloatBound<Model>, F32>;
  using Values = std::vector<std::vector<float>>;  ///< by value

  explicit FloatNetwork(const View& weights) : weights_{weights} {
    [&]<std::size_t... I>(std::index_sequence<I...>) { (read_leaf<I>(), ...); }
    (std::make_index_sequence<leaf_count>{});
    fold_batch_norms();
  }

  std::vector<LinearWeights> linear = std::vector<LinearWeights>(leaf_count);  ///< by leaf
  /// By leaf: the weights of integer leaves that are no convolution or fully connected layer (slopes), and all arrays,
  /// one behind the other, of those that stay in float.
  std::vector<std::vector<float>> slopes = std::vector<std::vector<float>>(leaf_count), arrays = slopes;

  /// The layers, ready to run: `linear_weights` by leaf, all else as it was.
  [[nodiscard]] Leaves leaves(std::span<const LinearWeights> linear_weights) const {
    const std::vector<QuantizationAround> around(leaf_count);
    return {weights_, around, linear_weights};
  }

  /// Calls body(values of the network) for every input.
  template <class Images, class Body>
  static void for_each_input(const Images& images, const Leaves& leaves, QuantizationProgress& progress, Body body) {
    auto values = S::template make_values<float>();
    const simd::FlushDenormals flush;
    for (const auto& image : images) {
      const ctnn::View<const float, typename Model::Input> x = image;
      std::copy(x.begin(), x.end(), values[0].begin());
      S::run_floats(leaves, values);
      body(values);
      progress.count();
    }
  }

 private:
  template <std::size_t I>
  void read_leaf() {
    using L = Leaf<B, I>;
    using Format = typename S::template LeafFormat<I>;
    const auto fields = weights_.template leaf<I>();
    if constexpr (is_linear(traits_of<L>.operation)) {
      LinearWeights& own = linear[I];
      own.outputs = L::Weight::dims[0];
      own.taps = L::Weight::size / own.outputs;
      own.group_inputs = own.taps;
      if constexpr (requires { L::geometry; }) {
        own.groups = L::geometry.groups;
        own.group_inputs = L::geometry.group_inputs();
      }
      const auto weight = fields.template get<"weight">();
      own.weight.assign(weight.begin(), weight.end());
      own.bias.assign(own.outputs, 0.0F);
      if constexpr (decltype(fields)::template has<"bias">) {
        const auto bias = fields.template get<"bias">();
        own.bias.assign(bias.begin(), bias.end());
      }
    } else if constexpr (folded_batch_norms<B, typename S::NetworkFormat>[I]) {
      const auto affine = L::affine_of(fields);
      scale_[I].assign(affine.scale.begin(), affine.scale.end());
      shift_[I].assign(affine.shift.begin(), affine.shift.end());
    } else if constexpr (FieldViews<typename Format::template Fields<L>>::template has<"weight_scale">) {
      const auto weight = fields.template get<"weight">();
      slopes[I].assign(weight.begin(), weight.end());
    }
    if constexpr (Floating<Format>) {  // its arrays lie one behind the other
      if constexpr (std::tuple_size_v<decltype(fields.holders)> != 0) {
        const float* first = std::get<0>(fields.holders).data();
        const auto last = std::get<std::tuple_size_v<decltype(fields.holders)> - 1>(fields.holders);
        arrays[I].assign(first, last.data() + last.size());
      }
    }
  }
  void fold_batch_norms() {
    for (const Step& step : steps) {
      if (step.batch_norm == none) continue;
      LinearWeights& own = linear[static_cast<std::size_t>(step.leaf)];
      const auto norm = static_cast<std::size_t>(step.batch_norm);
      for (std::size_t c = 0; c < own.outputs; ++c) {
        for (float& weight : own.row(c)) weight *= scale_[norm][c];
        own.bias[c] = own.bias[c] * scale_[norm][c] + shift_[norm][c];
      }
    }
  }

  View weights_;
  std::vector<std::vector<float>> scale_ = std::vector<std::vector<float>>(leaf_count), shift_ = scale_;  // batch norms
};

}  // namespace ctnn::detail
