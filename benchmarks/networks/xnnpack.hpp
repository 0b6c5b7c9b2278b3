/// Whole networks by XNNPACK's operators, one after another: what its delegates run. Convolutions, fully connected
/// layers, average pools, residual sums, and ReLU as these operators' lower bound.
#pragma once

#include "../xnnpack.hpp"

#include <array>
#include <functional>
#include <type_traits>
#include <utility>

namespace xnnpack {

template <class T>
class Network {
 public:
  /// The network of a spec, with random weights and input.
  template <class Spec, class Input>
  static Network of() {
    Network network;
    network.grow(Input::size);
    network.add<Input>(std::type_identity<Spec>{});
    for (const Step& step : network.steps_) network.operators_.push_back(step.make(step.lower));
    return network;
  }
  void run() const {
    for (const Operator& step : operators_) xnn_run_operator(step.get(), nullptr);
  }

 private:
  using Tensor = std::shared_ptr<std::vector<T>>;
  struct Step {
    std::function<Operator(T lower)> make;  // called when it is known whether ReLU follows
    T lower = lowest<T>;
  };
  std::vector<Step> steps_;
  std::vector<Operator> operators_;
  Tensor last_;  // the output of what has been added

  /// Makes a new tensor the last.
  Tensor grow(std::size_t size) {
    last_ = std::make_shared<std::vector<T>>(numbers<T>(size));
    return last_;
  }

  template <class In, class First, class... Rest>
  void add(std::type_identity<ctnn::Sequential<First, Rest...>>) {
    add<In>(std::type_identity<First>{});
    if constexpr (sizeof...(Rest) != 0) {
      add<typename ctnn::Bound<First, In>::Output>(std::type_identity<ctnn::Sequential<Rest...>>{});
    }
  }
  template <class In, ctnn::FixedString name, class Layer>
  void add(std::type_identity<ctnn::Named<name, Layer>>) {
    add<In>(std::type_identity<Layer>{});
  }
  template <class In, class Main, class Shortcut>
  void add(std::type_identity<ctnn::Residual<Main, Shortcut>>) {
    const Tensor input = last_;
    add<In>(std::type_identity<Main>{});
    const Tensor a = std::exchange(last_, input);
    add<In>(std::type_identity<Shortcut>{});
    constexpr std::size_t size = ctnn::Bound<Main, In>::Output::size;
    const Tensor b = last_, y = grow(size);
    steps_.push_back({[a, b, y](T lower) {
      const std::array<std::size_t, 1> shape{size};
      const auto set_up = [&](auto function, Operator sum) {
        check(function(sum.get(), 1, shape.data(), 1, shape.data(), a->data(), b->data(), y->data(), nullptr));
        return sum;
      };
      if constexpr (std::floating_point<T>) {
        return set_up(xnn_setup_add_nd_f32, make(xnn_create_add_nd_f32, lower));
      } else {
        return set_up(xnn_setup_add_nd_qs8, make(xnn_create_add_nd_qs8, lower, zero, scale, zero, scale, zero, scale));
      }
    }});
  }
  template <class In>
  void add(std::type_identity<ctnn::Identity>) {}
  template <class In>
  void add(std::type_identity<ctnn::Flatten>) {}
  template <class In>
  void add(std::type_identity<ctnn::ReLU>) {
    steps_.back().lower = T{0};
  }
  template <class In, std::size_t Outputs>
  void add(std::type_identity<ctnn::Linear<Outputs>>) {
    add(ctnn::kernels::fully_connected({1, 1, In::size}, Outputs));
  }
  template <class In>
  void add(std::type_identity<ctnn::GlobalAvgPool2d>) {
    add_global_pool(ctnn::extent_of<In>);
  }
  template <class In, std::size_t side>
  void add(std::type_identity<ctnn::AvgPool2d<ctnn::Kernel<side>>>) {
    add_pool(ctnn::extent_of<In>, side);
  }
  template <class In, class Layer>
  void add(std::type_identity<Layer>) {
    add(ctnn::Bound<Layer, In>::geometry);
  }

  void add(const ctnn::kernels::Convolution2d& g) {
    const Tensor x = last_, y = grow(g.out.pixels() * g.out.channels);
    steps_.push_back({[g, x, y](T lower) { return linear<T>(g, lower, x->data(), y->data()); }});
  }
  void add_global_pool(const ctnn::Extent& in) {
    const Tensor x = last_, y = grow(in.channels);
    steps_.push_back({[in, x, y](T lower) {
      const std::size_t c = in.channels;
      const auto set_up = [&](auto function, Operator pool) {
        check(function(pool.get(), 1, in.pixels(), x->data(), y->data(), nullptr));
        return pool;
      };
      if constexpr (std::floating_point<T>) {
        return set_up(xnn_setup_global_average_pooling_nwc_f32,
                      make(xnn_create_global_average_pooling_nwc_f32, lower, c, c, c));
      } else {
        return set_up(xnn_setup_global_average_pooling_nwc_qs8,
                      make(xnn_create_global_average_pooling_nwc_qs8, lower, c, c, c, zero, scale, zero, scale));
      }
    }});
  }
  /// Of squares that do not overlap. It has none of signed bytes.
  void add_pool(const ctnn::Extent& in, std::uint32_t side) {
    const Tensor x = last_, y = grow(in.pixels() / (side * side) * in.channels);
    static_assert(std::floating_point<T>);
    steps_.push_back({[in, side, x, y](T lower) {
      const std::size_t c = in.channels;
      Operator pool =
          make(xnn_create_average_pooling2d_nhwc_f32, lower, 0U, 0U, 0U, 0U, side, side, side, side, c, c, c);
      check(xnn_setup_average_pooling2d_nhwc_f32(pool.get(), 1, in.height, in.width, x->data(), y->data(), nullptr));
      return pool;
    }});
  }
};

}  // namespace xnnpack

/// Times a network of those layers.
template <ctnn::NumberFormat N, class Spec, class Input>
void run_xnnpack_network(benchmark::State& state) {
  const auto network = xnnpack::Network<typename N::Activation>::template of<Spec, Input>();
  for (auto _ : state) {
    network.run();
    benchmark::ClobberMemory();
  }
  report<ctnn::Network<Spec, Input, N>, N>(state);
}
