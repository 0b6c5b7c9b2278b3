/// Layers in parallel: every branch reads the same input (or its share of it), their outputs are added, multiplied or
/// concatenated.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <type_traits>
#include <utility>

#include <ctnn/kernels/elementwise.hpp>
#include <ctnn/kernels/epilogue.hpp>
#include <ctnn/kernels/gather.hpp>
#include <ctnn/kernels/integer.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/sequential.hpp>
#include <ctnn/layers/shape_ops.hpp>

namespace ctnn {

namespace detail {

// ---- joins: bound layers with several inputs, and the rule of which outputs go together

/// The sum of tensors of one shape; of integers as the format's rounding says.
struct AddJoin {
  template <AnyShape First, AnyShape... Rest>
  static constexpr bool fits = (std::is_same_v<First, Rest> && ...);
  template <class... Outputs>
  static constexpr void explain() {
    static_assert(fits<Outputs...>, "Add, Residual: all branches must have the same output shape");
  }

  template <AnyShape First, AnyShape... Rest>
  struct On {
    using Input = First;
    using Output = First;
    using Parameters = NoParameters;
    static constexpr std::string_view name = "Add";
    static constexpr std::size_t count = sizeof...(Rest) + 1;
    static constexpr Traits traits{.operation = Operation::add, .in_place = true, .any_layout = true, .rescales = true};
    static constexpr Cost cost{.elementwise_ops = sizeof...(Rest) * First::size,
                               .memory_access = (count + 1) * First::size};

    template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout in, kernels::Layout out>
    struct Kernel {
      struct Rescaled {
        std::array<std::int32_t, count> zero_point{};
        typename N::Rounding::template Sum<count> sum;
        std::int32_t sum_zero_point = 0;
      };
      static constexpr bool on_vectors = [] {
        if constexpr (Quantized<N>) {
          return kernels::sums_on_vectors<Isa, typename N::Rounding, count>;
        } else {
          return false;
        }
      }();
      struct None {};
      using Packed = std::conditional_t<Quantized<N>, Rescaled, None>;

      static constexpr void pack(Packed& packed, const auto& /*fields*/, const kernels::Surroundings<N>& around) {
        if constexpr (Quantized<N>) {
          std::array<float, count> scales{};
          for (std::size_t k = 0; k < count; ++k) {
            scales[k] = around.inputs[k].scale;
            packed.zero_point[k] = around.inputs[k].zero_point;
          }
          packed.sum = {scales, around.output.scale};
          packed.sum_zero_point = around.output.zero_point;
        }
      }
      template <class T>
      static constexpr void run(const std::array<const T*, count>& x, T* y, const Packed& packed, const auto&) {
        if constexpr (on_vectors) {
          kernels::for_each_run<in, out>([&](std::size_t from, std::size_t to, std::size_t length) {
            std::array<const T*, count> terms{};
            for (std::size_t k = 0; k < count; ++k) terms[k] = x[k] + from;
            kernels::sum_bytes<Isa>(terms, packed.zero_point, y + to, length, packed.sum, packed.sum_zero_point);
          });
        } else if constexpr (Quantized<N>) {
          kernels::for_each_run<in, out>([&](std::size_t from, std::size_t to, std::size_t length) {
            kernels::generate(y + to, length, [&](std::size_t i) {
              std::array<std::int32_t, count> terms{};
              for (std::size_t k = 0; k < count; ++k) terms[k] = x[k][from + i] - packed.zero_point[k];
              return N::Quantization::saturate(std::int64_t{packed.sum(terms)} + packed.sum_zero_point);
            });
          });
        } else {
          const auto add = [](auto a, auto b) { return a + b; };
          kernels::combine<Isa, in, in, out>(x[0], x[1], y, add);
          for (std::size_t k = 2; k < count; ++k) kernels::combine<Isa, in, out, out>(x[k], y, y, add);
        }
      }
    };
  };
};

/// The product of tensors of one shape, of integers as the format's rounding says; a tensor of a single pixel
/// multiplies every pixel of the others.
struct MultiplyJoin {
  /// The largest of the extents.
  static constexpr Extent largest(std::initializer_list<Extent> extents) {
    return *std::max_element(extents.begin(), extents.end(),
                             [](const Extent& a, const Extent& b) { return a.size() < b.size(); });
  }
  template <AnyShape First, AnyShape... Rest>
  static constexpr bool fits = [] {
    constexpr Extent whole = largest({extent_of<First>, extent_of<Rest>...});
    for (const Extent& extent : {extent_of<First>, extent_of<Rest>...}) {
      if (extent != whole && extent != Extent{1, 1, whole.channels}) return false;
    }
    return ((First::rank == Rest::rank) && ...);
  }();
  template <class... Outputs>
  static constexpr void explain() {
    static_assert(fits<Outputs...>,
                  "Multiply: all branches must have the same output shape, or be one pixel of the same channels");
  }

