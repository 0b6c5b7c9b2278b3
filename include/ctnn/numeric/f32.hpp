/// IEEE single precision throughout.
#pragma once

#include <ctnn/numeric/format.hpp>

namespace ctnn {

/// Single precision: activations, weights and accumulators.
struct F32 {
  static constexpr auto name = FixedString{"F32"};
  using Activation = float;
  using Weight = float;
  using Bias = float;
  using Accumulator = float;

  /// A float stands for itself.
  struct Quantization {};

  /// The fields that hold a bound layer's parameters: the parameters themselves.
  template <class Layer>
  using Fields = fields_of_parameters<F32, typename Layer::Parameters>;
  /// The fields of one parameter.
  template <class P>
  using FieldsOf = FieldList<Field<P::name, typename P::Shape, float>>;

  /// Fields of the network's input.
  using InputFields = FieldList<>;
};

}  // namespace ctnn
