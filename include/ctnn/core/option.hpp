/// Order-free options of layers: `Conv2d<64, Kernel<3>, Stride<2>, Padding<1>>`. Every option is an empty type that
/// names its kind; two options of one kind exclude each other.
#pragma once

#include <array>
#include <cstddef>
#include <ratio>
#include <type_traits>

#include <ctnn/core/algorithm.hpp>

namespace ctnn {

/// The kinds of options. A layer lists the kinds it understands.
namespace option {
struct kernel;
struct stride;
struct padding;
struct dilation;
struct groups;
struct multiplier;
struct bias;
struct rounding;
struct counting;
struct divisor;
struct epsilon;
struct affine;
struct interpolation;
struct corners;
struct algorithm;
}  // namespace option

/// Kernel height and width; one number for a square, or for a one-dimensional layer.
template <std::size_t Height, std::size_t Width = Height>
struct Kernel {
  using Kind = option::kernel;
  static constexpr std::size_t height = Height, width = Width;
};

/// Distance between neighbouring windows. Convolutions default to 1, pools to the kernel.
template <std::size_t Height, std::size_t Width = Height>
struct Stride {
  using Kind = option::stride;
  static constexpr std::size_t height = Height, width = Width;
};

/// Distance between neighbouring taps of a window; 1 by default.
template <std::size_t Height, std::size_t Width = Height>
struct Dilation {
  using Kind = option::dilation;
  static constexpr std::size_t height = Height, width = Width;
};

/// Zeros around the input: `Padding<all>`, `Padding<vertical, horizontal>` or `Padding<top, bottom, left, right>`.
/// In one dimension: `Padding<both>` or `Padding<left, right>`.
template <std::size_t... Amounts>
  requires(sizeof...(Amounts) == 1 || sizeof...(Amounts) == 2 || sizeof...(Amounts) == 4)
struct Padding {
  using Kind = option::padding;
  static constexpr std::size_t count = sizeof...(Amounts);
  static constexpr std::array<std::size_t, count> amounts{Amounts...};
};

/// Padding such that the output is ceil(input / stride), the odd one at the bottom and right: PyTorch's
/// padding="same" where the stride is 1, TensorFlow's SAME for every stride.
struct SamePadding {
  using Kind = option::padding;
};

/// Channels are split into that many groups, each convolved by itself.
template <std::size_t Count>
struct Groups {
  using Kind = option::groups;
  static constexpr std::size_t count = Count;
};

/// Output channels per input channel of a depthwise convolution; 1 by default.
template <std::size_t Count>
struct ChannelMultiplier {
  using Kind = option::multiplier;
  static constexpr std::size_t count = Count;
};

/// The layer has no bias.
struct NoBias {
  using Kind = option::bias;
};

/// Pools: the output size is rounded up instead of down, windows that begin inside the left padding or input are kept.
struct CeilMode {
  using Kind = option::rounding;
};

/// Average pools: padded zeros do not count in the divisor (PyTorch's count_include_pad=False).
struct ExcludePadding {
  using Kind = option::counting;
};

/// Average pools: divide by this instead of by the window's size (PyTorch's divisor_override).
template <std::size_t Value>
struct Divisor {
  using Kind = option::divisor;
  static constexpr std::size_t value = Value;
};

/// Batch norm: added to the variance, as a std::ratio; 1e-5 by default.
template <class Ratio>
struct Epsilon {
  using Kind = option::epsilon;
  using Value = Ratio;
};

/// Batch norm: no learnt scale and shift.
struct NoAffine {
  using Kind = option::affine;
};

/// Upsampling by the nearest input pixel (the default).
struct Nearest {
  using Kind = option::interpolation;
};
/// Upsampling by bilinear interpolation.
struct Bilinear {
  using Kind = option::interpolation;
};
/// Bilinear upsampling: corner pixels of input and output coincide (PyTorch's align_corners=True).
struct AlignCorners {
  using Kind = option::corners;
};

/// Satisfied by the algorithms that a convolution may be told to use.
template <Algorithm choice>
concept choosable = choice == Algorithm::direct || choice == Algorithm::winograd2 || choice == Algorithm::winograd4 ||
                    choice == Algorithm::fft;

/// Convolutions: runs with that algorithm, whatever the library would choose. `direct` rounds as a sum of products does
/// and has the smallest weights. The others take windows that move by 1: `winograd2` and `winograd4`, for 3 x 3 (5 x
/// 5), multiply 2.25 and 4 (2.8 and 6.25) times less with weights 1.8 and 4 (1.4 and 2.6) times larger; `fft`, for up
/// to 13 x 13, makes 382 of a window's weights. Without vectors the reference runs; integer formats and those of 16
/// bits know `direct`, as against tiles, and take the library's choice for the others.
template <Algorithm Choice>
  requires choosable<Choice>
struct Use {
  using Kind = option::algorithm;
  static constexpr Algorithm choice = Choice;
};

namespace detail {

template <class Option, class... Kinds>
concept option_of = (std::is_same_v<typename Option::Kind, Kinds> || ...);

template <class Kind, class... Options>
inline constexpr std::size_t options_of_kind = (std::size_t{std::is_same_v<typename Options::Kind, Kind>} + ... + 0);

template <class Kind, class Default, class... Options>
struct FindOption {
  using type = Default;
};
template <class Kind, class Default, class First, class... Rest>
struct FindOption<Kind, Default, First, Rest...>
    : std::conditional_t<std::is_same_v<typename First::Kind, Kind>, std::type_identity<First>,
                         FindOption<Kind, Default, Rest...>> {};

}  // namespace detail

/// The kinds of options a layer understands.
template <class... Kinds>
struct OptionKinds {};

namespace detail {
template <class Option, class Kinds>
inline constexpr bool is_understood = false;
template <class Option, class... Kinds>
  requires requires { typename Option::Kind; }
inline constexpr bool is_understood<Option, OptionKinds<Kinds...>> = option_of<Option, Kinds...>;
}  // namespace detail

/// Satisfied where the option is of one of those kinds: the layer understands it.
template <class Option, class Kinds>
concept understood_by = detail::is_understood<Option, Kinds>;  // not a lambda here: Clang 14 takes none in a concept

/// Satisfied where no other option of the list is of this option's kind.
template <class Option, class... All>
concept given_once = (detail::options_of_kind<typename Option::Kind, All...> == 1);

/// Satisfied where every option is understood by the layer and no kind is given twice.
template <class Kinds, class... Options>
concept options_for = (understood_by<Options, Kinds> && ...) && (given_once<Options, Options...> && ...);

/// The option of that kind, or the default.
template <class Kind, class Default, class... Options>
using find_option = typename detail::FindOption<Kind, Default, Options...>::type;

/// Whether an option of that kind is given.
template <class Kind, class... Options>
inline constexpr bool has_option = detail::options_of_kind<Kind, Options...> != 0;

}  // namespace ctnn
