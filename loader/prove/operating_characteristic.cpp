#include "loader/prove/operating_characteristic.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <mutex>
#include <utility>

#include "loader/prove/parallel.h"
#include "loader/thresholds/threshold_expression.h"

namespace loader {
namespace {

constexpr double kSure = 0.95;
constexpr double kTrialsMax = 1e7;

/// What is added up for a cell.
struct Sum {
  std::uint64_t runs = 0;
  std::uint64_t red = 0;
  double requests = 0;
  double seconds = 0;
  double values = 0;
  std::uint64_t with_value = 0;
};

class Characteristic {
 public:
  Characteristic(const CharacteristicPlan& plan, const MutantFamily& family, const RunOfSize& run,
                 const std::function<bool()>& is_cancelled)
      : plan_(plan), run_(run), is_cancelled_(is_cancelled) {
    result_.family = family;
    result_.seeds = plan.seeds;
    for (std::size_t i = 0; i < kCharacteristicSizes; ++i) {
      const double share = static_cast<double>(i) / (kCharacteristicSizes - 1);
      sizes_.push_back(plan.variation.from + share * (plan.variation.to - plan.variation.from));
    }
    sums_.resize(sizes_.size() * plan.lengths);
  }

  lab::Result<OperatingCharacteristic> find() {
    // A run's sums are added in the order of the seeds: doubles depend on it.
    for_each_in_parallel(sums_.size(), plan_.threads, [this](std::size_t cell) { fill(cell); });
    if (error_) return *std::move(error_);
    result_.is_interrupted = is_cancelled_();
    conclude();
    return std::move(result_);
  }

 private:
  void fill(std::size_t cell) {
    const double size = sizes_[cell / plan_.lengths];
    for (std::uint64_t seed = 0; seed < plan_.seeds && !is_cancelled_(); ++seed) {
      const auto readings = run_(size, cell % plan_.lengths, seed);
      if (!readings) {
        const std::lock_guard lock(mutex_);
        if (!error_ && !is_cancelled_()) error_ = readings.error();
        return;
      }
      add(sums_[cell], *readings);
    }
  }

  void add(Sum& sum, const RunReadings& readings) const {
    const ThresholdReading& reading = readings.thresholds[plan_.threshold];
    ++sum.runs;
    if (reading.is_red) ++sum.red;
    sum.requests += readings.requests;
    sum.seconds += lab::to_seconds(readings.duration);
    if (!reading.observed) return;
    sum.values += *reading.observed;
    ++sum.with_value;
  }

  void conclude() {
    for (std::size_t length = 0; length < plan_.lengths; ++length) {
      const Sum& sum = sums_[length];
      result_.lengths.push_back(sum.runs == 0 ? 0 : sum.seconds / static_cast<double>(sum.runs));
    }
    for (std::size_t i = 0; i < sizes_.size(); ++i) result_.rows.push_back(row(i));
  }

  CharacteristicRow row(std::size_t place) {
    CharacteristicRow row;
    row.size = sizes_[place];
    for (std::size_t length = 0; length < plan_.lengths; ++length) {
      const Sum& sum = sums_[place * plan_.lengths + length];
      result_.runs += sum.runs;
      row.cells.push_back({sum.runs, sum.red,
                           sum.runs == 0 ? 0 : sum.requests / static_cast<double>(sum.runs),
                           wilson_interval(sum.red, sum.runs)});
    }
    const Sum& longest = sums_[place * plan_.lengths + plan_.lengths - 1];
    if (longest.with_value > 0) {
      row.value = longest.values / static_cast<double>(longest.with_value);
      find_needs(row, longest);
    }
    return row;
  }

  void find_needs(CharacteristicRow& row, const Sum& longest) const {
    if (plan_.is_rate) {
      row.requests_needed = trials_to_tell(plan_.expression, *row.value);
      if (row.requests_needed && longest.requests > 0) {
        row.seconds_needed =
            static_cast<double>(*row.requests_needed) * longest.seconds / longest.requests;
      }
      return;
    }
    const bool should_be_red = !holds(plan_.expression, *row.value);
    for (std::size_t length = 0; length < row.cells.size(); ++length) {
      const CharacteristicCell& cell = row.cells[length];
      const std::uint64_t right = should_be_red ? cell.red : cell.runs - cell.red;
      if (static_cast<double>(right) < kSure * static_cast<double>(cell.runs)) continue;
      row.seconds_needed = result_.lengths[length];
      row.requests_needed = static_cast<std::uint64_t>(cell.requests);
      return;
    }
  }

