# The gateway over virtual time; included by CMakeLists.txt.
add_executable(sim_gateway_tests
  gateway_breaker_test.cpp
  gateway_chat_test.cpp
  gateway_content_test.cpp
  gateway_departure_test.cpp
  gateway_drift_test.cpp
  gateway_faults_test.cpp
  gateway_limits_test.cpp
  gateway_observability_test.cpp
  gateway_overload_test.cpp
  gateway_profiles_test.cpp
  gateway_rate_test.cpp
  gateway_retry_test.cpp
  gateway_server_test.cpp
  gateway_timeouts_test.cpp
  gateway_world.cpp
)
target_link_libraries(sim_gateway_tests PRIVATE mockgw_core lab_sim)
lab_add_gtest(sim_gateway_tests)
