// Builds one Prometheus family, metric by metric.
#pragma once

#include <prometheus/metric_family.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockgw/gateway/request_counters.h"
#include "shared/base/time.h"

namespace mockgw {

using Labels = std::vector<prometheus::ClientMetric::Label>;

class Family {
 public:
  Family(prometheus::MetricType type, std::string name, std::string_view help) {
    family_.type = type;
    family_.name = std::move(name);
    family_.help = help;
  }

  Family& add(Labels labels, double value) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.counter.value = value;
    metric.gauge.value = value;
    family_.metric.push_back(std::move(metric));
    return *this;
  }
  Family& add(std::uint64_t value) { return add({}, static_cast<double>(value)); }

  void add(Labels labels, const DurationHistogram& histogram) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    std::uint64_t cumulative = 0;
    for (std::size_t i = 0; i < DurationHistogram::kBoundsMs.size(); ++i) {
      cumulative += histogram.buckets[i];
      const double bound = static_cast<double>(DurationHistogram::kBoundsMs[i]) / 1e3;
      metric.histogram.bucket.push_back({cumulative, bound});
    }
    metric.histogram.sample_count = histogram.count();
    metric.histogram.sample_sum = lab::to_seconds(histogram.sum);
    family_.metric.push_back(std::move(metric));
  }

  [[nodiscard]] prometheus::MetricFamily take() { return std::move(family_); }

 private:
  prometheus::MetricFamily family_;
};

}  // namespace mockgw