  template <AnyShape First, AnyShape... Rest>
  struct On {
    using Input = First;
    using Output = ShapeOf<First::rank, largest({extent_of<First>, extent_of<Rest>...})>;
    using Parameters = NoParameters;
    static constexpr std::string_view name = "Multiply";
    static constexpr std::size_t count = sizeof...(Rest) + 1;
    static constexpr std::array<Extent, count> extents{extent_of<First>, extent_of<Rest>...};
    /// Of two branches the one that is a single pixel, if the other is not.
    static constexpr std::size_t gate = extents[0].pixels() == 1 ? 0 : 1;
    static constexpr bool has_gate = count == 2 && extents[0] != extents[1];
    static constexpr Traits traits{.operation = has_gate ? Operation::weight_channels : Operation::other,
                                   .rescales = true};
    static constexpr Cost cost{.elementwise_ops = sizeof...(Rest) * Output::size,
                               .memory_access = First::size + (Rest::size + ... + 0) + Output::size};

    /// Integers up to three at a time: products of more do not fit into 32 bits.
    template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout, kernels::Layout out>
      requires Floating<N> ||(count <= 3) struct Kernel {
        struct Rescaled {
          std::array<std::int32_t, count> zero_point{};
          kernels::Requantization<N, 1> product;
        };
        struct None {};
        using Packed = std::conditional_t<Quantized<N>, Rescaled, None>;

        static constexpr void pack(Packed& packed, const auto& /*fields*/, const kernels::Surroundings<N>& around) {
          if constexpr (Quantized<N>) {
            float product = around.inputs[0].scale;
            for (std::size_t k = 1; k < count; ++k) product *= around.inputs[k].scale;
            for (std::size_t k = 0; k < count; ++k) packed.zero_point[k] = around.inputs[k].zero_point;
            packed.product.zero_point = around.output.zero_point;
            packed.product.set(static_cast<double>(product / around.output.scale));
          }
        }
        template <class T>
        static constexpr void run(const std::array<const T*, count>& x, T* y, const Packed& packed, const auto&) {
          if constexpr (Quantized<N>) {
            multiply_integers(x, y, packed);
          } else {
            multiply_floats(x, y);
          }
        }

       private:
        // the branches are canonical, the product may have borders
        template <class T>
        static constexpr void multiply_integers(const std::array<const T*, count>& x, T* y, const Packed& packed) {
          constexpr Extent whole = extent_of<Output>;
          for (std::size_t row = 0; row < whole.height; ++row) {
            for (std::size_t column = 0; column < whole.width; ++column) {
              std::array<const T*, count> pixel{};
              for (std::size_t k = 0; k < count; ++k) {
                pixel[k] = x[k] + (extents[k] == whole ? (row * whole.width + column) * whole.channels : 0);
              }
              T* result = y + out.at(row, column, 0);
              if constexpr (Isa::lanes > 1) {
                const kernels::VectorRequantization<N, 1> vectors{&packed.product};
                kernels::multiply_bytes<Isa>(pixel, packed.zero_point, result, whole.channels, vectors);
              } else {
                for (std::size_t c = 0; c < whole.channels; ++c) {
                  std::int32_t product = 1;
                  for (std::size_t k = 0; k < count; ++k) product *= pixel[k][c] - packed.zero_point[k];
                  result[c] = packed.product(product);
                }
              }
            }
          }
        }
        template <class T>
        static constexpr void multiply_floats(const std::array<const T*, count>& x, T* y) {
          constexpr std::size_t whole = [] {
            std::size_t i = 0;
            while (extents[i] != extent_of<Output>) ++i;
            return i;
          }();
          const auto multiply = [&]<std::size_t k>(std::integral_constant<std::size_t, k>) {
            constexpr kernels::Layout branch = kernels::canonical(extents[k]);
            const auto product = [](auto a, auto b) { return a * b; };
            if constexpr (k == (whole == 0 ? 1 : 0)) {
              kernels::combine<Isa, kernels::canonical(extents[whole]), branch, out>(x[whole], x[k], y, product);
            } else if constexpr (k != whole && branch.extent() == out.extent()) {
              kernels::combine<Isa, branch, out, out>(x[k], y, y, product);
            } else if constexpr (k != whole) {
              kernels::combine<Isa, out, branch, out>(y, x[k], y, product);
            }
          };
          [&]<std::size_t... K>(std::index_sequence<K...>) {
            (multiply(std::integral_constant<std::size_t, K>{}), ...);
          }
          (std::make_index_sequence<count>{});
        }
      };
  };
};

/// Tensors one behind the other along the channels.
struct ConcatJoin {
  template <AnyShape First, AnyShape... Rest>
  static constexpr bool fits = ((First::rank == Rest::rank && extent_of<First>.height == extent_of<Rest>.height &&
                                 extent_of<First>.width == extent_of<Rest>.width) &&
                                ...);
  template <class... Outputs>
  static constexpr void explain() {
    static_assert(fits<Outputs...>, "Concat, Split: all branches must have the same height and width");
  }

