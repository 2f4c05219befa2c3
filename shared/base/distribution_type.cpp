// Distributions as files have them: a table of kinds, each of a form of its own.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "shared/base/distribution.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace lab {
namespace {

using Unit = DistributionUnit;
using D = Distribution;

/// The 99th percentile of the standard normal distribution.
constexpr double kNormalP99 = 2.3263478740408408;

// Twelve digits: exp(log(55)) is 55.000000000000014 in full, and 0.999 * 100 99.90000000000001.
std::string short_text(double value) {
  std::array<char, 32> digits;
  return {digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), value,
                                       std::chars_format::general, 12)
                             .ptr};
}

/// A double of seconds that is written as a duration, or a plain number.
template <Unit kUnit>
class QuantityType : public ValueType {
 public:
  void read(const JsonValue& value, void* member) const override {
    *static_cast<double*>(member) =
        kUnit == Unit::duration ? to_seconds(value.as_duration()) : value.as_number(0);
  }
  [[nodiscard]] Json write(const void* member) const override {
    const double value = *static_cast<const double*>(member);
    if (kUnit == Unit::duration) return format_duration(from_seconds(value));
    return value;
  }
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override {
    if (kUnit == Unit::duration) return DurationType().schema(printer, member);
    return NumberType(at_least(0)).schema(printer, member);
  }
};

template <Unit kUnit>
struct NormalForm {
  double mean = 0;
  double stddev = 0;
};
template <Unit kUnit>
void fields(Fields& f, NormalForm<kUnit>& c) {
  f.require("mean", c.mean, QuantityType<kUnit>(), "The mean, before negative draws become zero.");
  f.require("stddev", c.stddev, QuantityType<kUnit>(), "The standard deviation.");
}

template <Unit kUnit>
struct LognormalForm {
  double p50 = 0;
  double p99 = 0;
};
template <Unit kUnit>
void fields(Fields& f, LognormalForm<kUnit>& c) {
  f.require("p50", c.p50, QuantityType<kUnit>(), "The median, above zero.");
  f.require("p99", c.p99, QuantityType<kUnit>(), "The 99th percentile, not below the median.");
}
template <Unit kUnit>
D::Kind lognormal_of(const JsonValue& value, const LognormalForm<kUnit>& c) {
  if (c.p50 > 0 && c.p99 >= c.p50)
    return D::Lognormal{std::log(c.p50), std::log(c.p99 / c.p50) / kNormalP99};
  const Json& json = value.json();
  if (json.is_object() && json.contains("p50") && json.contains("p99")) {
    value.problem(c.p50 <= 0 ? "p50 must be above zero" : "p99 must not be below p50");
  }
  return D::Constant{c.p50};
}

template <Unit kUnit>
struct ExponentialForm {
  double mean = 0;
};
template <Unit kUnit>
void fields(Fields& f, ExponentialForm<kUnit>& c) {
  f.require("mean", c.mean, QuantityType<kUnit>(), "The mean, and the standard deviation.");
}

template <Unit kUnit>
struct ParetoForm {
  double min = 0;
  double alpha = 1;
};
template <Unit kUnit>
void fields(Fields& f, ParetoForm<kUnit>& c) {
  f.require("min", c.min, QuantityType<kUnit>(), "The lowest value.");
  f.require("alpha", c.alpha, above(0, "alpha must be above zero"),
            "The smaller, the heavier the tail; of 1 or less, there is no mean.");
}

