#include "shared/base/distribution.h"

#include <algorithm>
#include <array>
#include <boost/random/exponential_distribution.hpp>
#include <boost/random/normal_distribution.hpp>
#include <charconv>
#include <cmath>
#include <limits>
#include <numbers>

#include "shared/base/json.h"
#include "shared/base/overloaded.h"

namespace lab {
namespace {

/// The 99th percentile of the standard normal distribution.
constexpr double kNormalP99 = 2.3263478740408408;

double sample_quantiles(const Distribution::Quantiles& quantiles, double probability) {
  const auto& points = quantiles.points;
  const auto above = std::upper_bound(points.begin(), points.end(), probability,
                                      [](double p, const auto& point) { return p < point.first; });
  if (above == points.begin()) return points.front().second;
  if (above == points.end()) return points.back().second;
  const auto below = above - 1;
  const double share = (probability - below->first) / (above->first - below->first);
  return below->second + share * (above->second - below->second);
}

const Distribution& pick(const Distribution::Mixture& mixture, double probability) {
  for (const auto& [weight, part] : mixture.parts) {
    if (probability < weight) return part;
    probability -= weight;
  }
  return mixture.parts.back().second;
}

// The mean of max(X, 0) for a normal X.
double mean_of_rectified_normal(const Distribution::Normal& normal) {
  if (normal.stddev == 0) return std::max(normal.mean, 0.0);
  const double z = normal.mean / normal.stddev;
  const double density = std::exp(-z * z / 2) / std::sqrt(2 * std::numbers::pi);
  const double below = std::erfc(-z / std::numbers::sqrt2) / 2;
  return normal.mean * below + normal.stddev * density;
}

double mean_of_quantiles(const Distribution::Quantiles& quantiles) {
  double sum = 0;
  for (std::size_t i = 1; i < quantiles.points.size(); ++i) {
    const auto& [p0, v0] = quantiles.points[i - 1];
    const auto& [p1, v1] = quantiles.points[i];
    sum += (p1 - p0) * (v0 + v1) / 2;
  }
  return sum;
}

// What a file may say differs in the unit of its values only.
enum class Unit { duration, number };

double read_value(const JsonValue& value, Unit unit) {
  if (unit == Unit::duration) return to_seconds(value.as_duration());
  return value.as_number(0);
}

Json write_value(double value, Unit unit) {
  if (unit == Unit::duration) return format_duration(from_seconds(value));
  return value;
}

Distribution read(const JsonValue& value, Unit unit);

Distribution::Kind read_uniform(const JsonValue& value, Unit unit) {
  const std::vector<JsonValue> bounds = value.as_array();
  if (bounds.size() != 2) {
    if (value.json().is_array()) value.problem("expected [low, high]");
    return Distribution::Constant{0};
  }
  const double low = read_value(bounds[0], unit);
  const double high = read_value(bounds[1], unit);
  if (low > high) value.problem("low must not be above high");
  return Distribution::Uniform{low, std::max(low, high)};
}

Distribution::Kind read_normal(const JsonValue& value, Unit unit) {
  JsonObject object = value.as_object();
  const double mean = read_value(object.require("mean"), unit);
  const double stddev = read_value(object.require("stddev"), unit);
  object.finish();
  return Distribution::Normal{mean, stddev};
}

Distribution::Kind read_lognormal(const JsonValue& value, Unit unit) {
  JsonObject object = value.as_object();
  const JsonValue median = object.require("p50");
  const JsonValue tail = object.require("p99");
  object.finish();
  const double p50 = read_value(median, unit);
  const double p99 = read_value(tail, unit);
  if (p50 <= 0 || p99 < p50) {
    if (median.is_present() && tail.is_present()) {
      value.problem(p50 <= 0 ? "p50 must be above zero" : "p99 must not be below p50");
    }
    return Distribution::Constant{p50};
  }
  return Distribution::Lognormal{std::log(p50), std::log(p99 / p50) / kNormalP99};
}

Distribution::Kind read_exponential(const JsonValue& value, Unit unit) {
  JsonObject object = value.as_object();
  const double mean = read_value(object.require("mean"), unit);
  object.finish();
  return Distribution::Exponential{mean};
}

Distribution::Kind read_pareto(const JsonValue& value, Unit unit) {
  JsonObject object = value.as_object();
  const double min = read_value(object.require("min"), unit);
  const JsonValue shape = object.require("alpha");
  const double alpha = shape.as_number(0, std::numeric_limits<double>::infinity(), 1);
  object.finish();
  if (alpha == 0) shape.problem("alpha must be above zero");
  return Distribution::Pareto{min, alpha > 0 ? alpha : 1};
}

// "p99.9" is 0.999; none if it is no such name.
std::optional<double> probability_of(std::string_view name) {
  double percent = 0;
  if (!name.starts_with('p')) return std::nullopt;
  const auto [end, error] = std::from_chars(name.data() + 1, name.data() + name.size(), percent);
  const bool is_whole = error == std::errc{} && end == name.data() + name.size();
  if (!is_whole || !(percent >= 0 && percent <= 100)) return std::nullopt;
  return percent / 100;
}

std::string name_of(double probability) {
  // Twelve digits: 0.999 * 100 is 99.90000000000001 in full.
  std::array<char, 32> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), probability * 100,
                                 std::chars_format::general, 12)
                       .ptr;
  return "p" + std::string(digits.data(), end);
}

