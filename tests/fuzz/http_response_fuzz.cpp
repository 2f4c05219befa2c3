// The client's end of a connection: responses, one after the other, as a server may send them; and
// their content coding.
#include <optional>
#include <string>

#include "loader/http/body_decoder.h"
#include "shared/runtime/http_io.h"
#include "shared/sim/sim_runtime.h"
#include "tests/fuzz/fuzz.h"
#include "tests/fuzz/scripted_stream.h"

namespace lab::fuzz {
namespace {

constexpr HttpLimits kLimits{
    .header_bytes_max = 1024, .header_fields_max = 12, .body_bytes_max = 600};
constexpr std::uint64_t kDecodedBytesMax = 4096;

// Whether the body came whole; decodes what comes. What error it ends in, and how much of it comes
// before, may depend on the pieces: Beast judges a line that comes at once as it comes, but
// otherwise waits for its end; and gives nothing of a piece that goes beyond the limit.
asio::awaitable<bool> read_body(HttpClientConnection& connection, std::string& body) {
  loader::BodyDecoder decoder(connection.headers().find("Content-Encoding").value_or(""),
                              kDecodedBytesMax);
  bool decodes = true;
  for (;;) {
    const auto piece = co_await connection.read_body();
    if (!piece) co_return false;
    if (piece->empty()) co_return true;
    body += *piece;
    assert(body.size() <= kLimits.body_bytes_max);
    if (!decodes) continue;
    const auto decoded = decoder.decode(*piece);
    decodes = decoded.has_value();
    assert(!decodes || decoded->size() <= std::max(kDecodedBytesMax, piece->size()));
  }
}

// One exchange: what it looked like.
asio::awaitable<std::string> exchange(HttpClientConnection& connection,
                                      const HttpRequest& request) {
  const ErrorCode sent = co_await connection.send(request, "host");
  assert(!sent);
  const ErrorCode ec = co_await connection.read_head();
  if (ec) {
    assert(!connection.reusable());
    co_return ec == Errc::end_of_stream ? "closed" : "refused";
  }
  std::string seen = std::to_string(connection.status()) + '\n';
  connection.headers().append_to(seen);
  std::string body;
  const bool is_whole = co_await read_body(connection, body);
  co_return seen + '\n' + (is_whole ? body : "broken");
}

asio::awaitable<void> read_all(Runtime& runtime, std::vector<std::string_view> pieces,
                               std::string method, std::string& first) {
  HttpClientConnection connection(
      runtime, std::make_unique<ScriptedStream>(runtime.executor(), std::move(pieces)), kLimits);
  HttpRequest request;
  request.method = std::move(method);
  first = co_await exchange(connection, request);
  while (connection.reusable()) (void)co_await exchange(connection, request);
}

// What the first exchange looked like: whether there is a second one does depend on the pieces,
// since bytes that come unasked, with the first response, end the connection.
std::string read(std::vector<std::string_view> pieces, std::string method) {
  std::string seen;
  SimRuntime runtime;
  const auto done =
      runtime.run_until_complete(read_all(runtime, std::move(pieces), std::move(method), seen));
  assert(done);
  return seen;
}

}  // namespace
}  // namespace lab::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lab::fuzz;
  const std::string_view text = text_of(data, size);
  if (text.empty()) return 0;
  (void)read({text}, "HEAD");
  check_any_cut(text, kLimits.header_bytes_max, [](std::vector<std::string_view> pieces) {
    return read(std::move(pieces), "GET");
  });
  return 0;
}
