// The server's end of a connection: requests, one after the other, as a client may send them.
#include <optional>
#include <string>

#include "shared/runtime/http_io.h"
#include "shared/sim/sim_runtime.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/scripted_stream.h"

namespace lab::fuzz {
namespace {

constexpr HttpLimits kLimits{
    .header_bytes_max = 1024, .header_fields_max = 12, .body_bytes_max = 600};
constexpr std::uint64_t kLargeBodyBytesMax = 900;

// What is read of a connection, for comparison.
std::string shown(const HttpRequest& request) {
  std::string text = request.method + ' ' + request.target + (request.http_1_0 ? " 1.0\n" : "\n");
  request.headers.append_to(text);
  return text + '\n' + request.body + '\n';
}

void check(const HttpRequest& request) {
  assert(!request.method.empty() && !request.target.empty());
  assert(request.headers.size() <= kLimits.header_fields_max);
  const bool may_be_large = request.target == "/large";
  assert(request.body.size() <= (may_be_large ? kLargeBodyBytesMax : kLimits.body_bytes_max));
}

// Which error it is may depend on the pieces: Beast judges a line that comes at once as it comes,
// but otherwise waits for the head's end, which may never come.
std::string_view end_of(ErrorCode ec) { return ec == Errc::end_of_stream ? "closed" : "refused"; }

asio::awaitable<void> read_all(Runtime& runtime, std::vector<std::string_view> pieces,
                               std::string& seen) {
  HttpServerConnection connection(
      runtime, std::make_unique<ScriptedStream>(runtime.executor(), std::move(pieces)), kLimits,
      {});
  connection.limit_bodies_by([](std::string_view target) {
    return target == "/large" ? std::optional(kLargeBodyBytesMax) : std::nullopt;
  });
  for (;;) {
    const ErrorCode ec = co_await connection.read_request();
    if (ec) {
      assert(!connection.keep_alive());
      seen += end_of(ec);
      co_return;
    }
    check(connection.request());
    seen += shown(connection.request());
    if (!connection.keep_alive()) co_return;
  }
}

std::string read(std::vector<std::string_view> pieces) {
  std::string seen;
  SimRuntime runtime;
  const auto done = runtime.run_until_complete(read_all(runtime, std::move(pieces), seen));
  assert(done);
  return seen;
}

}  // namespace
}  // namespace lab::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lab::fuzz;
  const std::string_view text = text_of(data, size);
  if (text.empty()) return 0;
  check_any_cut(text, kLimits.header_bytes_max,
                [](std::vector<std::string_view> pieces) { return read(std::move(pieces)); });
  return 0;
}
