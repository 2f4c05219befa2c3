// The samples of a run, put together as they come: one Metrics a thread, merged when read.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "loader/metrics/metric_registry.h"
#include "loader/metrics/metric_sinks.h"
#include "loader/metrics/tags.h"
#include "loader/metrics/trend.h"
#include "shared/base/time.h"

namespace loader {

/// One measurement. `tags` belongs to the TagTable of the Metrics that it was added to.
struct Sample {
  MetricId metric;
  TagSetId tags;
  double value = 0;
  lab::TimePoint at;
  /// What k6 calls metadata, since it is no tag: see metadata.h. Lives as long as the call
  /// that the sample is passed to.
  std::string_view metadata{};
  /// 0 without metadata. Other metadata have another number, which is compared sooner than a text.
  std::uint64_t metadata_number = 0;
};

/// Sees every sample as it is added (never those of sub-metrics: they are the same samples). It
/// must not add samples.
using SampleObserver = std::function<void(const Sample&, const TagTable&)>;

struct CheckTally {
  std::uint64_t passes = 0;
  std::uint64_t fails = 0;
};

/// Not synchronised: a thread adds to its own. Memory depends on the metrics and tag sets, not on
/// the samples.
class Metrics {
 public:
  /// Both must outlive it; nothing may be declared in `registry` any more.
  Metrics(const MetricRegistry& registry, const TagTable& tags);
  Metrics(const Metrics&) = delete;
  Metrics& operator=(const Metrics&) = delete;
  Metrics(Metrics&&) = default;

  /// Adds a sample to a metric (not a sub-metric) and to each of its sub-metrics whose tags `tags`
  /// contains. Time values are milliseconds. Values that are not finite are refused and counted.
  /// Allocates only when a tag set is new here.
  void add(MetricId metric, double value, TagSetId tags, lab::TimePoint at);
  /// Counts a check, and adds 1 or 0 to the metric `checks`; `tags` should carry the check's name
  /// as `check`.
  void add_check(CheckId check, bool passed, TagSetId tags, lab::TimePoint at);
  /// Groups and checks that nobody has declared before the run: a script's. The same one when asked
  /// again; their numbers are this object's own.
  GroupId declare_group(GroupId parent, std::string_view name) {
    return tree_.declare_group(parent, name);
  }
  CheckId declare_check(GroupId group, std::string_view name);

  /// While it lives, the samples that are added are of the request with this id (empty: of none),
  /// and have what a script `says` of them, a named_metadata(). One at a time.
  class OfRequest {
   public:
    OfRequest(Metrics& metrics, std::string_view id, std::string_view says = {})
        : metrics_(metrics) {
      if (!says.empty()) both_.append(id).append(says);
      metrics_.set_metadata(says.empty() ? id : both_);
    }
    ~OfRequest() { metrics_.set_metadata({}); }
    OfRequest(const OfRequest&) = delete;
    OfRequest& operator=(const OfRequest&) = delete;

   private:
    Metrics& metrics_;
    std::string both_;
  };

  /// `observer` sees the samples of all metrics from here on, or only those of `metrics`: most are
  /// of no interest to most observers, and asking each of them would cost as much as counting.
  void observe(SampleObserver observer);
  void observe(const std::vector<MetricId>& metrics, SampleObserver observer);

  /// What is kept of one metric's samples, by its type.
  using Sink = std::variant<CounterSink, GaugeSink, RateSink, Trend>;

  /// While muted, samples and checks are left out.
  void mute(bool is_muted) { is_muted_ = is_muted; }
  [[nodiscard]] bool is_muted() const { return is_muted_; }

  /// Adds what another thread has measured. Both must be of the same registry; the tag tables may
  /// differ.
  void merge(const Metrics& other);
  /// The same of one metric, or of one sub-metric alone; the sink is of the metric's type.
  void merge(MetricId metric, const Sink& sink);
  /// The same of a check.
  void merge(CheckId check, const CheckTally& tally);

  [[nodiscard]] const MetricRegistry& registry() const { return *registry_; }
  [[nodiscard]] bool has_samples(MetricId metric) const { return samples(metric) != 0; }
  [[nodiscard]] std::uint64_t samples(MetricId metric) const;
  [[nodiscard]] const Sink& sink(MetricId metric) const { return slots_[metric.index].sink; }
  /// The sink of a metric of that type.
  [[nodiscard]] const CounterSink& counter(MetricId metric) const;
  [[nodiscard]] const GaugeSink& gauge(MetricId metric) const;
  [[nodiscard]] const RateSink& rate(MetricId metric) const;
  [[nodiscard]] const Trend& trend(MetricId metric) const;
  /// The registry's, and those that came later.
  [[nodiscard]] const CheckTree& check_tree() const { return tree_; }
  [[nodiscard]] CheckTally check(CheckId check) const { return checks_[check.index]; }
  /// Samples whose value was not a finite number.
  [[nodiscard]] std::uint64_t refused() const { return refused_; }

 private:
  /// Which sub-metrics a tag set belongs to, found once a set. An index into lists_, or kUnknown.
  static constexpr std::uint32_t kUnknown = 0xffffffff;
  struct Matches {
    std::vector<std::uint32_t> list_of_set;
    std::vector<std::vector<MetricId>> lists;
  };
  struct Slot {
    explicit Slot(Sink its_sink) : sink(std::move(its_sink)) {}
    Sink sink;
    std::vector<std::uint32_t> observers{};  ///< Indices into observers_.
    Matches matches{};                       ///< Empty for those without sub-metrics.
  };

  void set_metadata(std::string_view metadata) {
    metadata_ = metadata;
    metadata_number_ = metadata.empty() ? 0 : ++metadata_numbers_;
  }
  [[nodiscard]] static Sink make_sink(MetricType type);
  static void add_to_sink(Sink& sink, double value, lab::TimePoint at);
  [[nodiscard]] const std::vector<MetricId>& matching(MetricId parent, TagSetId tags);
  void merge_checks(const Metrics& other);

  const MetricRegistry* registry_;
  const TagTable* tags_;
  std::vector<Slot> slots_;  ///< By metric.
  CheckTree tree_;
  std::vector<CheckTally> checks_;  ///< By check of tree_.
  std::vector<SampleObserver> observers_;
  std::string_view metadata_;
  std::uint64_t metadata_number_ = 0;
  std::uint64_t metadata_numbers_ = 0;  ///< The last that was given.
  std::uint64_t refused_ = 0;
  bool is_muted_ = false;
};

}  // namespace loader
