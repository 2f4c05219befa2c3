# The sources of what a virtual user does; included by loader/CMakeLists.txt.
set(LOADER_FLOW_SOURCES
  body_decoder.cpp
  check.cpp
  check_reader.cpp
  error_code.cpp
  flow_reader.cpp
  flow_run.cpp
  flow_samples.cpp
  flow_tags.cpp
  gateway_client.cpp
  http_client.cpp
  http_client_context.cpp
  llm_result.cpp
  prompt.cpp
  prompt_file.cpp
  retry.cpp
  run_context.cpp
  step_reader.cpp
  stream_meter.cpp
  text_template.cpp
  check_json.cpp
  url.cpp
  virtual_user.cpp
)
list(TRANSFORM LOADER_FLOW_SOURCES PREPEND ${CMAKE_CURRENT_LIST_DIR}/)
