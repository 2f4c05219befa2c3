# The loader over virtual time; included by CMakeLists.txt.
add_executable(sim_loader_tests
  loader_broken_gateway_test.cpp
  loader_dashboard_test.cpp
  loader_merge_test.cpp
  loader_run_test.cpp
  loader_samples_test.cpp
  loader_scenario_test.cpp
  loader_search_test.cpp
  loader_simulation_test.cpp
  simulated_runs.cpp
)
target_link_libraries(sim_loader_tests PRIVATE loader_core lab_sim test_support)
lab_add_gtest(sim_loader_tests SHARDS 2)

add_executable(sim_prove_tests
  loader_prove_test.cpp
  simulated_runs.cpp
)
target_link_libraries(sim_prove_tests PRIVATE loader_core lab_sim)
lab_add_gtest(sim_prove_tests SHARDS 2)

if(LAB_SCRIPTS)
  add_executable(sim_script_tests
    loader_script_test.cpp
    simulated_runs.cpp
  )
  target_link_libraries(sim_script_tests PRIVATE loader_core lab_sim)
  lab_add_gtest(sim_script_tests)
endif()
