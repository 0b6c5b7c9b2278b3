/// Eigen's view of a tensor's memory, without a copy. Not part of ctnn.hpp: Eigen's headers are heavy.
#pragma once

#include <Eigen/Core>

#include <type_traits>

#include <ctnn/core/tensor.hpp>

namespace ctnn {

/// A vector maps to a column vector (N); anything else to a row-major matrix of (all leading axes, channels), so that
/// a pixel is a row. Writes go through.
template <class T, AnyShape S>
[[nodiscard]] auto as_eigen(View<T, S> view) {
  using Scalar = std::remove_const_t<T>;
  constexpr auto channels = static_cast<Eigen::Index>(S::dims[S::rank - 1]);
  constexpr auto rows = static_cast<Eigen::Index>(S::size) / channels;
  using Matrix =
      std::conditional_t<S::rank == 1, Eigen::Matrix<Scalar, channels, 1>,
                         Eigen::Matrix<Scalar, rows, channels, (channels == 1 ? Eigen::ColMajor : Eigen::RowMajor)>>;
  return Eigen::Map<std::conditional_t<std::is_const_v<T>, const Matrix, Matrix>>{view.data()};
}
template <class T, AnyShape S>
[[nodiscard]] auto as_eigen(Tensor<T, S>& tensor) {
  return as_eigen(View<T, S>{tensor});
}
template <class T, AnyShape S>
[[nodiscard]] auto as_eigen(const Tensor<T, S>& tensor) {
  return as_eigen(View<const T, S>{tensor});
}

}  // namespace ctnn
