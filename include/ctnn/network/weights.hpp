/// Weights by name: views of numbers in natural order, and storage for them.
#pragma once

#include <algorithm>
#include <array>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/with.hpp>
#include <ctnn/network/graph.hpp>

namespace ctnn {

/// Element types that weights come in.
enum class ElementType { f32, i8, i32 };

template <class T>
inline constexpr ElementType element_type_of = std::is_same_v<T, float>         ? ElementType::f32
                                               : std::is_same_v<T, std::int8_t> ? ElementType::i8
                                                                                : ElementType::i32;
constexpr std::size_t bytes_of(ElementType type) { return type == ElementType::i8 ? 1 : 4; }

/// One named array of a network's weights.
struct WeightInfo {
  Path name;  // "features.0.weight"
  ElementType type{};
  std::array<std::size_t, 4> dims{};
  std::size_t rank = 0;
  std::size_t size = 0;    // elements
  std::size_t offset = 0;  // elements, among those of its type
};

namespace detail {

/// Bytes of a list of fields.
template <class Fields>
inline constexpr std::size_t bytes_of_fields = 0;
template <class... Fs>
inline constexpr std::size_t bytes_of_fields<FieldList<Fs...>> = (std::size_t{0} + ... +
                                                                  (Fs::Shape::size * sizeof(typename Fs::Element)));

/// Whether each leaf, of an integer format, reads values of another one.
template <class B, NumberFormat N>
inline constexpr auto quantizes_input = []<std::size_t... I>(std::index_sequence<I...>) {
  std::array<bool, leaf_count<B>> result{};
  const std::array<int, leaf_count<B>> numbers = format_numbers<B, N, outer_format<N>>;
  const std::array<bool, leaf_count<B>> quantized{Quantized<format_of<Leaf<B, I>, N>>...};
  for (const Node& node : graph_of<B>.nodes) {
    for (int i = 0; i < node.input_count; ++i) {
      const int value = node.inputs[static_cast<std::size_t>(i)];
      const int maker = value == 0 ? -1 : graph_of<B>.nodes[static_cast<std::size_t>(value) - 1].leaf;
      const auto leaf = static_cast<std::size_t>(node.leaf);
      const int format = maker < 0 ? 0 : numbers[static_cast<std::size_t>(maker)];
      if (quantized[leaf] && format != numbers[leaf]) result[leaf] = true;
    }
  }
  return result;
}
(std::make_index_sequence<leaf_count<B>>{});

/// Bytes of one parameter, without what the format adds: weights in the form that it stores them in, if it has one.
template <class N, class P, bool stores_weights>
constexpr std::size_t bytes_of_parameter() {
  constexpr std::size_t channels = P::Shape::dims[0];
  if constexpr (P::role == Role::weight && stores_weights) {
    if constexpr (requires { N::bytes(channels, channels); }) return N::bytes(channels, P::Shape::size / channels);
  }
  return P::Shape::size * (Quantized<N> && P::role == Role::weight ? sizeof(std::int8_t) : sizeof(float));
}
template <class N, bool stores_weights, class... P>
constexpr std::size_t bytes_of_parameters(ParameterList<P...>) {
  return (std::size_t{0} + ... + bytes_of_parameter<N, P, stores_weights>());
}
/// Elements and bytes of a convolution's or fully connected layer's weights, as its kernel reads them.
template <class N, bool stores_weights, class... P>
constexpr std::pair<std::size_t, std::size_t> weights_read(ParameterList<P...>) {
  return {(std::size_t{0} + ... + (P::role == Role::weight ? P::Shape::size : 0)),
          (std::size_t{0} + ... + (P::role == Role::weight ? bytes_of_parameter<N, P, stores_weights>() : 0))};
}

/// Whether a bound layer has weights in the form that the format gives them.
template <class N, class L>
inline constexpr bool has_stored_weights = [] {
  if constexpr (traits_of<L>.operation == Operation::linear) {
    return kernels::stores_weights<N>(L::geometry);
  } else if constexpr (traits_of<L>.operation == Operation::fully_connected && Quantized<N>) {
    return kernels::stores_weights<N>(kernels::fully_connected(extent_of<typename L::Input>, L::Output::size));
  } else {
    return traits_of<L>.operation == Operation::fully_connected;
  }
}();

/// Bytes that a bound layer's memory accesses come to in a number format.
template <class N, class L>
inline constexpr std::uint64_t bytes_accessed = [] {
  constexpr std::uint64_t element = sizeof(typename N::Activation);
  if constexpr (traits_of<L>.operation == Operation::linear || traits_of<L>.operation == Operation::fully_connected) {
    constexpr auto weights = weights_read<N, has_stored_weights<N, L>>(typename L::Parameters{});
    return (L::cost.memory_access - weights.first) * element + weights.second;
  } else {
    return L::cost.memory_access * element;
  }
}();

/// Bytes of a bound layer's parameters in a number format.
template <class N, class L, class Fields = typename N::template Fields<L>>
inline constexpr std::size_t weight_bytes_of = [] {
  if constexpr (Quantized<N>) {
    constexpr auto weights = weights_read<N, has_stored_weights<N, L>>(typename L::Parameters{});
    return bytes_of_fields<Fields> - weights.first + weights.second;
  } else {
    return bytes_of_parameters<N, has_stored_weights<N, L>>(typename L::Parameters{});
  }
}();

/// All weights of a bound layer in a number format: the network's own first, then leaf by leaf.
template <class B, NumberFormat N>
struct WeightTable {
  using Format = N;
  template <std::size_t I>
  using LeafFormat = format_of<Leaf<B, I>, N>;
  /// The scale by which it reads another format's values, where it does, and its own.
  template <std::size_t I>
  using LeafFields =
      join_fields<std::conditional_t<quantizes_input<B, N>[I], typename LeafFormat<I>::InputFields, FieldList<>>,
                  typename LeafFormat<I>::template Fields<Leaf<B, I>>>;
  using InputFields = typename outer_format<N>::InputFields;
  static constexpr std::size_t leaves = leaf_count<B>;