  template <AnyShape First, AnyShape... Rest>
  struct On {
    using Input = First;
    using Output = ShapeOf<First::rank, Extent{extent_of<First>.height, extent_of<First>.width,
                                               (extent_of<First>.channels + ... + extent_of<Rest>.channels)}>;
    using Parameters = NoParameters;
    static constexpr std::string_view name = "Concat";
    static constexpr std::size_t count = sizeof...(Rest) + 1;
    static constexpr std::array<Extent, count> extents{extent_of<First>, extent_of<Rest>...};
    static constexpr Traits traits{.operation = Operation::concat, .rescales = true};
    static constexpr Cost cost{.memory_access = 2 * Output::size};

    template <NumberFormat N, class Isa, kernels::Algorithm, kernels::Layout, kernels::Layout out>
    struct Kernel {
      struct Rescaled {
        std::array<bool, count> keeps_scale{};
        std::array<kernels::Table<typename N::Activation>, count> rescaled{};
      };
      struct None {};
      using Packed = std::conditional_t<Quantized<N>, Rescaled, None>;

      static constexpr void pack(Packed& packed, const auto& /*fields*/, const kernels::Surroundings<N>& around) {
        if constexpr (Quantized<N>) {
          for (std::size_t i = 0; i < count; ++i) {
            packed.keeps_scale[i] = around.inputs[i] == around.output;
            const typename N::Rounding::Scale scale{static_cast<double>(around.inputs[i].scale) /
                                                    static_cast<double>(around.output.scale)};
            packed.rescaled[i].fill([&](std::int32_t q) {
              const std::int64_t real = scale.scale(q - around.inputs[i].zero_point);
              return N::Quantization::saturate(real + around.output.zero_point);
            });
          }
        }
      }
      template <class T>
      static constexpr void run(const std::array<const T*, count>& x, T* y, const Packed& packed, const auto&) {
        const auto place = [&]<std::size_t k>(std::integral_constant<std::size_t, k>, T* to) {
          T* next = to + extents[k].channels * out.channel_stride();
          if (x[k] == to) return next;  // its maker wrote it there
          if constexpr (Quantized<N>) {
            if (!packed.keeps_scale[k]) {
              kernels::look_up<Isa, kernels::canonical(extents[k]), out.share(extents[k].channels)>(packed.rescaled[k],
                                                                                                    x[k], to);
              return next;
            }
          }
          kernels::gather<extents[k], kernels::canonical(extents[k]), out>(x[k], to, kernels::Same{}, kernels::Same{},
                                                                           kernels::Same{});
          return next;
        };
        [&]<std::size_t... K>(std::index_sequence<K...>) {
          ((y = place(std::integral_constant<std::size_t, K>{}, y)), ...);
        }
        (std::make_index_sequence<count>{});
      }
    };
  };
};

/// A join's bound layer, or a stand-in where the branches' outputs do not go together (or are unknown).
template <class Join, class... Outputs>
struct BindJoin {
  using type = Rejected<Join, Unknown>;
};
template <class Join, AnyShape... Outputs>
  requires(Join::template fits<Outputs...>)
struct BindJoin<Join, Outputs...> {
  using type = typename Join::template On<Outputs...>;
};

/// Branches bound to an input: parts are the branches, then the join.
template <class Join, AnyShape In, class Layers>
struct BranchesOn;
template <class Join, AnyShape In, class... Layers>
struct BranchesOn<Join, In, TypeList<Layers...>> {
  using Input = In;
  static constexpr std::size_t branch_count = sizeof...(Layers);
  static constexpr std::size_t part_count = branch_count + 1;
  using Parts = TypeList<Bound<Layers, In>..., typename BindJoin<Join, typename Bound<Layers, In>::Output...>::type>;
  template <std::size_t I>
  using Part = type_at<Parts, I>;
  using Output = typename Part<branch_count>::Output;

  static constexpr Cost cost = (Bound<Layers, In>::cost + ... + Part<branch_count>::cost);
  static constexpr bool branches_accepted = (is_accepted<Bound<Layers, In>>() && ...);
  static constexpr bool accepted = branches_accepted && is_accepted<Part<branch_count>>();

  static constexpr bool explain_parts() {
    if constexpr (branches_accepted) {
      Join::template explain<typename Bound<Layers, In>::Output...>();
    } else {
      explain_first(std::make_index_sequence<branch_count>{});
    }
    return false;
  }

