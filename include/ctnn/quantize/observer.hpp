/// Observers: from the numbers that calibration shows, the range that an integer format will represent. Each is a small
/// type; a user's own needs what the concept Observer asks for.
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

namespace ctnn {

/// Real numbers from `lowest` to `highest`. Empty, which a new one is, where lowest > highest.
struct Interval {
  float lowest = std::numeric_limits<float>::infinity();
  float highest = -std::numeric_limits<float>::infinity();

  [[nodiscard]] constexpr bool is_empty() const { return lowest > highest; }
  /// Widens to hold these numbers.
  constexpr void include(std::span<const float> values) {
    for (const float x : values) {
      lowest = std::min(lowest, x);
      highest = std::max(highest, x);
    }
  }
  friend constexpr bool operator==(const Interval&, const Interval&) = default;
};

/// Satisfied by what turns the values of one tensor into a range: `observe` is called with the tensor's values, once
/// per calibration input; then `range` once. What it answers need not contain zero; the range that is used will.
template <class O>
concept Observer = std::copyable<O> && requires(O observer, const O& observed, std::span<const float> values) {
  observer.observe(values);
  { observed.range() } -> std::convertible_to<Interval>;
  { O::name } -> std::convertible_to<std::string_view>;
};

/// All values: nothing is clipped, and one far outlier makes the steps coarse for all others.
class MinMax {
 public:
  static constexpr std::string_view name = "min-max";
  void observe(std::span<const float> values) { range_.include(values); }
  [[nodiscard]] Interval range() const { return range_; }

 private:
  Interval range_;
};

/// The smallest and the largest value of every input, averaged exponentially: new = old + rate * (seen - old). The
/// order of the inputs matters. arXiv 1712.05877; the rate 0.01 is PyTorch's.
class MovingAverage {
 public:
  static constexpr std::string_view name = "moving average";
  constexpr MovingAverage() = default;
  constexpr explicit MovingAverage(float rate) : rate_{rate} {}
  void observe(std::span<const float> values) {
    Interval seen;
    seen.include(values);
    if (range_.is_empty()) {
      range_ = seen;
    } else if (!seen.is_empty()) {
      range_.lowest += rate_ * (seen.lowest - range_.lowest);
      range_.highest += rate_ * (seen.highest - range_.highest);
    }
  }
  [[nodiscard]] Interval range() const { return range_; }

 private:
  float rate_ = 0.01F;
  Interval range_;
};

/// How often which values occur: bins of one width on both sides of zero, which widen as larger values come. Zeros are
/// counted apart: every integer format has them exactly.
class Histogram {
 public:
  static constexpr std::size_t side = 2048;  ///< bins on either side of zero, TensorRT's number

  /// Counts the values. Finite ones; the first call's largest sets the width to begin with.
  void add(std::span<const float> values) {
    Interval seen;
    seen.include(values);
    if (seen.is_empty()) return;
    range_.include(std::array{seen.lowest, seen.highest});
    const float largest = std::max(-seen.lowest, seen.highest);
    if (largest > 0.0F && width_ == 0.0F) {
      // up to the largest, which is inside: the next float up
      width_ = std::nextafter(largest, std::numeric_limits<float>::infinity()) / static_cast<float>(side);
      width_ = std::max(width_, std::numeric_limits<float>::min());  // never denormal: values are divided by it
    }
    while (largest >= width_ * static_cast<float>(side) && width_ != 0.0F) widen();
    for (const float x : values) {
      if (x == 0.0F) {
        ++zeros_;
      } else {
        // towards minus infinity, and rounding must not leave the last bin
        const auto bin = static_cast<std::int64_t>(std::floor(x / width_)) + std::int64_t{side};
        ++counts_[static_cast<std::size_t>(std::clamp<std::int64_t>(bin, 0, std::int64_t{2 * side} - 1))];
      }
    }
  }

