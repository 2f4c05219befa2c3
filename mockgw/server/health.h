// What GET /health says, in the style of a profile.
#pragma once

#include <string>

#include "mockgw/config/server_config.h"
#include "mockgw/profiles/profile.h"
#include "shared/base/time.h"

namespace mockgw {

struct HealthAnswer {
  unsigned status = 200;
  std::string content_type;  ///< Empty when there is no body.
  std::string body;
};

[[nodiscard]] HealthAnswer health_answer(HealthStyle style, HealthConfig::Status status,
                                         lab::WallTime now);

}  // namespace mockgw
