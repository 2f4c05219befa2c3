// What a server and the coroutines of its connections share.
#pragma once

#include <cstdint>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "mockgw/gateway/admission_gate.h"
#include "mockgw/server/exchange_pool.h"
#include "mockgw/server/operator_handler.h"
#include "mockgw/server/server.h"
#include "mockgw/server/work_turns.h"
#include "shared/runtime/http_io.h"
#include "shared/runtime/wakeup.h"

namespace mockgw {

struct ServerState {
  /// One connection under way; on the list while it lives.
  struct Connection {
    Connection(ServerState& owner, std::unique_ptr<lab::Stream> stream,
               const GatewayConfig& config);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    ServerState& state;
    lab::HttpServerConnection http;
    std::string remote_address;
    bool answers = false;
    AdmissionGate* queue = nullptr;  // While the request `queued` waits there.
    std::uint64_t queued = 0;
    std::list<Connection*>::iterator place;
  };

  ServerState(lab::Runtime& its_runtime, std::shared_ptr<Gateway> its_gateway,
              ServerOptions its_options)
      : runtime(its_runtime),
        options(its_options),
        gateway(std::move(its_gateway)),
        counters(gateway->add_thread()),
        view(*gateway) {}

  [[nodiscard]] const std::shared_ptr<GatewayState>& gateway_state(lab::TimePoint now) {
    return view.get(gateway->elapsed(now));
  }

  /// Of a request for `target`, if it is the operator's.
  [[nodiscard]] std::optional<OperatorRoute> operator_route(std::string_view target) {
    return find_operator_route(gateway_state(runtime.now())->config, lab::target_path(target));
  }

  lab::Runtime& runtime;
  const ServerOptions options;
  std::shared_ptr<Gateway> gateway;
  std::shared_ptr<ThreadCounters> counters;  // Shared with the gateway, which adds them up.
  StateView view;
  WorkTurns turns{runtime.executor()};
  ExchangePool exchanges;
  std::unique_ptr<lab::Listener> listener;
  bool is_on_loopback = true;  // The listener is.
  std::list<Connection*> connections;
  lab::Wakeup last_left{runtime};
  std::size_t handshakes = 0;         // Connections that are not on the list yet.
  std::uint64_t accept_failures = 0;  // Since the last connection.
  bool stopping = false;
};

}  // namespace mockgw
