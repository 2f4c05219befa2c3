// A gateway file: read, written as --print-config does, read again; and asked by a client.
#include <memory>
#include <string>

#include "mockgw/answer/request_handler.h"
#include "mockgw/config/gateway_config.h"
#include "shared/base/json.h"
#include "tests/fuzz/fuzz.h"

namespace mockgw {
namespace {

// What is printed can be read, and is printed again the same.
void check_printed(const GatewayConfig& config) {
  const std::string printed = to_json(config).dump();
  const auto again = read_gateway_config(printed, "printed.json");
  assert(again && to_json(*again).dump() == printed);
}

lab::HttpRequest request(std::string_view stream) {
  lab::HttpRequest request;
  request.method = "POST";
  request.target = "/v1/chat/completions";
  request.headers.add("Authorization", "Bearer sk-1");
  request.body = R"({"model":"gpt-4","messages":[{"role":"user","content":"Hi"}],)"
                 R"("max_tokens":8,"stream":)" +
                 std::string(stream) + "}";
  return request;
}

void ask(GatewayConfig config) {
  const auto state = std::make_shared<GatewayState>(std::move(config), GatewayClock{}, nullptr);
  const Moment arrival{.arrival = lab::TimePoint(std::chrono::seconds(7)),
                       .arrival_elapsed = std::chrono::seconds(7),
                       .arrival_wall = lab::WallTime(std::chrono::seconds(1'700'000'007))};
  for (const char* const stream : {"false", "true"}) {
    const lab::HttpRequest asked = request(stream);
    Exchange exchange;
    exchange.begin(state, {.http = asked, .number = 1, .moment = arrival});
    answer_request(exchange);
    const unsigned status = exchange.response.status;
    assert(exchange.awaits_slot || (status >= 200 && status < 600));
    assert(exchange.reply.due >= lab::Duration::zero());
  }
}

}  // namespace
}  // namespace mockgw

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mockgw;
  auto config = read_gateway_config(lab::fuzz::text_of(data, size), "gateway.json");
  if (!config) {
    lab::fuzz::check_refusal(config.error(), "gateway.json");
    return 0;
  }
  check_printed(*config);
  ask(std::move(*config));
  return 0;
}