Distribution::Kind read_quantiles(const JsonValue& value, Unit unit) {
  Distribution::Quantiles quantiles;
  for (const auto& [name, member] : value.as_object().members()) {
    const auto probability = probability_of(name);
    if (!probability) {
      member.problem("a quantile is named p0 to p100, for example p50 or p99.9");
    } else {
      quantiles.points.emplace_back(*probability, read_value(member, unit));
    }
  }
  auto& points = quantiles.points;
  if (points.empty()) {
    if (value.json().is_object()) value.problem("expected at least one quantile such as p50");
    return Distribution::Constant{0};
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto descends = [](const auto& a, const auto& b) { return a.second > b.second; };
  if (std::adjacent_find(points.begin(), points.end(), descends) != points.end()) {
    value.problem("a higher quantile must not have a lower value");
  }
  if (points.front().first > 0) points.insert(points.begin(), {0, 0});
  if (points.back().first < 1) points.emplace_back(1, points.back().second);
  return quantiles;
}

Distribution::Kind read_mixture(const JsonValue& value, Unit unit) {
  Distribution::Mixture mixture;
  double sum = 0;
  for (const JsonValue& element : value.as_array()) {
    JsonObject object = element.as_object();
    const double weight = object.require("weight").as_number(0);
    mixture.parts.emplace_back(weight, read(object.require("of"), unit));
    object.finish();
    sum += weight;
  }
  if (!(sum > 0)) {
    if (value.json().is_array()) value.problem("the weights must sum to more than zero");
    return Distribution::Constant{0};
  }
  if (!std::isfinite(sum)) {
    value.problem("the weights sum to more than can be counted; write smaller ones");
    return Distribution::Constant{0};
  }
  // What is printed sums to 1 but for rounding: divided again, it would be printed otherwise.
  constexpr double kRounding = 1e-12;
  if (std::abs(sum - 1) < kRounding) return mixture;
  for (auto& part : mixture.parts) part.first /= sum;
  return mixture;
}

struct NamedReader {
  std::string_view name;
  Distribution::Kind (*read)(const JsonValue&, Unit);
};
constexpr NamedReader kReaders[] = {
    {"normal", read_normal},           {"lognormal", read_lognormal}, {"uniform", read_uniform},
    {"exponential", read_exponential}, {"pareto", read_pareto},       {"quantiles", read_quantiles},
    {"mixture", read_mixture},
};

Distribution read(const JsonValue& value, Unit unit) {
  if (!value.json().is_object()) {
    return Distribution(Distribution::Constant{read_value(value, unit)});
  }
  JsonObject object = value.as_object();
  std::optional<Distribution> found;
  for (const NamedReader& reader : kReaders) {
    if (const auto member = object.find(reader.name)) found = reader.read(*member, unit);
  }
  object.finish();
  if (value.json().size() != 1) value.problem("expected one kind of distribution");
  return found.value_or(Distribution());
}

Json write(const Distribution& distribution, Unit unit) {
  return std::visit(
      Overloaded{
          [&](const Distribution::Constant& k) { return write_value(k.value, unit); },
          [&](const Distribution::Uniform& k) {
            return Json{
                {"uniform", Json::array({write_value(k.low, unit), write_value(k.high, unit)})}};
          },
          [&](const Distribution::Normal& k) {
            return Json{
                {"normal",
                 {{"mean", write_value(k.mean, unit)}, {"stddev", write_value(k.stddev, unit)}}}};
          },
          [&](const Distribution::Lognormal& k) {
            const double p99 = std::exp(k.mu + kNormalP99 * k.sigma);
            return Json{
                {"lognormal",
                 {{"p50", write_value(std::exp(k.mu), unit)}, {"p99", write_value(p99, unit)}}}};
          },
          [&](const Distribution::Exponential& k) {
            return Json{{"exponential", {{"mean", write_value(k.mean, unit)}}}};
          },
          [&](const Distribution::Pareto& k) {
            return Json{{"pareto", {{"min", write_value(k.min, unit)}, {"alpha", k.alpha}}}};
          },
          [&](const Distribution::Quantiles& k) {
            Json points = Json::object();
            for (const auto& [p, value] : k.points) points[name_of(p)] = write_value(value, unit);
            return Json{{"quantiles", points}};
          },
          [&](const Distribution::Mixture& k) {
            Json parts = Json::array();
            for (const auto& [weight, part] : k.parts) {
              parts.push_back({{"weight", weight}, {"of", write(part, unit)}});
            }
            return Json{{"mixture", parts}};
          },
      },
      distribution.kind());
}

}  // namespace