  [[nodiscard]] std::uint64_t zeros() const { return zeros_; }
  /// Whether no value is negative, or none is positive.
  [[nodiscard]] bool is_one_sided() const { return !(range_.lowest < 0.0F && range_.highest > 0.0F); }
  [[nodiscard]] std::uint64_t count(std::size_t bin) const { return counts_[bin]; }
  /// Where a bin begins, and the one before ends; counted from the most negative.
  [[nodiscard]] double edge(std::size_t bin) const {
    return (static_cast<double>(bin) - static_cast<double>(side)) * static_cast<double>(width_);
  }
  /// From edge to edge, but no further than the values go.
  [[nodiscard]] Interval between(std::size_t first, std::size_t last) const {
    return {std::max(static_cast<float>(edge(first)), range_.lowest),
            std::min(static_cast<float>(edge(last)), range_.highest)};
  }
  [[nodiscard]] static constexpr std::size_t bins() { return 2 * side; }

 private:
  void widen() {
    std::vector<std::uint64_t> wider(bins());
    for (std::size_t bin = 0; bin < bins(); ++bin) wider[side / 2 + bin / 2] += counts_[bin];
    counts_ = std::move(wider);
    width_ *= 2.0F;
  }

  float width_ = 0.0F;
  std::uint64_t zeros_ = 0;
  std::vector<std::uint64_t> counts_ = std::vector<std::uint64_t>(bins());
  Interval range_;
};

/// All but the outermost values: the share (0 to 1) that stays inside, half of the rest cut off on either side.
class Percentile {
 public:
  static constexpr std::string_view name = "percentile";
  Percentile() = default;
  explicit Percentile(double share) : share_{share} {}
  void observe(std::span<const float> values) { histogram_.add(values); }
  [[nodiscard]] Interval range() const {
    std::uint64_t all = histogram_.zeros();
    for (std::size_t bin = 0; bin < Histogram::bins(); ++bin) all += histogram_.count(bin);
    const double tail = 0.5 * (1.0 - share_) * static_cast<double>(all);
    std::size_t first = 0, last = Histogram::bins();
    // the zeros lie at the edge in the middle, where either walk may stop at the latest
    for (double outside = 0.0; first < Histogram::side; ++first) {
      outside += static_cast<double>(histogram_.count(first));
      if (outside > tail) break;
    }
    for (double outside = 0.0; last > Histogram::side; --last) {
      outside += static_cast<double>(histogram_.count(last - 1));
      if (outside > tail) break;
    }
    return histogram_.between(first, last);
  }

 private:
  double share_ = 0.9999;  // one value in ten thousand: an outlier or so in a layer's output
  Histogram histogram_;
};

/// The range whose coarser version tells least from the original: the threshold on absolute values at which the
/// Kullback-Leibler divergence of their distribution, outliers in the last bin, and of the same in `levels` steps is
/// least. S. Migacz, "8-bit Inference with TensorRT", GTC 2017: 2048 bins, 128 levels, which is what a symmetric range
/// has on either side; where no value is negative, or none positive, all of them are on one, 255. A distribution of few
/// sharp peaks, as images of one background have, it cuts far too short: look at the report.
class Entropy {
 public:
  static constexpr std::string_view name = "entropy";
  Entropy() = default;
  explicit Entropy(std::size_t levels) : levels_{levels} {}
  void observe(std::span<const float> values) { histogram_.add(values); }
  [[nodiscard]] Interval range() const {
    constexpr std::size_t side = Histogram::side;
    std::vector<double> counts(side);  // of absolute values
    for (std::size_t bin = 0; bin < side; ++bin) {
      counts[bin] = static_cast<double>(histogram_.count(side + bin) + histogram_.count(side - 1 - bin));
    }
    std::vector<double> tail(side + 1);  // counts from a bin on
    for (std::size_t bin = side; bin-- > 0;) tail[bin] = tail[bin + 1] + counts[bin];
    std::size_t best = side;
    double least = std::numeric_limits<double>::infinity();
    const std::size_t levels = histogram_.is_one_sided() ? 2 * levels_ - 1 : levels_;
    for (std::size_t bins = levels; bins <= side; ++bins) {
      const double divergence = divergence_of({counts.data(), bins}, tail[bins], tail[0], levels);
      if (divergence < least) least = divergence, best = bins;
    }
    return histogram_.between(side - best, side + best);
  }

