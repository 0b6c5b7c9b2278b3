/// ctnn: compile-time neural networks. The one header for defining and running networks.
///
///   namespace nn = ctnn;
///   using Model = nn::Network<nn::Sequential<nn::Conv2d<8, nn::Kernel<3>>, nn::ReLU, nn::Flatten, nn::Linear<10>>,
///                             nn::Shape<28, 28, 1>>;
///   static_assert(nn::at_most<Model::cost.flops(), 200'000>);
///
/// Beside it: ctnn/core/eigen.hpp (Eigen's view of tensors), ctnn/io/safetensors.hpp (weights files; links ctnn::io).
#pragma once

#include <ctnn/core/cost.hpp>
#include <ctnn/core/fixed_string.hpp>
#include <ctnn/core/option.hpp>
#include <ctnn/core/parameter.hpp>
#include <ctnn/core/shape.hpp>
#include <ctnn/core/tensor.hpp>
#include <ctnn/layers/activation.hpp>
#include <ctnn/layers/branches.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/conv.hpp>
#include <ctnn/layers/early_exit.hpp>
#include <ctnn/layers/linear.hpp>
#include <ctnn/layers/normalization.hpp>
#include <ctnn/layers/pool.hpp>
#include <ctnn/layers/sequential.hpp>
#include <ctnn/layers/shape_ops.hpp>
#include <ctnn/layers/with.hpp>
#include <ctnn/network/network.hpp>
#include <ctnn/network/weights.hpp>
#include <ctnn/numeric/f32.hpp>
#include <ctnn/numeric/format.hpp>
#include <ctnn/numeric/int8.hpp>
#include <ctnn/numeric/weight_only.hpp>
#include <ctnn/simd/isa.hpp>