  /// The number of a leaf's first field.
  static constexpr auto first = []<std::size_t... I>(std::index_sequence<I...>) {
    std::array<std::size_t, leaves + 1> begin{};
    const std::size_t counts[] = {LeafFields<I>::size...};
    begin[0] = InputFields::size;
    for (std::size_t i = 0; i < leaves; ++i) begin[i + 1] = begin[i] + counts[i];
    return begin;
  }
  (std::make_index_sequence<leaves>{});
  static constexpr std::size_t count = first[leaves];

  using Infos = std::array<WeightInfo, count + 1>;

  static constexpr Infos infos = [] {
    Infos table{};
    std::array<std::size_t, 3> offsets{};  // by element type
    std::size_t n = 0;
    const auto add = [&]<class F>(std::type_identity<F>, Path path) {
      WeightInfo& info = table[n++];
      path.append(F::name.view());
      info.name = path;
      info.type = element_type_of<typename F::Element>;
      info.rank = F::Shape::rank;
      for (std::size_t i = 0; i < info.rank; ++i) info.dims[i] = F::Shape::dims[i];
      info.size = F::Shape::size;
      auto& offset = offsets[static_cast<std::size_t>(info.type)];
      info.offset = offset;
      offset += info.size;
    };
    const auto add_list = [&]<class... Fs>(FieldList<Fs...>, const Path& path) {
      (add(std::type_identity<Fs>{}, path), ...);
    };
    add_list(InputFields{}, Path{});
    [&]<std::size_t... I>(std::index_sequence<I...>) {
      const int done[] = {(add_list(LeafFields<I>{}, path_of<B, I>), 0)...};
      static_cast<void>(done);
    }
    (std::make_index_sequence<leaves>{});
    return table;
  }();

  /// Elements of a type in all.
  static constexpr std::size_t elements(ElementType type) {
    std::size_t sum = 0;
    for (std::size_t i = 0; i < count; ++i) {
      if (infos[i].type == type) sum += infos[i].size;
    }
    return sum;
  }
  /// The number of the field of that name, or count.
  static constexpr std::size_t find(std::string_view name) {
    std::size_t i = 0;
    while (i < count && infos[i].name.view() != name) ++i;
    return i;
  }
};

/// Whether two tables are of the same arrays, whatever networks they belong to.
template <class A, class B>
inline constexpr bool same_arrays = [] {
  if constexpr (A::count != B::count) {
    return false;
  } else {
    return std::equal(A::infos.begin(), A::infos.end(), B::infos.begin(), [](const WeightInfo& a, const WeightInfo& b) {
      return a.name.view() == b.name.view() && a.type == b.type && a.rank == b.rank && a.dims == b.dims;
    });
  }
}();

}  // namespace detail

/// Weights of a model where they lie: natural order, one array per element type, each the concatenation of the model's
/// named arrays of that type in the order of Model::weights (PyTorch's state_dict order). Cheap to copy; owns nothing.
template <class Table>
class TableView {
  template <class T>
  static constexpr std::size_t elements = Table::elements(element_type_of<T>);