 private:
  /// Of the first bins, the values beyond added to the last, from the same bins in so many steps.
  [[nodiscard]] static double divergence_of(std::span<const double> counts, double beyond, double all,
                                            std::size_t levels) {
    double divergence = 0.0, inside = all - beyond;
    if (!(inside > 0.0)) return std::numeric_limits<double>::infinity();
    for (std::size_t level = 0; level < levels; ++level) {
      const std::size_t first = level * counts.size() / levels, last = (level + 1) * counts.size() / levels;
      double sum = 0.0;
      std::size_t used = 0;
      for (std::size_t bin = first; bin < last; ++bin) {
        sum += counts[bin];
        if (counts[bin] > 0.0) ++used;
      }
      for (std::size_t bin = first; bin < last; ++bin) {
        const double p = (counts[bin] + (bin + 1 == counts.size() ? beyond : 0.0)) / all;
        // a step's values spread over those of its bins that had any
        const double q = counts[bin] > 0.0 ? sum / static_cast<double>(used) / inside : 0.0;
        if (p > 0.0 && q > 0.0) {
          divergence += p * std::log(p / q);
        } else if (p > 0.0) {
          return std::numeric_limits<double>::infinity();  // outliers where the original has nothing
        }
      }
    }
    return divergence;
  }

  std::size_t levels_ = 128;
  Histogram histogram_;
};

/// The range of least mean squared error. Values inside are off by their distance to the nearest of 255 steps, zero
/// being one, those outside by their distance to the end; taken over each bin of a histogram.
class MeanSquaredError {
 public:
  static constexpr std::string_view name = "mean squared error";
  void observe(std::span<const float> values) { histogram_.add(values); }
  [[nodiscard]] Interval range() const {
    // Both ends in turn, until neither moves. Ends lie 16 bins apart, which changes the range by 1 % at most where it
    // is all of the histogram.
    constexpr std::size_t bins = Histogram::bins(), side = Histogram::side, apart = 16;
    std::size_t first = 0, last = bins;
    double least = error_of(first, last);
    const auto try_ends = [&](std::size_t from, std::size_t to) {
      const double error = error_of(from, to);
      if (!(error < least)) return false;
      least = error, first = from, last = to;
      return true;
    };
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t end = 0; end <= side; end += apart) moved = try_ends(end, last) || moved;
      for (std::size_t end = side; end <= bins; end += apart) moved = try_ends(first, end) || moved;
    }
    return histogram_.between(first, last);
  }

 private:
  /// The sum of squared errors if integers reach from edge to edge.
  [[nodiscard]] double error_of(std::size_t first, std::size_t last) const {
    constexpr double levels = 255.0;  // steps of eight bits
    const double low = histogram_.edge(first), high = histogram_.edge(last), step = (high - low) / levels;
    // integral of the squared distance to the nearest whole number, from 0 on
    const auto integral = [](double x) {
      const double whole = std::floor(x + 0.5), rest = x - whole;
      return whole / 12.0 + rest * rest * rest / 3.0;
    };
    double sum = 0.0, before = step > 0.0 ? integral(low / step) : 0.0;
    for (std::size_t bin = 0; bin < Histogram::bins(); ++bin) {
      const auto count = static_cast<double>(histogram_.count(bin));
      const double begin = histogram_.edge(bin), end = histogram_.edge(bin + 1);
      if (bin < first || bin >= last) {
        const double distance = 0.5 * (begin + end) - (bin < first ? low : high);
        sum += count * distance * distance;
      } else {
        const double until = integral(end / step);
        sum += count * (until - before) * step * step * step / (end - begin);
        before = until;
      }
    }
    return sum;
  }

  Histogram histogram_;
};

}  // namespace ctnn
