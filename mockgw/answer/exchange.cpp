#include "mockgw/answer/exchange.h"

#include <utility>

namespace mockgw {

void Exchange::begin(std::shared_ptr<GatewayState> in_force, const Arrival& arrival) {
  state = std::move(in_force);
  request = {.http = &arrival.http,
             .path = lab::target_path(arrival.http.target),
             .api_key = api_key_of(arrival.http.headers, state->config.profile.key_header),
             .remote_address = arrival.remote_address,
             .identity = identify(arrival.http.headers, arrival.number, state->rng)};
  moment = arrival.moment;
  awaits_slot = false;
  is_operators = false;
  limit_headers.clear();
  reply = {};
  owed = {.number = arrival.number};
  record = {};
  response.status = 200;
  response.headers.clear();
  response.body.clear();
  plan.usage = {};  // The rest of the plan is written over before it is read.
}

}  // namespace mockgw