  template <std::size_t I>
  static constexpr std::string_view part_name() {
    return [] {
      if constexpr (I < branch_count) {
        return Unnamed<type_at<TypeList<Layers...>, I>>::name;
      } else {
        return std::string_view{};
      }
    }();
  }
  template <std::size_t I>
  static constexpr bool part_is_named = [] {
    if constexpr (I < branch_count) {
      return Unnamed<type_at<TypeList<Layers...>, I>>::named;
    } else {
      return true;
    }
  }();

  template <class Graph>
  static constexpr int wire(Graph& graph, int x) {
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return graph.template part<BranchesOn, branch_count>({graph.template part<BranchesOn, I>({x})...});
    }
    (std::make_index_sequence<branch_count>{});
  }

 private:
  template <std::size_t... I>
  static constexpr void explain_first(std::index_sequence<I...>) {
    constexpr std::size_t first = [] {
      const bool ok[] = {is_accepted<Bound<Layers, In>>()...};
      return static_cast<std::size_t>(std::find(std::begin(ok), std::end(ok), false) - std::begin(ok));
    }();
    explain_rejection<type_at<TypeList<Layers...>, first>, first, In>();
  }
};

}  // namespace detail

/// The sum of branches that read the same input. Output: the branches' common shape.
template <class... Branches>
  requires(sizeof...(Branches) >= 2 && sizeof...(Branches) <= kernels::max_inputs)
struct Add {
  template <AnyShape In>
  struct On : detail::BranchesOn<detail::AddJoin, In, detail::TypeList<Branches...>> {};
};

/// Main(x) + Shortcut(x), arXiv 1512.03385. Parameters are found under "main" and "shortcut" unless Named.
template <class Main, class Shortcut = Identity>
struct Residual {
 private:
  template <class L, FixedString name>
  using NamedOr = std::conditional_t<detail::Unnamed<L>::named, L, Named<name, L>>;

 public:
  template <AnyShape In>
  struct On : detail::BranchesOn<detail::AddJoin, In,
                                 detail::TypeList<NamedOr<Main, "main">, NamedOr<Shortcut, "shortcut">>> {};
};

/// The product of branches that read the same input; a branch of one pixel multiplies every pixel of the others:
/// `Multiply<Identity, Sequential<GlobalAvgPool2d, PointwiseConv2d<C>, Sigmoid>>` is squeeze-and-excitation.
template <class... Branches>
  requires(sizeof...(Branches) >= 2 && sizeof...(Branches) <= kernels::max_inputs)
struct Multiply {
  template <AnyShape In>
  struct On : detail::BranchesOn<detail::MultiplyJoin, In, detail::TypeList<Branches...>> {};
};

/// The outputs of branches that read the same input, one behind the other along the channels.
template <class... Branches>
  requires(sizeof...(Branches) >= 2 && sizeof...(Branches) <= kernels::max_inputs)
struct Concat {
  template <AnyShape In>
  struct On : detail::BranchesOn<detail::ConcatJoin, In, detail::TypeList<Branches...>> {};
};

namespace detail {

/// Branch I of Count, after its share of the channels; the share leaves no trace in the parameters' path.
template <std::size_t Count, std::size_t I, class L>
struct SharedBranch {
  using type = Sequential<ChannelSlice<Count, I>, Named<"", L>>;
};
template <std::size_t Count, std::size_t I, FixedString Name, class L>
struct SharedBranch<Count, I, Named<Name, L>> {
  using type = Named<Name, Sequential<ChannelSlice<Count, I>, Named<"", L>>>;
};

template <class Indices, class... Branches>
struct SharedBranches;
template <std::size_t... I, class... Branches>
struct SharedBranches<std::index_sequence<I...>, Branches...> {
  using type = TypeList<typename SharedBranch<sizeof...(Branches), I, Branches>::type...>;
};

}  // namespace detail

/// The channels shared out equally among the branches, whose outputs are concatenated: ShuffleNetV2's unit is
/// `Split<Identity, Sequential<...>>` and `ChannelShuffle<2>`, arXiv 1807.11164.
template <class... Branches>
  requires(sizeof...(Branches) >= 2 && sizeof...(Branches) <= kernels::max_inputs)
struct Split {
  template <AnyShape In>
  static constexpr void explain() {
    static_assert(ChannelSlice<sizeof...(Branches), 0>::template fits<In>,
                  "Split: the number of branches must divide the channels");
  }
  template <AnyShape In>
    requires(ChannelSlice<sizeof...(Branches), 0>::template fits<In>)
  struct On
      : detail::BranchesOn<detail::ConcatJoin, In,
                           typename detail::SharedBranches<std::index_sequence_for<Branches...>, Branches...>::type> {};
};

}  // namespace ctnn
