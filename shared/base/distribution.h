// Distributions of durations (latency, think time) and counts, sampled from a seeded generator;
// heavy tails included.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "shared/base/json_reader.h"
#include "shared/base/rng.h"
#include "shared/base/time.h"
#include "shared/base/value_type.h"

namespace lab {

/// A distribution over non-negative reals. As a file has it: a constant, or an object with one key,
/// as {"lognormal":{"p50":"80ms","p99":"400ms"}}; see distribution_type.cpp.
/// The unit is the reader's choice: seconds for durations, plain numbers for counts.
class Distribution {
 public:
  /// The tail of a Pareto with a small alpha is longer than any clock can count. A year is as good
  /// as never, and can be added to a time.
  static constexpr Duration kLongestSample = std::chrono::hours(24 * 365);

  struct Constant {
    double value;
  };
  struct Uniform {
    double low, high;
  };
  struct Normal {
    double mean, stddev;
  };  ///< Negative draws become zero.
  struct Lognormal {
    double mu, sigma;
  };  ///< Of the logarithm.
  struct Exponential {
    double mean;
  };
  struct Pareto {
    double min, alpha;
  };
  /// Linear between (probability, value) points, ascending, from probability 0 to 1. In a file, a
  /// missing p0 is 0, and a missing p100 the highest value given.
  struct Quantiles {
    std::vector<std::pair<double, double>> points;
  };
  struct Mixture {
    std::vector<std::pair<double, Distribution>> parts;
  };  ///< Weights sum to 1.
  using Kind =
      std::variant<Constant, Uniform, Normal, Lognormal, Exponential, Pareto, Quantiles, Mixture>;

  Distribution() : kind_(Constant{0}) {}
  Distribution(Kind kind) : kind_(std::move(kind)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] double sample(Rng& rng) const;
  /// A sample in seconds as a duration, at most kLongestSample.
  [[nodiscard]] Duration sample_duration(Rng& rng) const {
    return std::min(from_seconds(sample(rng)), kLongestSample);
  }
  /// The mean; infinite for a Pareto with alpha <= 1.
  [[nodiscard]] double mean() const;
  [[nodiscard]] const Kind& kind() const { return kind_; }
  /// True if every sample is zero.
  [[nodiscard]] bool is_zero() const;

 private:
  Kind kind_;
};

/// What the values of a file's distribution are: durations (strings, or milliseconds as numbers;
/// values in seconds), or plain numbers >= 0.
enum class DistributionUnit : std::uint8_t { duration, number };

/// The file form. Reading what is written gives an equal distribution.
class DistributionType : public ValueType {
 public:
  explicit DistributionType(DistributionUnit unit) : unit_(unit) {}
  void read(const JsonValue& value, void* member) const override;
  [[nodiscard]] Json write(const void* member) const override;
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override;

 private:
  DistributionUnit unit_;
};
inline const DistributionType kDurations{DistributionUnit::duration};
inline const DistributionType kNumbers{DistributionUnit::number};

[[nodiscard]] Distribution read_duration_distribution(const JsonValue& value);
[[nodiscard]] Distribution read_number_distribution(const JsonValue& value);
[[nodiscard]] Json write_duration_distribution(const Distribution& distribution);
[[nodiscard]] Json write_number_distribution(const Distribution& distribution);

}  // namespace lab