  const CharacteristicPlan& plan_;
  const RunOfSize& run_;
  const std::function<bool()>& is_cancelled_;
  std::vector<double> sizes_;
  std::vector<Sum> sums_;  ///< By size, then by length.
  std::mutex mutex_;
  std::optional<lab::Error> error_;
  OperatingCharacteristic result_;
};

/// Whether a share is beyond a limit, told by so many hits. How sure that is goes up and down with
/// the number of trials, as one more hit is needed now and then; what counts is the worst number of
/// trials for which so many hits are needed, since from there on it is sure for more of them, too.
struct ShareTest {
  double share = 0;
  double limit = 0;

  [[nodiscard]] bool is_sure_with(std::uint64_t hits) const {
    if (share > limit) return binomial_tail(hits, trials_from(hits), share) >= kSure;
    return binomial_tail(hits, trials_to(hits), share) <= 1 - kSure;
  }
  /// The fewest and the most trials in which so many hits are the fewest at or beyond the limit.
  [[nodiscard]] std::uint64_t trials_from(std::uint64_t hits) const {
    return static_cast<std::uint64_t>(std::floor(static_cast<double>(hits - 1) / limit)) + 1;
  }
  [[nodiscard]] std::uint64_t trials_to(std::uint64_t hits) const {
    return static_cast<std::uint64_t>(std::floor(static_cast<double>(hits) / limit));
  }
};

}  // namespace

std::optional<std::uint64_t> trials_to_tell(const ThresholdExpression& expression, double p) {
  const bool is_lower = expression.comparison == Comparison::greater ||
                        expression.comparison == Comparison::greater_equal;
  const bool is_upper =
      expression.comparison == Comparison::less || expression.comparison == Comparison::less_equal;
  // A share above a limit is one of misses below another.
  const double limit = is_lower ? 1 - expression.limit : expression.limit;
  const double share = is_lower ? 1 - p : p;
  if ((!is_lower && !is_upper) || share == limit || limit <= 0 || limit >= 1) return std::nullopt;
  const ShareTest test{share, limit};
  std::uint64_t hits = 1;
  while (!test.is_sure_with(hits)) {
    hits *= 2;
    if (static_cast<double>(hits) / limit > kTrialsMax) return std::nullopt;
  }
  std::uint64_t too_few = hits / 2;
  while (hits - too_few > 1 + hits / 200) {
    const std::uint64_t middle = too_few + (hits - too_few) / 2;
    (test.is_sure_with(middle) ? hits : too_few) = middle;
  }
  return test.trials_from(hits);
}

lab::Result<Variation> parse_variation(const std::string& text) {
  const auto refuse = [&text](const std::string& what) {
    return lab::Error{"--vary", "\"" + text + "\" " + what +
                                    "; it takes FAMILY=FROM..TO, such as status-500=0..20%"};
  };
  const std::size_t equals = text.find('=');
  const std::size_t dots = text.find("..", equals == std::string::npos ? 0 : equals);
  if (equals == std::string::npos || dots == std::string::npos) {
    return refuse("has no family or no range");
  }
  Variation variation{text.substr(0, equals), 0, 0};
  const std::string from = text.substr(equals + 1, dots - equals - 1);
  const std::string to = text.substr(dots + 2);
  char* end = nullptr;
  variation.from = std::strtod(from.c_str(), &end);
  if (end == from.c_str()) return refuse("has no number before ..");
  variation.to = std::strtod(to.c_str(), &end);
  if (end == to.c_str()) return refuse("has no number after ..");
  if (!std::isfinite(variation.from) || !std::isfinite(variation.to) ||
      variation.from == variation.to) {
    return refuse("has no range between its numbers");
  }
  return variation;
}

lab::Result<ThresholdText> parse_threshold_text(const std::string& text) {
  const std::size_t brace = text.rfind('}');
  const std::size_t colon = text.find(':', brace == std::string::npos ? 0 : brace);
  if (colon == std::string::npos) {
    return lab::Error{"--oc", "\"" + text +
                                  "\" names no metric; it takes METRIC: EXPRESSION, such as "
                                  "\"http_req_failed: rate<0.05\""};
  }
  const std::size_t first = text.find_first_not_of(' ', colon + 1);
  return ThresholdText{text.substr(0, colon),
                       first == std::string::npos ? std::string() : text.substr(first)};
}

lab::Result<OperatingCharacteristic> operating_characteristic(
    const CharacteristicPlan& plan, const MutantFamily& family, const RunOfSize& run,
    const std::function<bool()>& is_cancelled) {
  return Characteristic(plan, family, run, is_cancelled).find();
}

}  // namespace loader
