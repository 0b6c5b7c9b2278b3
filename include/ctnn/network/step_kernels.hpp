/// Kernels of steps that are no layer's own: a user's layer, copies between layouts and formats, interleaved parts.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>

#include <ctnn/core/tensor.hpp>
#include <ctnn/kernels/convolution.hpp>
#include <ctnn/kernels/gather.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/network/weights.hpp>
#include <ctnn/numeric/format.hpp>

namespace ctnn::detail {

/// A user's own layer: its parameters copied, its forward called on canonical tensors.
template <class B, class N>
struct ForwardKernel {
  using Packed = FieldTensors<typename N::template Fields<B>>;

  template <class Fields>
  static constexpr void pack(Packed& packed, const Fields& fields, const kernels::Surroundings<N>&) {
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      (std::copy(std::get<I>(fields.holders).begin(), std::get<I>(fields.holders).end(),
                 std::get<I>(packed.holders).begin()),
       ...);
    }
    (std::make_index_sequence<std::tuple_size_v<decltype(fields.holders)>>{});
  }
  template <class T>
  static constexpr void run(const T* x, T* y, const Packed& packed, const auto&) {
    B::template forward<N>(View<const T, typename B::Input>{x}, View<T, typename B::Output>{y}, packed);
  }
};

/// A step without a leaf: to another layout, another number format, or both.
template <NumberFormat From, NumberFormat To, kernels::Layout in, kernels::Layout out>
struct CopyKernel {
  struct Quantizations {
    [[no_unique_address]] typename From::Quantization from;
    [[no_unique_address]] typename To::Quantization to;
  };
  struct None {};
  static constexpr bool rescales = Quantized<From> || Quantized<To>;
  using Packed = std::conditional_t<rescales && !std::is_same_v<From, To>, Quantizations, None>;

  static constexpr void run(const typename From::Activation* x, typename To::Activation* y, const Packed& packed,
                            const auto&) {
    if constexpr (std::is_same_v<Packed, None> && std::is_same_v<typename From::Activation, typename To::Activation>) {
      kernels::relayout<in, out>(x, y);
    } else {
      const auto convert = [&](typename From::Activation element) {
        const float real = [&] {
          if constexpr (Quantized<From>) {
            return packed.from.dequantize(element);
          } else {
            return static_cast<float>(element);
          }
        }();
        if constexpr (Quantized<To>) {
          return packed.to.quantize(real);
        } else {
          return static_cast<typename To::Activation>(real);
        }
      };
      kernels::relayout<in, out>(x, y, convert);
    }
  }
};

/// A shuffle of a concatenation that is not made.
template <kernels::Layout out, kernels::Layout... in>
struct InterleaveKernel : NothingPacked {
  template <class T>
  static constexpr void run(const std::array<const T*, sizeof...(in)>& x, T* y, const Packed&, const auto&) {
    kernels::interleave_channels<out, in...>(x, y);
  }
};

}  // namespace ctnn::detail
