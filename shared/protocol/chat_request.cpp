#include "shared/protocol/chat_request.h"

#include <boost/throw_exception.hpp>
#include <stdexcept>

#include "shared/protocol/chat_request_reader.h"
#include "shared/protocol/json_events.h"

namespace lab {

std::string_view to_string(Role role) {
  switch (role) {
    case Role::system:
      return "system";
    case Role::developer:
      return "developer";
    case Role::user:
      return "user";
    case Role::assistant:
      return "assistant";
    case Role::tool:
      return "tool";
    case Role::function:
      return "function";
  }
  return "user";
}

void throw_exception_from_error(const RequestProblem& problem,
                                const boost::source_location& location) {
  boost::throw_exception(std::logic_error(problem.message), location);
}

boost::system::result<ChatRequest, RequestProblem> parse_chat_request(std::string_view body,
                                                                      RequestDialect dialect) {
  ChatRequestReader reader(dialect);
  const JsonReadResult read = read_json(body, kRequestDepthMax, reader);
  if (!read.ok) return invalid_json(read.what + " at byte " + std::to_string(read.offset));
  return reader.finish();
}

}  // namespace lab
