/// Leaving a network early, where an intermediate answer is sure enough.
#pragma once

#include <algorithm>
#include <ratio>
#include <string_view>
#include <type_traits>

#include <ctnn/core/tensor.hpp>
#include <ctnn/layers/branches.hpp>
#include <ctnn/layers/concepts.hpp>
#include <ctnn/layers/sequential.hpp>
#include <ctnn/numeric/math.hpp>

namespace ctnn {

/// Sure where the softmax of the answer gives one class at least that probability, a std::ratio. Not-a-number is never
/// sure.
template <class Ratio>
struct Confidence {
  static_assert(Ratio::num > 0 && Ratio::num <= Ratio::den, "Confidence: the probability must be in (0, 1]");

  template <AnyShape S>
  constexpr bool operator()(View<const float, S> answer) const {
    const float largest = *std::max_element(answer.begin(), answer.end());
    float sum = 0.0F;
    for (const float x : answer) sum += numeric::exp(x - largest);
    return sum * numeric::value_of<Ratio> <= 1.0F;  // the largest probability is 1 / sum
  }
};

namespace detail {

/// Looks at a head's answer; if it is sure, the answer is the network's output.
template <class Sure>
struct ExitJoin {
  template <AnyShape Head>
  static constexpr bool fits = std::is_invocable_r_v<bool, Sure, View<const float, Head>>;
  template <class Head>
  static constexpr void explain() {
    static_assert(fits<Head>, "EarlyExit: the test must be callable with the head's output, and return bool");
  }

  template <AnyShape Head>
  struct On {
    using Input = Head;
    using Output = Head;
    using Parameters = NoParameters;
    static constexpr std::string_view name = "EarlyExit";
    static constexpr Traits traits{.operation = Operation::exit};
    static constexpr Cost cost{.elementwise_ops = 4 * Head::size, .memory_access = Head::size};  // of Confidence

    template <Floating N, class Isa, kernels::Algorithm, kernels::Layout, kernels::Layout>
      requires std::floating_point<typename N::Activation>  // the test reads floats
    struct Kernel : NothingPacked {
      /// Whether the network ends here.
      static constexpr bool run(const float* x, float* y, const Packed&, const auto&) {
        const bool sure = Sure{}(View<const float, Head>{x});
        if (sure) std::copy(x, x + Head::size, y);
        return sure;
      }
    };
  };
};

}  // namespace detail

/// Computes `Head` of its input. Where `Sure` accepts the head's answer, that is the network's output, and nothing
/// after is computed; otherwise the input is handed on. BranchyNet, arXiv 1709.01686.
///
/// The head's output must have the shape of the network's output. `Sure` is called with a View of it and returns bool.
/// The head's parameters are found at EarlyExit's own position: "3.0.weight". Network::cost counts every layer, the
/// worst case; Network::exits and Network::expected_cost say what leaving early saves; Network::run returns the exit
/// that was taken.
template <class Head, class Sure = Confidence<std::ratio<9, 10>>>
struct EarlyExit {
 private:
  template <AnyShape In>
  using HeadAndTest = detail::BranchesOn<detail::ExitJoin<Sure>, In, detail::TypeList<Named<"", Head>>>;

 public:
  template <AnyShape In>
  struct On : HeadAndTest<In> {
    using Output = In;

    template <class Graph>
    static constexpr int wire(Graph& graph, int x) {
      HeadAndTest<In>::wire(graph, x);
      return x;
    }
  };
};

}  // namespace ctnn
