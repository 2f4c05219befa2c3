// How late the chunks of many streams come. Usage: chunk_lateness PORT STREAMS SECONDS TTFT_MS
// ITL_MS
//
// The gateway must have those constant latencies and answers long enough. Chunk k of a stream is
// due at its request's start + TTFT + k * ITL; its lateness is what comes on top until a client has
// read it, so the client's own delay and the loopback's are in it. Prints p50, p99 and the largest
// in milliseconds.
#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "shared/protocol/sse.h"
#include "shared/runtime/asio_runtime.h"
#include "shared/runtime/http_io.h"

namespace {

namespace asio = lab::asio;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::string_view kBody = R"({"model":"gpt-4","stream":true,"max_tokens":100000,)"
                                   R"("messages":[{"role":"user","content":"Hi"}]})";

struct Plan {
  lab::Endpoint endpoint{};
  int streams = 0;
  lab::Duration length{};
  lab::Duration ttft{};
  lab::Duration itl{};
};

struct Seen {
  std::vector<float> lateness;  // Milliseconds, of every content chunk.
  int failed = 0;
};

lab::HttpRequest chat_request() {
  lab::HttpRequest request;
  request.method = "POST";
  request.target = "/v1/chat/completions";
  request.headers.set("Content-Type", "application/json");
  request.headers.set("Authorization", "Bearer test-api-key");
  request.body = kBody;
  return request;
}

asio::awaitable<void> stream(lab::AsioRuntime& runtime, Plan plan, lab::TimePoint start,
                             lab::TimePoint end, Seen& seen) {
  auto connected = co_await runtime.connect(plan.endpoint, end);
  (void)co_await runtime.sleep_until(start);
  if (!connected) {
    ++seen.failed;
    co_return;
  }
  lab::HttpClientConnection connection(runtime, *std::move(connected), lab::HttpLimits{});
  const lab::HttpRequest request = chat_request();
  lab::ErrorCode ec = co_await connection.send(request, "localhost");
  if (!ec) ec = co_await connection.read_head();
  if (ec || connection.status() != 200) {
    ++seen.failed;
    co_return;
  }
  const lab::TimePoint sent = connection.times().send_started;
  lab::SseDecoder decoder;
  int chunk = -1;  // The role's chunk comes before the first token's.
  while (runtime.now() < end) {
    const auto bytes = co_await connection.read_body();
    if (!bytes || bytes->empty()) break;
    const lab::TimePoint now = runtime.now();
    decoder.push(*bytes, [&](const lab::SseEvent&) {
      if (chunk >= 0) {
        const lab::TimePoint due = sent + plan.ttft + chunk * plan.itl;
        seen.lateness.push_back(static_cast<float>(Milliseconds(now - due).count()));
      }
      ++chunk;
    });
  }
}

int number(const char* text) {
  int value = 0;
  const std::string_view all(text);
  const auto [end, error] = std::from_chars(all.data(), all.data() + all.size(), value);
  if (error != std::errc{} || end != all.data() + all.size() || value <= 0) {
    std::fprintf(stderr, "%s is not a positive number\n", text);
    std::exit(2);
  }
  return value;
}

void print(Seen& seen) {
  std::sort(seen.lateness.begin(), seen.lateness.end());
  const auto at = [&](double share) {
    return static_cast<double>(seen.lateness[static_cast<std::size_t>(
        share * static_cast<double>(seen.lateness.size() - 1))]);
  };
  std::printf("%zu chunks, lateness p50 %.3f ms, p99 %.3f ms, max %.3f ms, %d streams failed\n",
              seen.lateness.size(), at(0.5), at(0.99), at(1), seen.failed);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 6) {
    std::fprintf(stderr, "usage: chunk_lateness PORT STREAMS SECONDS TTFT_MS ITL_MS\n");
    return 2;
  }
  lab::AsioRuntime runtime;
  Plan plan;
  plan.endpoint = {.address = "127.0.0.1", .port = static_cast<std::uint16_t>(number(argv[1]))};
  plan.streams = number(argv[2]);
  plan.length = std::chrono::seconds(number(argv[3]));
  plan.ttft = std::chrono::milliseconds(number(argv[4]));
  plan.itl = std::chrono::milliseconds(number(argv[5]));
  Seen seen;
  // All are connected first; then they start at even distances over one second, as users do not
  // start in step, and the last has as long as the first.
  const lab::TimePoint begin = runtime.now() + std::chrono::seconds(2);
  for (int i = 0; i < plan.streams; ++i) {
    const lab::TimePoint start = begin + i * lab::Duration(std::chrono::seconds(1)) / plan.streams;
    asio::co_spawn(runtime.executor(), stream(runtime, plan, start, begin + plan.length, seen),
                   asio::detached);
  }
  runtime.run();
  if (seen.lateness.empty()) {
    std::fprintf(stderr, "no chunk came\n");
    return 1;
  }
  print(seen);
  return seen.failed == 0 ? 0 : 1;
}
