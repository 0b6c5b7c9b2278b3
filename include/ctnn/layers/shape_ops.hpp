/// Layers that move elements and compute nothing, or next to nothing.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

#include <ctnn/core/option.hpp>
#include <ctnn/kernels/gather.hpp>
#include <ctnn/kernels/upsample.hpp>
#include <ctnn/layers/concepts.hpp>

namespace ctnn {

/// Hands its input on. Costs nothing, does nothing.
struct Identity {
  template <AnyShape In>
  struct On {
    using Input = In;
    using Output = In;
    using Parameters = NoParameters;
    static constexpr Traits traits{.operation = Operation::identity};
    static constexpr Cost cost{};
  };
};

/// Nothing at inference: there so that a network reads as it was trained.
struct Dropout {
  template <AnyShape In>
  struct On : Identity::On<In> {};
};

namespace detail {

/// A bound layer whose every output element is an input element or the number zero, by three maps (kernels/gather.hpp).
template <AnyShape In, AnyShape Out, class Rows, class Columns, class Channels>
struct GatherOn {
  using Input = In;
  using Output = Out;
  using Parameters = NoParameters;
  static constexpr Traits traits{};
  static constexpr Cost cost{.memory_access = 2 * Out::size};

  template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout in, kernels::Layout out>
  struct Kernel {
    struct Packed {
      typename N::Activation zero{};
    };
    static constexpr void pack(Packed& packed, const auto& /*fields*/, const kernels::Surroundings<N>& around) {
      if constexpr (Quantized<N>) packed.zero = around.inputs[0].quantize(0.0F);
    }
    template <class T>
    static constexpr void run(const T* x, T* y, const Packed& packed, const auto&) {
      kernels::gather<out.extent(), in, out>(x, y, Rows{}, Columns{}, Channels{}, packed.zero);
    }
  };
};

// ---- maps from output to input position

/// `before` positions of padding, then the axis of `size`.
template <std::size_t before, std::size_t size>
struct ZeroPadded {
  constexpr std::size_t operator()(std::size_t i) const {
    return i < before || i >= before + size ? kernels::nowhere : i - before;
  }
};
template <std::size_t before, std::size_t size>
struct Reflected {
  constexpr std::size_t operator()(std::size_t i) const {
    return i < before ? before - i : i < before + size ? i - before : 2 * (size - 1) - (i - before);
  }
};
template <std::size_t before, std::size_t size>
struct Replicated {
  constexpr std::size_t operator()(std::size_t i) const {
    return i < before ? 0 : i < before + size ? i - before : size - 1;
  }
};
template <std::size_t before, std::size_t size>
struct Wrapped {
  constexpr std::size_t operator()(std::size_t i) const { return (i + size - before) % size; }
};
template <std::size_t in_size, std::size_t out_size>
struct NearestOf {
  constexpr std::size_t operator()(std::size_t i) const { return i * in_size / out_size; }
};
template <std::size_t first>
struct From {
  constexpr std::size_t operator()(std::size_t i) const { return first + i; }
};

template <ImageShape In, std::size_t Top, std::size_t Bottom, std::size_t Left, std::size_t Right>
using PaddedShape = Shape<In::dims[0] + Top + Bottom, In::dims[1] + Left + Right, In::dims[2]>;

/// An image with `Map` deciding what stands around it.
template <ImageShape In, std::size_t Top, std::size_t Bottom, std::size_t Left, std::size_t Right,
          template <std::size_t, std::size_t> class Map>
using PadOn = GatherOn<In, PaddedShape<In, Top, Bottom, Left, Right>, Map<Top, In::dims[0]>, Map<Left, In::dims[1]>,
                       kernels::Same>;

}  // namespace detail

/// Zeros around an image. Output Shape<H + Top + Bottom, W + Left + Right, C>. `ZeroPad2d<1>` pads all sides alike.
template <std::size_t Top, std::size_t Bottom = Top, std::size_t Left = Top, std::size_t Right = Left>
struct ZeroPad2d {
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(ImageShape<In>, "ZeroPad2d: the input must be an image, Shape<height, width, channels>");
  }
  template <ImageShape In>
  struct On : detail::PadOn<In, Top, Bottom, Left, Right, detail::ZeroPadded> {};
};

/// The image mirrored at its edge pixels, which are not repeated. A convolution with padding_mode="reflect" is this and
/// a convolution without padding.
template <std::size_t Top, std::size_t Bottom = Top, std::size_t Left = Top, std::size_t Right = Left>
struct ReflectionPad2d {
  template <AnyShape In>
  static constexpr bool fits = [] {
    if constexpr (ImageShape<In>) {
      return Top < In::dims[0] && Bottom < In::dims[0] && Left < In::dims[1] && Right < In::dims[1];
    } else {
      return false;
    }
  }();
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(fits<In>, "ReflectionPad2d: the input must be an image larger than the padding on every side");
  }
  template <AnyShape In>
    requires fits<In>
  struct On : detail::PadOn<In, Top, Bottom, Left, Right, detail::Reflected> {
  };
};

/// The image with its edge pixels repeated outwards.
template <std::size_t Top, std::size_t Bottom = Top, std::size_t Left = Top, std::size_t Right = Left>
struct ReplicationPad2d {
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(ImageShape<In>, "ReplicationPad2d: the input must be an image, Shape<height, width, channels>");
  }
  template <ImageShape In>
  struct On : detail::PadOn<In, Top, Bottom, Left, Right, detail::Replicated> {};
};

