#include "tests/sim/gateway_world.h"
#include "shared/runtime/await.h"

#include <stdexcept>

#include "shared/protocol/sse.h"

namespace lab::test {
namespace {

const Endpoint kEndpoint{"127.0.0.1", 8080};

SimRuntime::Options quiet_network() {
  SimRuntime::Options options;
  options.network.latency = Distribution::Kind(Distribution::Constant{0});
  options.time_max = std::chrono::hours(2);
  return options;
}

asio::awaitable<void> send_one(GatewayWorld& world, HttpRequest request, SeenResponse& seen) {
  auto stream = co_await world.connect();
  HttpClientConnection connection(world.runtime(), std::move(stream), HttpLimits{});
  seen = co_await world.exchange(connection, std::move(request));
}

asio::awaitable<void> send_bytes(GatewayWorld& world, std::string bytes, std::string& answer) {
  const auto stream = co_await world.connect();
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const auto [ec, n] = co_await stream->async_write_some(asio::buffer(rest), kAwait);
    if (ec) break;
    rest.remove_prefix(n);
  }
  std::string room(4096, '\0');
  for (;;) {
    const auto [ec, n] = co_await stream->async_read_some(asio::buffer(room), kAwait);
    answer.append(room, 0, n);
    if (ec) co_return;
  }
}

}  // namespace

std::vector<std::string> SeenResponse::events() const {
  std::vector<std::string> events;
  SseDecoder decoder;
  decoder.push(body, [&](const SseEvent& event) { events.emplace_back(event.data); });
  return events;
}

HttpRequest chat_request(bool stream, std::string_view model) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/v1/chat/completions";
  request.headers.add("Authorization", "Bearer test-api-key");
  request.headers.add("Content-Type", "application/json");
  request.body = R"({"model":")" + std::string(model) +
                 R"(","messages":[{"role":"user","content":"Say hello."}])" +
                 (stream ? R"(,"stream":true})" : "}");
  return request;
}

GatewayWorld::GatewayWorld(std::string_view gateway_file) : runtime_(quiet_network()) {
  auto started =
      mockgw::EmbeddedGateway::start(runtime_, kEndpoint, gateway_file, "gateway.json", {});
  if (!started) throw std::runtime_error(started.error().to_string());
  gateway_ = std::move(*started);
}

asio::awaitable<void> wait(SimRuntime& runtime, Duration d) { (void)co_await runtime.sleep_for(d); }

void GatewayWorld::run(asio::awaitable<void> task) {
  const auto done = runtime_.run_until_complete(std::move(task));
  if (!done) throw std::runtime_error(done.error().to_string());
}

SeenResponse GatewayWorld::send(HttpRequest request) {
  SeenResponse seen;
  run(send_one(*this, std::move(request), seen));
  return seen;
}

std::string GatewayWorld::send_raw(std::string bytes) {
  std::string answer;
  run(send_bytes(*this, std::move(bytes), answer));
  return answer;
}

asio::awaitable<std::unique_ptr<Stream>> GatewayWorld::connect() {
  auto stream = co_await runtime_.connect(kEndpoint, kNoDeadline);
  co_return std::move(stream).value();
}

asio::awaitable<SeenResponse> GatewayWorld::exchange(HttpClientConnection& connection,
                                                     HttpRequest request) {
  SeenResponse seen;
  const TimePoint sent = runtime_.now();
  const auto since = [&] { return runtime_.now() - sent; };
  seen.ec = co_await connection.send(request, "localhost");
  if (!seen.ec) seen.ec = co_await connection.read_head();
  if (seen.ec) co_return seen;
  seen.head_at = since();
  seen.status = connection.status();
  seen.headers = connection.headers();
  for (;;) {
    const auto piece = co_await connection.read_body();
    if (!piece) seen.ec = piece.error();
    if (!piece || piece->empty()) break;
    seen.body += *piece;
    seen.pieces.emplace_back(since(), *piece);
  }
  seen.end_at = since();
  co_return seen;
}

}  // namespace lab::test
