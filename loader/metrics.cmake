# The sources of metrics, thresholds, summaries and outputs; included by loader/CMakeLists.txt.
set(LOADER_METRICS_SOURCES)