/// The image repeated around itself.
template <std::size_t Top, std::size_t Bottom = Top, std::size_t Left = Top, std::size_t Right = Left>
struct CircularPad2d {
  template <AnyShape In>
  static constexpr bool fits = [] {
    if constexpr (ImageShape<In>) {
      return Top <= In::dims[0] && Bottom <= In::dims[0] && Left <= In::dims[1] && Right <= In::dims[1];
    } else {
      return false;
    }
  }();
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(fits<In>, "CircularPad2d: the input must be an image at least as large as the padding on every side");
  }
  template <AnyShape In>
    requires fits<In>
  struct On : detail::PadOn<In, Top, Bottom, Left, Right, detail::Wrapped> {
  };
};

/// The Index-th of Count equal shares of the channels.
template <std::size_t Count, std::size_t Index>
  requires(Index < Count)
struct ChannelSlice {
  template <AnyShape In>
  static constexpr bool fits = extent_of<In>.channels % Count == 0;
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(fits<In>, "ChannelSlice: the number of shares must divide the channels");
  }

 private:
  template <AnyShape In>
  using Share = ShapeOf<In::rank, Extent{extent_of<In>.height, extent_of<In>.width, extent_of<In>.channels / Count}>;

 public:
  template <AnyShape In>
    requires fits<In>
  struct On : detail::GatherOn<In, Share<In>, kernels::Same, kernels::Same,
                               detail::From<extent_of<In>.channels / Count * Index>> {
    static constexpr Traits traits{.operation = Operation::slice};
    static constexpr std::size_t first_channel = extent_of<In>.channels / Count * Index;
  };
};

/// Channels interleaved across groups: (groups, C / groups) transposed, arXiv 1707.01083.
template <std::size_t GroupCount>
  requires(GroupCount > 0)
struct ChannelShuffle {
  template <AnyShape In>
  static constexpr bool fits = [] {
    if constexpr (AnyShape<In> && In::rank <= 3) {
      return extent_of<In>.channels % GroupCount == 0;
    } else {
      return false;
    }
  }();
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(fits<In>, "ChannelShuffle: the groups must divide the channels");
  }
  template <AnyShape In>
    requires fits<In>
  struct On {
    using Input = In;
    using Output = In;
    using Parameters = NoParameters;
    static constexpr Traits traits{.operation = Operation::shuffle};
    static constexpr std::size_t groups = GroupCount;
    static constexpr Cost cost{.memory_access = 2 * In::size};

    template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout in, kernels::Layout out>
    struct Kernel : NothingPacked {
      template <class T>
      static constexpr void run(const T* x, T* y, const NothingPacked::Packed&, const auto&) {
        kernels::shuffle_channels<GroupCount, in, out>(x, y);
      }
    };
  };
};

/// Satisfied by the options of Upsample2d: Nearest or Bilinear, AlignCorners (with Bilinear).
template <class... Options>
concept UpsampleOptions = options_for<OptionKinds<option::interpolation, option::corners>, Options...> &&
    (!has_option<option::corners, Options...> ||
     std::is_same_v<find_option<option::interpolation, Nearest, Options...>, Bilinear>);

/// An image enlarged by whole factors, by the nearest pixel or by bilinear interpolation, as PyTorch's Upsample.
/// Output Shape<H * Factor, W * Factor, C>.
template <std::size_t Factor, class... Options>
  requires(Factor > 0)
&&UpsampleOptions<Options...> struct Upsample2d {
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(ImageShape<In>, "Upsample2d: the input must be an image, Shape<height, width, channels>");
  }

 private:
  template <ImageShape In>
  using Larger = Shape<In::dims[0] * Factor, In::dims[1] * Factor, In::dims[2]>;
  template <ImageShape In>
  using NearestOn =
      detail::GatherOn<In, Larger<In>, detail::NearestOf<1, Factor>, detail::NearestOf<1, Factor>, kernels::Same>;

  template <ImageShape In>
  struct BilinearOn {
    using Input = In;
    using Output = Larger<In>;
    using Parameters = NoParameters;
    static constexpr Traits traits{};
    static constexpr Cost cost{.elementwise_ops = 9 * Output::size, .memory_access = In::size + Output::size};

    template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout in, kernels::Layout out>
    struct Kernel {
      struct Packed {
        std::int32_t zero_point = 0;  // of integers
      };
      static constexpr void pack(Packed& packed, const auto& /*fields*/, const kernels::Surroundings<N>& around) {
        if constexpr (Quantized<N>) packed.zero_point = around.inputs[0].zero_point;
      }
      template <class T>
      static constexpr void run(const T* x, T* y, [[maybe_unused]] const Packed& packed, const auto&) {
        constexpr bool align_corners = has_option<option::corners, Options...>;
        if constexpr (Quantized<N>) {
          kernels::upsample_bilinear_integers<typename N::Rounding, in, out>(x, y, packed.zero_point, align_corners);
        } else {
          kernels::upsample_bilinear<Isa, in, out>(x, y, align_corners);
        }
      }
    };
  };

 public:
  template <ImageShape In>
  struct On : std::conditional_t<std::is_same_v<find_option<option::interpolation, Nearest, Options...>, Nearest>,
                                 NearestOn<In>, BilinearOn<In>> {};
};

}  // namespace ctnn