 public:
  /// From an array in a header: `WeightsView<Model>{numbers}`.
  template <std::size_t N>
  constexpr explicit TableView(const float (&numbers)[N]) : f32_{numbers} {
    static_assert(at_most<N, elements<float>> && at_most<elements<float>, N>,
                  "the array must hold exactly the model's weights");
    static_assert(elements<std::int8_t> + elements<std::int32_t> == 0,
                  "this model has integer weights: give all three arrays");
  }
  /// From arrays of exactly the model's elements of each type.
  constexpr TableView(const float* f32, const std::int8_t* i8, const std::int32_t* i32)
      : f32_{f32}, i8_{i8}, i32_{i32} {}

  /// Those of another network that has the same arrays: what differs is in which number formats they are to be rounded.
  template <class Other>
    requires detail::same_arrays<Table, Other>
  constexpr TableView(const TableView<Other>& other)  // NOLINT(google-explicit-constructor): the same numbers
      : TableView{other.f32_, other.i8_, other.i32_} {}

  /// The fields of leaf I, by name.
  template <std::size_t I>
  [[nodiscard]] constexpr auto leaf() const {
    return views(typename Table::template LeafFields<I>{}, Table::first[I]);
  }
  /// The fields of the network's input.
  [[nodiscard]] constexpr auto input() const { return views(typename Table::InputFields{}, 0); }

  /// The elements of the array of that name.
  template <FixedString name>
  [[nodiscard]] constexpr auto get() const {
    constexpr std::size_t index = Table::find(name.view());
    static_assert(index < Table::count, "the model has no weights of that name");
    constexpr WeightInfo info = Table::infos[index];
    if constexpr (info.type == ElementType::f32) {
      return std::pair{f32_ + info.offset, info.size};
    } else if constexpr (info.type == ElementType::i8) {
      return std::pair{i8_ + info.offset, info.size};
    } else {
      return std::pair{i32_ + info.offset, info.size};
    }
  }

 private:
  template <class T>
  [[nodiscard]] constexpr const T* data() const {
    if constexpr (std::is_same_v<T, float>) {
      return f32_;
    } else if constexpr (std::is_same_v<T, std::int8_t>) {
      return i8_;
    } else {
      return i32_;
    }
  }
  template <class... Fs>
  [[nodiscard]] constexpr auto views(FieldList<Fs...>, std::size_t field) const {
    return FieldViews<FieldList<Fs...>>{
        {detail::FieldView<Fs>{data<typename Fs::Element>() + Table::infos[field++].offset}...}};
  }

  template <class>
  friend class TableView;

  const float* f32_ = nullptr;
  const std::int8_t* i8_ = nullptr;
  const std::int32_t* i32_ = nullptr;
};

/// Weights of a model, owned, on the heap. Zero until filled.
template <class Table>
class TableStorage {
 public:
  template <class Other>
    requires(std::same_as<Other, Table> || detail::same_arrays<Other, Table>)
  [[nodiscard]] operator TableView<Other>() const { return {f32_.data(), i8_.data(), i32_.data()}; }  // NOLINT

  /// The elements of array `index` of Model::weights, as bytes of its type, for reading files into.
  [[nodiscard]] void* data(std::size_t index) {
    const WeightInfo& info = Table::infos[index];
    switch (info.type) {
      case ElementType::f32:
        return f32_.data() + info.offset;
      case ElementType::i8:
        return i8_.data() + info.offset;
      default:
        return i32_.data() + info.offset;
    }
  }
  [[nodiscard]] const void* data(std::size_t index) const {
    return const_cast<TableStorage*>(this)->data(index);
  }  // NOLINT

  /// All elements of one type, in order.
  [[nodiscard]] std::vector<float>& f32() { return f32_; }
  [[nodiscard]] std::vector<std::int8_t>& i8() { return i8_; }
  [[nodiscard]] std::vector<std::int32_t>& i32() { return i32_; }

 private:
  std::vector<float> f32_ = std::vector<float>(Table::elements(ElementType::f32));
  std::vector<std::int8_t> i8_ = std::vector<std::int8_t>(Table::elements(ElementType::i8));
  std::vector<std::int32_t> i32_ = std::vector<std::int32_t>(Table::elements(ElementType::i32));
};

/// Both by model. Networks that differ only in their instruction set share them.
template <class Model>
using WeightsView = TableView<typename Model::WeightTable>;
template <class Model>
using Weights = TableStorage<typename Model::WeightTable>;

}  // namespace ctnn