D::Kind uniform_of(const JsonValue& value, const std::vector<double>& bounds) {
  if (bounds.size() != 2) return D::Constant{0};
  if (bounds[0] > bounds[1]) value.problem("low must not be above high");
  return D::Uniform{bounds[0], std::max(bounds[0], bounds[1])};
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

using Points = std::vector<std::pair<double, double>>;

template <Unit kUnit>
class QuantilesType : public ValueType {
 public:
  void read(const JsonValue& value, void* member) const override {
    auto& points = *static_cast<Points*>(member);
    for (const auto& [name, element] : value.as_object().members()) {
      const auto probability = probability_of(name);
      if (!probability) {
        element.problem("a quantile is named p0 to p100, for example p50 or p99.9");
        continue;
      }
      points.emplace_back(*probability, 0);
      QuantityType<kUnit>().read(element, &points.back().second);
    }
  }
  [[nodiscard]] Json write(const void* member) const override {
    Json written = Json::object();
    for (const auto& [probability, value] : *static_cast<const Points*>(member)) {
      written["p" + short_text(probability * 100)] = QuantityType<kUnit>().write(&value);
    }
    return written;
  }
  [[nodiscard]] Json schema(SchemaPrinter& printer, const void* member) const override {
    return Json{{"type", "object"},
                {"minProperties", 1},
                {"additionalProperties", false},
                {"patternProperties",
                 {{"^p(100(\\.0*)?|[0-9]{1,2}(\\.[0-9]+)?)$",
                   QuantityType<kUnit>().schema(printer, member)}}}};
  }
};

D::Kind quantiles_of(const JsonValue& value, Points points) {
  if (points.empty()) {
    if (value.json().is_object()) value.problem("expected at least one quantile such as p50");
    return D::Constant{0};
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto descends = [](const auto& a, const auto& b) { return a.second > b.second; };
  if (std::adjacent_find(points.begin(), points.end(), descends) != points.end()) {
    value.problem("a higher quantile must not have a lower value");
  }
  if (points.front().first > 0) points.insert(points.begin(), {0, 0});
  if (points.back().first < 1) points.emplace_back(1, points.back().second);
  return D::Quantiles{std::move(points)};
}

template <Unit kUnit>
struct MixturePart {
  double weight = 0;
  Distribution of{};
};
template <Unit kUnit>
void fields(Fields& f, MixturePart<kUnit>& c) {
  f.require("weight", c.weight, at_least(0), "Against the other weights.");
  f.require("of", c.of, DistributionType(kUnit), "What is drawn from then.");
}
template <Unit kUnit>
D::Kind mixture_of(const JsonValue& value, const std::vector<MixturePart<kUnit>>& parts) {
  double sum = 0;
  for (const auto& part : parts) sum += part.weight;
  if (!(sum > 0)) {
    if (value.json().is_array()) value.problem("the weights must sum to more than zero");
    return D::Constant{0};
  }
  if (!std::isfinite(sum)) {
    value.problem("the weights sum to more than can be counted; write smaller ones");
    return D::Constant{0};
  }
  // What is printed sums to 1 but for rounding: divided again, it would be printed otherwise.
  constexpr double kRounding = 1e-12;
  const double whole = std::abs(sum - 1) < kRounding ? 1 : sum;
  D::Mixture mixture;
  for (const auto& part : parts) mixture.parts.emplace_back(part.weight / whole, part.of);
  return mixture;
}

/// One kind of distribution: its key, and what is under that key.
struct KindOf {
  std::string_view key;
  std::string_view says;
  D::Kind (*read)(const JsonValue& value);
  Json (*write)(const D::Kind& kind);  ///< Null if it is of another kind.
  Json (*schema)(SchemaPrinter& printer);
};

/// `Make` gives the form's type, `To` reads a kind out of a form, `From` makes a form of a kind.
template <class K, class Form, auto kMake, auto kTo, auto kFrom>
constexpr KindOf kind_of(std::string_view key, std::string_view says) {
  return {key, says,
          [](const JsonValue& value) -> D::Kind {
            Form form{};
            kMake().read(value, &form);
            return kTo(value, form);
          },
          [](const D::Kind& kind) -> Json {
            const K* const of_this_kind = std::get_if<K>(&kind);
            if (of_this_kind == nullptr) return nullptr;
            const Form form = kFrom(*of_this_kind);
            return kMake().write(&form);
          },
          [](SchemaPrinter& printer) -> Json {
            const Form form{};
            return kMake().schema(printer, &form);
          }};
}

// NOLINTBEGIN(readability-function-size): one table.
template <Unit kUnit>
constexpr auto kKinds = std::to_array<KindOf>({
    kind_of<D::Normal, NormalForm<kUnit>, [] { return type_of<NormalForm<kUnit>>(); },
            [](const JsonValue&, const auto& c) { return D::Kind(D::Normal{c.mean, c.stddev}); },
            [](const D::Normal& k) { return NormalForm<kUnit>{k.mean, k.stddev}; }>(
        "normal", "The bell curve; negative draws become zero."),
    kind_of<D::Lognormal, LognormalForm<kUnit>, [] { return type_of<LognormalForm<kUnit>>(); },
            [](const JsonValue& v, const auto& c) { return lognormal_of(v, c); },
            [](const D::Lognormal& k) {
              return LognormalForm<kUnit>{
                  std::stod(short_text(std::exp(k.mu))),
                  std::stod(short_text(std::exp(k.mu + kNormalP99 * k.sigma)))};
            }>("lognormal", "By its median and its 99th percentile, as latencies often are."),
    kind_of<D::Uniform, std::vector<double>,
            [] {
              return ListOf<double, QuantityType<kUnit>>(
                  {}, {2, 2, "expected [low, high]", "expected [low, high]"});
            },
            [](const JsonValue& v, const auto& c) { return uniform_of(v, c); },
            [](const D::Uniform& k) { return std::vector<double>{k.low, k.high}; }>(
        "uniform", "Anything from low to high."),
    kind_of<D::Exponential, ExponentialForm<kUnit>,
            [] { return type_of<ExponentialForm<kUnit>>(); },
            [](const JsonValue&, const auto& c) { return D::Kind(D::Exponential{c.mean}); },
            [](const D::Exponential& k) { return ExponentialForm<kUnit>{k.mean}; }>(
        "exponential", "Many short ones, few long ones."),
    kind_of<D::Pareto, ParetoForm<kUnit>, [] { return type_of<ParetoForm<kUnit>>(); },
            [](const JsonValue&, const auto& c) {
              return D::Kind(D::Pareto{c.min, c.alpha > 0 ? c.alpha : 1});
            },
            [](const D::Pareto& k) { return ParetoForm<kUnit>{k.min, k.alpha}; }>("pareto",
                                                                                  "A heavy tail."),
    kind_of<D::Quantiles, Points, [] { return QuantilesType<kUnit>(); },
            [](const JsonValue& v, const auto& c) { return quantiles_of(v, c); },
            [](const D::Quantiles& k) { return k.points; }>(
        "quantiles", "Linear between the points given, such as p50, p90, p99.9."),
    kind_of<D::Mixture, std::vector<MixturePart<kUnit>>,
            [] {
              return ListOf<MixturePart<kUnit>, StructType>(type_of<MixturePart<kUnit>>(),
                                                            {.min = 1});
            },
            [](const JsonValue& v, const auto& c) { return mixture_of(v, c); },
            [](const D::Mixture& k) {
              std::vector<MixturePart<kUnit>> parts;
              for (const auto& [weight, of] : k.parts) parts.push_back({weight, of});
              return parts;
            }>("mixture", "Of several, each by its weight."),
});
// NOLINTEND(readability-function-size)

std::span<const KindOf> kinds_of(Unit unit) {
  if (unit == Unit::duration) return kKinds<Unit::duration>;
  return kKinds<Unit::number>;
}

template <class Use>
auto with_quantity(Unit unit, Use use) {
  if (unit == Unit::duration) return use(QuantityType<Unit::duration>());
  return use(QuantityType<Unit::number>());
}

}  // namespace

void DistributionType::read(const JsonValue& value, void* member) const {
  auto& distribution = *static_cast<Distribution*>(member);
  if (!value.json().is_object()) {
    D::Constant constant{0};
    with_quantity(unit_, [&](const auto& type) { type.read(value, &constant.value); });
    distribution = D::Kind(constant);
    return;
  }
  JsonObject object = value.as_object();
  D::Kind found = D::Constant{0};
  for (const KindOf& kind : kinds_of(unit_)) {
    if (const auto form = object.find(kind.key)) found = kind.read(*form);
  }
  object.finish();
  if (value.json().size() != 1) value.problem("expected one kind of distribution");
  distribution = std::move(found);
}

Json DistributionType::write(const void* member) const {
  const D::Kind& kind = static_cast<const Distribution*>(member)->kind();
  for (const KindOf& each : kinds_of(unit_)) {
    Json form = each.write(kind);
    if (!form.is_null()) return Json{{std::string(each.key), std::move(form)}};
  }
  const double value = std::get<D::Constant>(kind).value;
  return with_quantity(unit_, [&](const auto& type) { return type.write(&value); });
}

Json DistributionType::schema(SchemaPrinter& printer, const void* /*member*/) const {
  const bool is_duration = unit_ == Unit::duration;
  return printer.named(is_duration ? "durationDistribution" : "countDistribution", [&] {
    Json kinds = Json::object();
    for (const KindOf& kind : kinds_of(unit_)) {
      Json& schema = kinds[std::string(kind.key)] = Json{{"description", kind.says}};
      schema.update(kind.schema(printer));
    }
    Json constant =
        with_quantity(unit_, [&](const auto& type) { return type.schema(printer, nullptr); });
    const char* const example = is_duration ? R"({"lognormal":{"p50":"80ms","p99":"400ms"}})"
                                            : R"({"lognormal":{"p50":55,"p99":180}})";
    return Json{{"description", "A constant, or one kind of distribution over " +
                                    std::string(is_duration ? "durations." : "numbers.")},
                {"examples", Json::array({Json::parse(example)})},
                {"anyOf",
                 {std::move(constant),
                  {{"type", "object"},
                   {"additionalProperties", false},
                   {"minProperties", 1},
                   {"maxProperties", 1},
                   {"properties", std::move(kinds)}}}}};
  });
}

Distribution read_duration_distribution(const JsonValue& value) {
  Distribution distribution;
  kDurations.read(value, &distribution);
  return distribution;
}
Distribution read_number_distribution(const JsonValue& value) {
  Distribution distribution;
  kNumbers.read(value, &distribution);
  return distribution;
}
Json write_duration_distribution(const Distribution& distribution) {
  return kDurations.write(&distribution);
}
Json write_number_distribution(const Distribution& distribution) {
  return kNumbers.write(&distribution);
}

}  // namespace lab
