/// Named parameters of a layer: what it reads from a weights file.
#pragma once

#include <cstddef>

#include <ctnn/core/fixed_string.hpp>
#include <ctnn/core/shape.hpp>

namespace ctnn {

/// What a parameter is to its layer; a number format decides by it how the parameter is stored.
enum class Role {
  weight,     ///< multiplied with activations; the first axis is the output channel
  bias,       ///< added to an accumulator
  affine,     ///< per-channel scale or shift applied after accumulation
  slope,      ///< multiplied with negative activations
  statistic,  ///< recorded in training, not learnt: not counted in Cost::params
};

/// A parameter, named and shaped as PyTorch's state_dict has it ("natural" form): a convolution's weight is
/// (output channels, input channels / groups, kernel height, kernel width), a linear layer's (outputs, inputs).
template <FixedString Name, AnyShape S, Role R = Role::weight>
struct Parameter {
  static constexpr auto name = Name;
  using Shape = S;
  static constexpr Role role = R;
};

template <class... Parameters>
struct ParameterList {
  /// Learnt numbers.
  static constexpr std::size_t count = ((Parameters::role == Role::statistic ? 0 : Parameters::Shape::size) + ... + 0);
};
using NoParameters = ParameterList<>;

}  // namespace ctnn
