// What a suite does, as far as a way of going wrong can matter to it; read off the suite.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "loader/prove/mutant_family.h"
#include "loader/suite/suite.h"
#include "shared/base/time.h"

namespace loader {

struct SuiteHabits {
  bool streams = false;
  bool buffers = false;  ///< Chats that are no streams.
  bool asks_health = false;
  bool lists_models = false;
  std::vector<std::string> models;  ///< As written, each once.
  std::uint64_t vus_max = 1;
  lab::Duration duration{};     ///< From the start to when the last iteration may start.
  lab::Duration timeout_max{};  ///< The longest that a request may take.
  double requests = 0;          ///< That a run makes; known once there was one.
};

[[nodiscard]] SuiteHabits habits_of(const Suite& suite);

/// Why a suite of these habits is not asked to notice the family; none if it is.
[[nodiscard]] std::optional<std::string> why_not_asked(const MutantFamily& family,
                                                       MutantWindow window,
                                                       const SuiteHabits& habits);

}  // namespace loader
