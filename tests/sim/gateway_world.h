// A gateway and clients of it in simulation, for the tests of this folder.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "mockgw/embedded.h"
#include "shared/runtime/http_io.h"
#include "shared/sim/sim_runtime.h"

namespace lab::test {

/// A response as a client saw it, with the time at which each piece of the body was read.
struct SeenResponse {
  ErrorCode ec;  ///< Of the first step that failed.
  unsigned status = 0;
  HttpHeaders headers;
  std::string body;
  std::vector<std::pair<Duration, std::string>> pieces;  ///< Since the request was sent.
  Duration head_at{};
  Duration end_at{};

  [[nodiscard]] std::string header(std::string_view name) const {
    return std::string(headers.find(name).value_or(""));
  }
  /// The data of every event of the body, framed with a space and line feeds.
  [[nodiscard]] std::vector<std::string> events() const;
};

[[nodiscard]] HttpRequest chat_request(bool stream, std::string_view model = "gpt-4");

/// For co_spawn: time that passes.
asio::awaitable<void> wait(SimRuntime& runtime, Duration d);

/// The network is without delay, so that a client sees the gateway's own times.
class GatewayWorld {
 public:
  explicit GatewayWorld(std::string_view gateway_file);

  [[nodiscard]] SimRuntime& runtime() { return runtime_; }
  [[nodiscard]] mockgw::EmbeddedGateway& gateway() { return *gateway_; }

  /// Runs a client's coroutine to its end.
  void run(asio::awaitable<void> task);
  /// One request on a connection of its own.
  [[nodiscard]] SeenResponse send(HttpRequest request);
  /// Bytes as they are, then everything that comes back until the gateway closes.
  [[nodiscard]] std::string send_raw(std::string bytes);

  asio::awaitable<std::unique_ptr<Stream>> connect();
  asio::awaitable<SeenResponse> exchange(HttpClientConnection& connection, HttpRequest request);

 private:
  SimRuntime runtime_;
  std::unique_ptr<mockgw::EmbeddedGateway> gateway_;
};

}  // namespace lab::test
