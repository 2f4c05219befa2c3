# The sources of metrics, thresholds, summaries and outputs; included by loader/CMakeLists.txt.
set(LOADER_METRICS_SOURCES
  check_tree.cpp
  metric.cpp
  metric_builtins.cpp
  metric_registry.cpp
  metrics.cpp
  summary_data.cpp
  summary_format.cpp
  summary_json.cpp
  summary_text.cpp
  tags.cpp
  threshold_audit.cpp
  threshold_expression.cpp
  threshold_reader.cpp
  thresholds.cpp
  trend.cpp
)
list(TRANSFORM LOADER_METRICS_SOURCES PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
