// Whether an answer calls itself a stream of server-sent events.
#pragma once

#include "shared/runtime/http_message.h"

namespace loader {

[[nodiscard]] inline bool is_event_stream(const lab::HttpHeaders& headers) {
  const auto type = headers.find("Content-Type");
  return type && type->starts_with("text/event-stream");
}

}  // namespace loader
