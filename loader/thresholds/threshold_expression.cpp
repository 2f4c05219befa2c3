#include "loader/thresholds/threshold_expression.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <utility>

namespace loader {
namespace {

// In the order in which k6 tries them, so that "<=" is not taken for "<".
constexpr std::array<std::pair<std::string_view, Comparison>, 7> kComparisons{{
    {"<=", Comparison::less_equal},
    {"<", Comparison::less},
    {">=", Comparison::greater_equal},
    {">", Comparison::greater},
    {"===", Comparison::equal},
    {"==", Comparison::equal},
    {"!=", Comparison::not_equal},
}};

constexpr std::array<std::pair<std::string_view, Aggregation>, 7> kAggregations{{
    {"count", Aggregation::count},
    {"rate", Aggregation::rate},
    {"value", Aggregation::value},
    {"avg", Aggregation::avg},
    {"min", Aggregation::min},
    {"max", Aggregation::max},
    {"med", Aggregation::med},
}};

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const auto begin = text.find_first_not_of(kBlank);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kBlank) - begin + 1);
}

// A finite number as Go's ParseFloat reads it: from_chars, and a leading plus.
std::optional<double> parse_number(std::string_view text) {
  if (text.starts_with('+')) {
    text.remove_prefix(1);
    if (text.starts_with('-')) return std::nullopt;
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return std::isfinite(value) ? std::optional(value) : std::nullopt;
}

lab::Error problem(std::string_view text, std::string what) {
  return {{}, "invalid threshold \"" + std::string(text) + "\": " + std::move(what)};
}

// Sets the aggregation; an Error's text says what is wrong.
lab::Result<void> parse_aggregation(std::string_view text, ThresholdExpression& expression) {
  for (const auto& [name, aggregation] : kAggregations) {
    if (text == name) {
      expression.aggregation = aggregation;
      return {};
    }
  }
  if (!text.starts_with("p(") || !text.ends_with(')')) {
    return problem(expression.source, "unknown aggregation \"" + std::string(text) +
                                          "\"; use count, rate, value, avg, min, max, med or p(N)");
  }
  const auto percent = parse_number(text.substr(2, text.size() - 3));
  if (!percent || *percent < 0 || *percent > 100) {
    return problem(
        expression.source,
        "\"" + std::string(text) + "\" is not a percentile; N of p(N) is a number from 0 to 100");
  }
  expression.aggregation = Aggregation::percentile;
  expression.percent = *percent;
  return {};
}

}  // namespace

lab::Result<ThresholdExpression> parse_threshold_expression(std::string_view text) {
  for (const auto& [symbol, comparison] : kComparisons) {
    const auto at = text.find(symbol);
    if (at == std::string_view::npos) continue;
    ThresholdExpression expression;
    expression.source = text;
    expression.comparison = comparison;
    if (const auto parsed = parse_aggregation(trimmed(text.substr(0, at)), expression); !parsed) {
      return parsed.error();
    }
    const std::string_view right = trimmed(text.substr(at + symbol.size()));
    const auto limit = parse_number(right);
    if (!limit) {
      return problem(text, "\"" + std::string(right) +
                               "\" is not a number; write milliseconds, bytes or a share of 1, "
                               "without a unit and one comparison only");
    }
    expression.limit = *limit;
    return expression;
  }
  return problem(text,
                 "there is no comparison; write an aggregation, one of <= < >= > === == !=, "
                 "and a number, as in p(95)<500");
}

bool is_allowed(Aggregation aggregation, MetricType type) {
  switch (aggregation) {
    case Aggregation::count:
      return type == MetricType::counter;
    case Aggregation::rate:
      return type == MetricType::counter || type == MetricType::rate;
    case Aggregation::value:
      return type == MetricType::gauge;
    case Aggregation::avg:
    case Aggregation::min:
    case Aggregation::max:
    case Aggregation::med:
    case Aggregation::percentile:
      return type == MetricType::trend;
  }
  return false;
}

std::string_view allowed_aggregations(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return "count, rate";
    case MetricType::gauge:
      return "value";
    case MetricType::rate:
      return "rate";
    case MetricType::trend:
      return "avg, min, max, med, p(N)";
  }
  return {};
}

std::string aggregation_key(const ThresholdExpression& expression) {
  for (const auto& [name, aggregation] : kAggregations) {
    if (aggregation == expression.aggregation) return std::string(name);
  }
  std::array<char, 32> digits{};
  const auto [end, error] =
      std::to_chars(digits.data(), digits.data() + digits.size(), expression.percent);
  (void)error;  // 32 characters hold the shortest form of every double.
  return "p(" + std::string(digits.data(), end) + ")";
}

bool holds(const ThresholdExpression& expression, double value) {
  switch (expression.comparison) {
    case Comparison::less_equal:
      return value <= expression.limit;
    case Comparison::less:
      return value < expression.limit;
    case Comparison::greater_equal:
      return value >= expression.limit;
    case Comparison::greater:
      return value > expression.limit;
    case Comparison::equal:
      return value == expression.limit;
    case Comparison::not_equal:
      return value != expression.limit;
  }
  return false;
}

}  // namespace loader
