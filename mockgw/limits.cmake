# The pure decision units: profiles, rate limits, circuit breaker, admission, batch server. A library of its own, so
# that the linker proves that they need neither a runtime nor a socket, and their tests link in no time.
add_library(mockgw_limits STATIC
  admission.cpp
  admission_config.cpp
  admission_shedding.cpp
  batch_server.cpp
  circuit_breaker.cpp
  circuit_breaker_config.cpp
  circuit_breaker_group.cpp
  circuit_breaker_presets.cpp
  circuit_breaker_statistics.cpp
  profile.cpp
  profile_envelope.cpp
  profile_reader.cpp
  profile_template.cpp
  rate_limit_algorithms.cpp
  rate_limit_config.cpp
  rate_limit_headers.cpp
  rate_limiter.cpp
)
target_link_libraries(mockgw_limits PUBLIC lab_fixtures lab_base)
target_link_libraries(mockgw_core PUBLIC mockgw_limits)
