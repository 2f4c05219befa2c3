# One virtual user over virtual time; included by CMakeLists.txt.
add_executable(sim_flow_tests
  flow_answer_test.cpp
  flow_http_client_context_test.cpp
  flow_http_client_test.cpp
  flow_k6_options_test.cpp
  flow_redirect_test.cpp
  flow_request_record_test.cpp
  flow_tls_test.cpp
  flow_virtual_user_test.cpp
  flow_world.cpp
)
target_link_libraries(sim_flow_tests PRIVATE loader_core lab_sim)
lab_add_gtest(sim_flow_tests)