double Distribution::sample(Rng& rng) const {
  return std::visit(
      Overloaded{
          [](const Constant& k) { return k.value; },
          [&](const Uniform& k) { return k.low + (k.high - k.low) * rng.uniform01(); },
          [&](const Normal& k) {
            boost::random::normal_distribution<double> normal(k.mean, k.stddev);
            return std::max(normal(rng), 0.0);
          },
          [&](const Lognormal& k) {
            boost::random::normal_distribution<double> normal(k.mu, k.sigma);
            return std::exp(normal(rng));
          },
          [&](const Exponential& k) {
            boost::random::exponential_distribution<double> exponential(1);
            return k.mean * exponential(rng);
          },
          [&](const Pareto& k) { return k.min / std::pow(1 - rng.uniform01(), 1 / k.alpha); },
          [&](const Quantiles& k) { return sample_quantiles(k, rng.uniform01()); },
          [&](const Mixture& k) { return pick(k, rng.uniform01()).sample(rng); },
      },
      kind_);
}

double Distribution::mean() const {
  return std::visit(Overloaded{
                        [](const Constant& k) { return k.value; },
                        [](const Uniform& k) { return (k.low + k.high) / 2; },
                        [](const Normal& k) { return mean_of_rectified_normal(k); },
                        [](const Lognormal& k) { return std::exp(k.mu + k.sigma * k.sigma / 2); },
                        [](const Exponential& k) { return k.mean; },
                        [](const Pareto& k) {
                          if (k.min == 0) return 0.0;
                          if (k.alpha <= 1) return std::numeric_limits<double>::infinity();
                          return k.alpha * k.min / (k.alpha - 1);
                        },
                        [](const Quantiles& k) { return mean_of_quantiles(k); },
                        [](const Mixture& k) {
                          double sum = 0;
                          for (const auto& [weight, part] : k.parts) sum += weight * part.mean();
                          return sum;
                        },
                    },
                    kind_);
}

bool Distribution::is_zero() const {
  // Samples are never negative.
  return mean() == 0;
}

Distribution read_duration_distribution(const JsonValue& value) {
  return read(value, Unit::duration);
}
Distribution read_number_distribution(const JsonValue& value) { return read(value, Unit::number); }
Json write_duration_distribution(const Distribution& distribution) {
  return write(distribution, Unit::duration);
}
Json write_number_distribution(const Distribution& distribution) {
  return write(distribution, Unit::number);
}

}  // namespace lab
