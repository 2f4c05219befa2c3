#include "mockgw/embedded.h"

#include "mockgw/config/gateway_config.h"
#include "mockgw/config/shared_limits.h"
#include "mockgw/gateway/gateway.h"
#include "mockgw/server/server.h"
#include "shared/runtime/runtime.h"

namespace mockgw {

struct EmbeddedGateway::State {
  State(lab::Runtime& runtime, std::shared_ptr<Gateway> shared_gateway)
      : gateway(std::move(shared_gateway)), server(runtime, gateway) {}

  std::shared_ptr<Gateway> gateway;  // Shared with the server's coroutines.
  Server server;
  lab::Endpoint endpoint;
};

lab::Result<std::unique_ptr<EmbeddedGateway>> EmbeddedGateway::start(
    lab::Runtime& runtime, const lab::Endpoint& endpoint, std::string_view config_text,
    std::string_view file, std::optional<std::uint64_t> seed) {
  const ConfigOverrides overrides{.seed = seed};
  auto config = read_gateway_config(config_text, file, overrides);
  if (!config) return config.error();
  auto gateway =
      std::make_shared<Gateway>(std::move(*config), runtime.now(), runtime.wall_now(), overrides);
  auto state = std::make_unique<State>(runtime, std::move(gateway));
  const auto bound = state->server.start(endpoint, false);
  if (!bound) {
    return lab::Error{"",
                      "cannot listen on " + endpoint.to_string() + ": " + bound.error().message()};
  }
  state->endpoint = *bound;
  return std::unique_ptr<EmbeddedGateway>(new EmbeddedGateway(std::move(state)));
}

lab::Result<std::vector<std::string>> shared_limits(std::string_view config_text,
                                                    std::string_view file) {
  const auto config = read_gateway_config(config_text, file);
  if (!config) return config.error();
  return lab::Result<std::vector<std::string>>(boost::system::in_place_value,
                                               shared_limits(*config));
}

EmbeddedGateway::EmbeddedGateway(std::unique_ptr<State> state) : state_(std::move(state)) {}
EmbeddedGateway::~EmbeddedGateway() = default;

void EmbeddedGateway::stop() { state_->server.stop(); }
lab::Endpoint EmbeddedGateway::endpoint() const { return state_->endpoint; }
std::uint64_t EmbeddedGateway::requests() const { return state_->gateway->requests(); }

std::map<unsigned, std::uint64_t> EmbeddedGateway::statuses() const {
  std::map<unsigned, std::uint64_t> statuses;
  const RequestCounts counts = state_->gateway->counts();
  for (const auto& [key, count] : counts.requests) statuses[std::get<unsigned>(key)] += count;
  return statuses;
}

}  // namespace mockgw
