/// Bands: where a tensor too large for the cache flows from one step to the next, the steps make a few rows of it, read
/// them, and go on with the next rows. What flows between them needs memory for those rows only.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include <ctnn/kernels/geometry.hpp>

namespace ctnn {

/// A tensor of this many bytes flows in bands. Measured with 2 MiB of second cache: 112 x 112 x 96 between an expansion
/// and a depthwise convolution gains 1.5x for both, 56 x 56 x 144 1.2x, 28 x 28 x 192 (0.6 MB) nothing.
inline constexpr std::size_t band_from_bytes = 1024 * std::size_t{1024};
/// What lies between the steps of a band, in bytes: beside it the second cache holds weights. More rows gain nothing; a
/// band that cannot be so small may take more (MobileNetV1 gains 3 % by that).
inline constexpr std::size_t usual_band_bytes = 512 * std::size_t{1024};
inline constexpr std::size_t most_band_bytes = 1024 * std::size_t{1024};
/// Steps in a band.
inline constexpr std::size_t max_band_steps = 8;

/// Steps that run in bands: each makes some rows, then the next, until the last has made `rows` of its own; then again.
struct Band {
  std::size_t first = 0, count = 0;  // steps
  std::size_t rows = 0;
  std::array<kernels::Convolution2d, max_band_steps> geometry{};
};

/// How far the steps of a band have come.
struct BandProgress {
  std::array<kernels::Rows, max_band_steps> made{};     // of each step's output, in the present band
  std::array<std::size_t, max_band_steps> first_row{};  // that lies in the memory of each step's output

  /// Whether the last step has made all its rows.
  [[nodiscard]] constexpr bool ended(const Band& band) const {
    return made[band.count - 1].last == band.geometry[band.count - 1].out.height;
  }
  /// On to the next band: what every step makes.
  constexpr void advance(const Band& band) {
    std::size_t wanted = std::min(made[band.count - 1].last + band.rows, band.geometry[band.count - 1].out.height);
    for (std::size_t i = band.count; i-- > 0;) {
      made[i] = {made[i].last, wanted};
      wanted = kernels::rows_needed(band.geometry[i], wanted);
    }
  }
  /// The rows of step i's output, made so far, that the next step has not done with.
  [[nodiscard]] constexpr kernels::Rows kept(const Band& band, std::size_t i) const {
    return {std::min(kernels::first_row_read(band.geometry[i + 1], made[i + 1].last), made[i].last), made[i].last};
  }
};

/// Rows of step i's output that lie in memory at a time, at most.
constexpr std::size_t rows_in_memory(const Band& band, std::size_t i) {
  std::size_t most = 0;
  for (BandProgress progress; !progress.ended(band);) {
    progress.advance(band);
    most = std::max(most, progress.made[i].last - progress.first_row[i]);
    progress.first_row[i] = progress.kept(band, i).first;
  }
  return most;
}

}  // namespace ctnn
