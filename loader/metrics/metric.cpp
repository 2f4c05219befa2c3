#include "loader/metrics/metric.h"

namespace loader {

std::string_view to_string(MetricType type) {
  switch (type) {
    case MetricType::counter:
      return "counter";
    case MetricType::gauge:
      return "gauge";
    case MetricType::rate:
      return "rate";
    case MetricType::trend:
      return "trend";
  }
  return {};
}

std::string_view to_string(ValueKind kind) {
  switch (kind) {
    case ValueKind::plain:
      return "default";
    case ValueKind::time:
      return "time";
    case ValueKind::data:
      return "data";
  }
  return {};
}

}  // namespace loader
