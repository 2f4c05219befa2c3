#include "loader/world/real_gateway.h"

#include <utility>

#include "mockgw/embedded.h"

namespace loader {

RealGateway::RealGateway() = default;

RealGateway::~RealGateway() {
  if (!thread_.joinable()) return;
  // Not stop() itself, which has no effect on a run() that has not begun.
  runtime_.post([this] { runtime_.stop(); });
  thread_.join();
}

lab::Result<std::unique_ptr<RealGateway>> RealGateway::start(const GatewayText& text) {
  auto gateway = std::unique_ptr<RealGateway>(new RealGateway);
  auto started = mockgw::EmbeddedGateway::start(gateway->runtime_, lab::Endpoint{"127.0.0.1", 0},
                                                text.text, text.file, text.seed);
  if (!started) return started.error();
  gateway->server_ = *std::move(started);
  gateway->url_ = "http://127.0.0.1:" + std::to_string(gateway->server_->endpoint().port);
  gateway->thread_ = std::thread([raw = gateway.get()] { raw->runtime_.run(); });
  return gateway;
}

}  // namespace loader
