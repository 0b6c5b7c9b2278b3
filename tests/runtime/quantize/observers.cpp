// Observers: what range each makes of values whose best range is known.

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include <ctnn/quantize/observer.hpp>

#include "catch.hpp"
#include "runtime/quantize/random.hpp"

namespace nn = ctnn;

namespace {

template <nn::Observer O>
nn::Interval range_of(O observer, const std::vector<float>& values) {
  observer.observe(values);
  return observer.range();
}

std::vector<float> normal_numbers(std::size_t count) {
  Normal normal{3};
  std::vector<float> numbers(count);
  for (float& x : numbers) x = normal();
  return numbers;
}

/// Mean squared error of the values in 255 steps of a range, zero being one.
double error_in(const nn::Interval& range, const std::vector<float>& values) {
  const double step = (static_cast<double>(range.highest) - static_cast<double>(range.lowest)) / 255.0;
  const double first = std::round(static_cast<double>(range.lowest) / step);
  double sum = 0.0;
  for (const float value : values) {
    const auto x = static_cast<double>(value);
    const double error = step * std::clamp(std::round(x / step), first, first + 255.0) - x;
    sum += error * error;
  }
  return sum / static_cast<double>(values.size());
}

struct Constant {  // a user's own
  static constexpr const char* name = "constant";
  void observe(std::span<const float>) {}
  [[nodiscard]] nn::Interval range() const { return {-1.0F, 1.0F}; }
};
static_assert(nn::Observer<Constant> && nn::Observer<nn::MinMax> && nn::Observer<nn::MovingAverage> &&
              nn::Observer<nn::Percentile> && nn::Observer<nn::Entropy> && nn::Observer<nn::MeanSquaredError>);
static_assert(!nn::Observer<nn::Histogram> && !nn::Observer<int>);

}  // namespace

TEST_CASE("min-max is the extremes of all inputs") {
  nn::MinMax observer;
  CHECK(observer.range().is_empty());
  observer.observe(std::vector{1.0F, -2.0F});
  observer.observe(std::vector{0.5F, 3.0F});
  CHECK(observer.range() == nn::Interval{-2.0F, 3.0F});
}

TEST_CASE("a moving average follows the inputs' extremes at its rate") {
  nn::MovingAverage observer{0.25F};
  observer.observe(std::vector{-4.0F, 8.0F});
  CHECK(observer.range() == nn::Interval{-4.0F, 8.0F});
  observer.observe(std::vector{0.0F, 16.0F});
  CHECK(observer.range() == nn::Interval{-3.0F, 10.0F});
}

TEST_CASE("a histogram keeps every value as its bins widen") {
  nn::Histogram histogram;
  histogram.add(std::vector{0.5F, -0.25F, 0.0F, 0.75F});
  histogram.add(std::vector{-1000.0F, 0.6F});
  CHECK(histogram.zeros() == 1);
  std::uint64_t count = 0;
  for (std::size_t bin = 0; bin < nn::Histogram::bins(); ++bin) {
    const std::uint64_t here = histogram.count(bin);
    count += here;
    if (here != 0 && bin != nn::Histogram::side && bin != nn::Histogram::side - 1) {  // the others are near zero
      CHECK(histogram.edge(bin) <= -1000.0);
      CHECK(histogram.edge(bin + 1) > -1000.0);
    }
  }
  CHECK(count == 5);
  CHECK(histogram.count(nn::Histogram::side) == 3);
  CHECK(histogram.count(nn::Histogram::side - 1) == 1);
}

TEST_CASE("a percentile leaves out the share it may, on both sides") {
  std::vector<float> values;
  for (int i = 1; i <= 1000; ++i) values.push_back(static_cast<float>(i) / 1000.0F);
  for (int i = 1; i <= 1000; ++i) values.push_back(static_cast<float>(-i) / 500.0F);
  values.push_back(50.0F);
  const nn::Interval all = range_of(nn::Percentile{1.0}, values);
  CHECK(all == nn::Interval{-2.0F, 50.0F});
  // 1 % of 2001 values: ten on either side. A bin is 50 / 2048 wide.
  const nn::Interval most = range_of(nn::Percentile{0.99}, values);
  CHECK(std::abs(most.lowest + 1.98F) < 0.03F);
  CHECK(std::abs(most.highest - 0.99F) < 0.03F);
}

TEST_CASE("the range of least squared error is close to the best of all ranges") {
  for (const bool heavy_tailed : {false, true}) {
    for (const bool positive : {false, true}) {
      std::vector<float> values = normal_numbers(20'000);
      for (float& x : values) x = (heavy_tailed ? x * x * x : x) * (positive && x < 0.0F ? 0.0F : 1.0F);
      const nn::Interval chosen = range_of(nn::MeanSquaredError{}, values);
      nn::Interval whole;
      whole.include(values);
      double best = error_in(whole, values);
      for (int high = 1; high <= 32; ++high) {
        for (int low = 1; low <= 32; ++low) {
          best = std::min(best, error_in({whole.lowest * static_cast<float>(low) / 32.0F,
                                          whole.highest * static_cast<float>(high) / 32.0F},
                                         values));
        }
      }
      INFO("heavy-tailed " << heavy_tailed << ", positive " << positive << ": " << chosen.lowest << " to "
                           << chosen.highest << " of " << whole.lowest << " to " << whole.highest);
      CHECK(error_in(chosen, values) < 1.05 * best);
    }
  }
}

TEST_CASE("the range of least squared error gives up one value in millions, not one in thousands") {
  // an outlier at m costs the n others (m / 255)^2 / 12 each, and m^2 where it is cut off: n = 780,000 is the border
  const std::vector<float> values = normal_numbers(20'000);
  for (const int times : {1, 100}) {
    nn::MeanSquaredError observer;
    for (int i = 0; i < times; ++i) observer.observe(values);
    observer.observe(std::vector{100.0F});
    INFO(times << " times: up to " << observer.range().highest);
    CHECK((observer.range().highest > 90.0F) == (times == 1));
    CHECK((observer.range().highest < 50.0F) == (times == 100));
  }
}

TEST_CASE("entropy keeps what is dense and drops what is rare") {
  std::vector<float> uniform;
  for (int i = 0; i < 100'000; ++i) uniform.push_back(static_cast<float>(i) / 100'000.0F);
  const nn::Interval kept = range_of(nn::Entropy{}, uniform);
  CHECK(kept.lowest == 0.0F);
  CHECK(kept.highest > 0.95F);
  std::vector<float> rare = normal_numbers(100'000);
  rare.push_back(40.0F);
  const nn::Interval cut = range_of(nn::Entropy{}, rare);
  CHECK(cut.highest > 2.0F);
  CHECK(cut.highest < 10.0F);
  CHECK(cut.lowest < -2.0F);
}

TEST_CASE("observers take nothing but zeros, and nothing at all") {
  const auto check = [](auto observer) {
    auto zeros = observer;
    zeros.observe(std::vector<float>(10));
    CHECK(zeros.range() == nn::Interval{0.0F, 0.0F});
    observer.observe(std::vector<float>{});
    CHECK(observer.range().is_empty());
  };
  check(nn::MinMax{});
  check(nn::MovingAverage{});
  check(nn::Percentile{});
  check(nn::Entropy{});
  check(nn::MeanSquaredError{});
}
