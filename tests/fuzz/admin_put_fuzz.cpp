// PUT /admin/config: what a running gateway makes of a file that comes over the network, and what
// its operator sees of it then.
#include <string>

#include "mockgw/admin/admin_request.h"
#include "mockgw/admin/gateway_view.h"
#include "mockgw/admin/metric_families.h"
#include "shared/base/json.h"
#include "tests/fuzz/fuzz.h"

namespace mockgw {
namespace {

constexpr lab::TimePoint kNow{std::chrono::seconds(7)};
constexpr lab::WallTime kWallNow{std::chrono::seconds(1'700'000'007)};

AdminReply ask(Gateway& gateway, std::string_view method, std::string_view path,
               std::string_view body = {}) {
  return perform(parse_admin_command(method, path), body, gateway, kNow, kWallNow);
}

// The file in force stays.
void check_refused(const AdminReply& reply, const Gateway& gateway, std::uint64_t version) {
  assert(reply.status == 400);
  const lab::Json body = lab::Json::parse(reply.body);
  assert(!body["error"]["problems"].empty());
  assert(gateway.version() == version);
}

void check_taken(const AdminReply& reply, Gateway& gateway) {
  assert(ask(gateway, "GET", "/config").body == reply.body);
  // What is shown can be put back.
  const AdminReply again = ask(gateway, "PUT", "/config", reply.body);
  assert(again.status == 200 && again.body == reply.body);
  for (const char* const path : {"/stats", "/breakers"}) {
    const AdminReply shown = ask(gateway, "GET", path);
    assert(shown.status == 200 && lab::Json::accept(shown.body));
  }
  assert(!metrics_text(view_gateway(gateway, kNow, kWallNow)).empty());
}

}  // namespace
}  // namespace mockgw

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace mockgw;
  static const GatewayConfig healthy = read_gateway_config("{}", "gateway.json").value();
  Gateway gateway(healthy, {}, {});
  const std::uint64_t version = gateway.version();
  const AdminReply reply = ask(gateway, "PUT", "/config", lab::fuzz::text_of(data, size));
  if (reply.status == 200) {
    check_taken(reply, gateway);
  } else {
    check_refused(reply, gateway, version);
  }
  return 0;
}
