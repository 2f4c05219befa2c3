// What an output is told of the run that it belongs to.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "loader/http/proxy_rules.h"
#include "loader/metrics/metric_registry.h"
#include "loader/outputs/output_file.h"
#include "loader/outputs/sample_output.h"
#include "loader/thresholds/thresholds.h"

namespace loader {

struct OutputContext {
  const MetricRegistry& registry;  ///< Outlives the output.
  const ThresholdSet& thresholds;
  RunClock clock;
  std::map<std::string, std::string> variables{};  ///< K6_INFLUXDB_… and the like.
  ProxyRules proxies{};                            ///< The environment's.
  /// The run's time is virtual: an output that can't follow makes it wait.
  bool is_virtual = false;
  std::size_t threads = 1;  ///< That measure.
  /// The system tags that samples have, by name.
  std::vector<std::string> system_tags{};
  OutputFile::Tell tell{};  ///< Of what a file waits for.
};

}  // namespace loader
