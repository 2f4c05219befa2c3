#include "mockgw/server/answer.h"

#include "mockgw/server/chat_handler.h"
#include "mockgw/server/decode_limits.h"

namespace mockgw {

// Here, because PendingChat and DecodeLimits are incomplete in the header.
Answer::Answer() = default;
Answer::~Answer() = default;
Answer::Answer(Answer&&) noexcept = default;
Answer& Answer::operator=(Answer&&) noexcept = default;

void Answer::start(std::shared_ptr<GatewayState> in_force) {
  kind = Kind::response;
  due = {};
  response.status = 200;
  response.headers.clear();
  response.body.clear();
  pieces = {};
  faults = {};
  plan.usage = {};  // The rest of the plan is written over before it is read.
  decodes_in_batch = false;
  decode_limits.reset();
  route = {};
  model = nullptr;
  condition.reset();
  is_completion = false;
  is_operators = false;
  retries = 0;
  retried_faults.clear();
  settlement = {};
  state = std::move(in_force);
}

}  // namespace mockgw
