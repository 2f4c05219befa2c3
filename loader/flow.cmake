# The sources of what a virtual user does; included by loader/CMakeLists.txt.
set(LOADER_FLOW_SOURCES
  check.cpp
  check_reader.cpp
  error_code.cpp
  flow_reader.cpp
  prompt.cpp
  prompt_file.cpp
  retry.cpp
  step_reader.cpp
  stream_meter.cpp
  text_template.cpp
  check_json.cpp
  url.cpp
)
list(TRANSFORM LOADER_FLOW_SOURCES PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
