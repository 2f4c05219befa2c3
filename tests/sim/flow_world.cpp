#include "tests/sim/flow_world.h"
#include "shared/runtime/await.h"

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <charconv>
#include <exception>

#include "shared/base/json.h"

namespace loader::test {
namespace {

namespace asio = boost::asio;
using lab::kAwait;

void rethrow(std::exception_ptr thrown) {
  if (thrown) std::rethrow_exception(thrown);
}

lab::SimRuntime::Options options_of(std::uint64_t seed) {
  lab::SimRuntime::Options options;
  options.seed = seed;
  options.network.latency =
      lab::Distribution(lab::Distribution::Constant{lab::to_seconds(FlowWorld::kLatency)});
  return options;
}

std::size_t content_length(std::string_view head) {
  constexpr std::string_view kField = "Content-Length: ";
  const std::size_t at = head.find(kField);
  std::size_t length = 0;
  if (at != std::string_view::npos) {
    std::from_chars(head.data() + at + kField.size(), head.data() + head.size(), length);
  }
  return length;
}

// True once `bytes` from `from` on hold a whole request.
bool has_request(std::string_view bytes, std::size_t from) {
  const std::string_view rest = bytes.substr(from);
  const std::size_t end = rest.find("\r\n\r\n");
  return end != std::string_view::npos &&
         rest.size() >= end + 4 + content_length(rest.substr(0, end));
}

asio::awaitable<void> write_all(lab::Stream* stream, std::string bytes) {
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const auto [ec, n] =
        co_await stream->async_write_some(asio::const_buffer(rest.data(), rest.size()), kAwait);
    if (ec) co_return;
    rest.remove_prefix(n);
  }
}

}  // namespace

std::string response(unsigned status, std::string_view body, std::string_view headers) {
  return "HTTP/1.1 " + std::to_string(status) + " X\r\n" + std::string(headers) +
         "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

std::string stream_head() {
  return "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
}

std::string chunk(std::string_view bytes) {
  char size[16];
  const auto end = std::to_chars(size, size + sizeof size, bytes.size(), 16).ptr;
  return std::string(size, end) + "\r\n" + std::string(bytes) + "\r\n";
}

std::string last_chunk() { return "0\r\n\r\n"; }

std::string tag(const SeenSample& sample, const std::string& key) {
  const auto found = sample.tags.find(key);
  return found == sample.tags.end() ? "(none)" : found->second;
}

FlowWorld::FlowWorld(std::uint64_t seed) : runtime(options_of(seed)) {
  settings.base_url = parse_url("http://gateway:80").value();
  settings.api_key = "key";
  settings.rng = lab::Rng(seed);
  runtime.add_host("gateway", "10.0.0.1");
}

FlowWorld::~FlowWorld() = default;

asio::awaitable<void> FlowWorld::serve() {
  for (std::size_t index = 0;; ++index) {
    auto accepted = co_await listener_->accept();
    if (accepted.has_error()) co_return;
    received.emplace_back();
    auto following = follow(std::move(*accepted), index);
    asio::co_spawn(runtime.executor(), std::move(following), rethrow);
  }
}

asio::awaitable<void> FlowWorld::follow(std::unique_ptr<lab::Stream> stream, std::size_t index) {
  if (index >= scripts.size()) co_return;
  std::size_t read_to = 0;
  for (const Act& act : scripts[index]) {
    switch (act.kind) {
      case Act::Kind::read_request:
        while (!has_request(received[index], read_to)) {
          char room[4096];
          const auto [ec, n] = co_await stream->async_read_some(asio::buffer(room), kAwait);
          if (ec) co_return;
          received[index].append(room, n);
        }
        read_to = received[index].size();
        break;
      case Act::Kind::write:
        co_await write_all(stream.get(), act.bytes);
        break;
      case Act::Kind::pause:
        co_await runtime.sleep_for(act.duration);
        break;
      case Act::Kind::finish:
        stream->close();
        co_return;
      case Act::Kind::reset:
        stream->reset();
        co_return;
      case Act::Kind::flood:
        while (true) {
          const auto [ec, n] = co_await stream->async_write_some(asio::buffer(act.bytes), kAwait);
          if (ec) co_return;
          // Even the fastest server takes a while; without it, virtual time would stand still.
          co_await runtime.sleep_for(std::chrono::microseconds(10));
        }
    }
  }
  // Open, but silent, until the client leaves.
  char room[4096];
  while (true) {
    const auto [ec, n] = co_await stream->async_read_some(asio::buffer(room), kAwait);
    if (ec) co_return;
  }
}

asio::awaitable<void> FlowWorld::run_one(const Flow* flow, int index) {
  outcome_ =
      co_await user_->run_iteration(*flow, {.scenario = "test",
                                            .tags = {},
                                            .iteration_in_vu = static_cast<std::uint64_t>(index),
                                            .place = 1,
                                            .iteration_in_place = static_cast<std::uint64_t>(index),
                                            .started = runtime.now()});
}

asio::awaitable<void> FlowWorld::iterate(const Flow* flow, int iterations,
                                         std::optional<lab::Duration> cut_after) {
  for (int i = 0; i + 1 < iterations; ++i) co_await run_one(flow, i);
  if (!cut_after) {
    co_await run_one(flow, iterations - 1);
    co_return;
  }
  asio::cancellation_signal signal;
  bool is_done = false;
  auto last = run_one(flow, iterations - 1);
  asio::co_spawn(runtime.executor(), std::move(last),
                 asio::bind_cancellation_slot(signal.slot(), [&is_done](std::exception_ptr thrown) {
                   is_done = true;
                   rethrow(thrown);
                 }));
  co_await runtime.sleep_for(*cut_after);
  signal.emit(asio::cancellation_type::terminal);
  // "At once" leaves the cut no virtual time at all.
  co_await runtime.sleep_for(lab::Duration(1));
  EXPECT_TRUE(is_done);
}

IterationOutcome FlowWorld::run(std::string_view steps, int iterations,
                                std::optional<lab::Duration> cut_after) {
  const lab::Json json = lab::Json::parse(steps);
  lab::JsonProblems problems("suite.json");
  Flow flow = read_flow("test", {json, "flow", problems}, {});
  EXPECT_TRUE(problems.empty()) << problems.to_string();
  MetricRegistry registry;
  declare_checks(flow, registry.checks());
  TagTable table;
  Metrics metrics(registry, table);
  metrics.observe([this, &registry](const Sample& sample, const TagTable& tags) {
    SeenSample seen{registry.info(sample.metric).name, sample.value, sample.at, {}};
    for (const auto& [key, value] : tags.tags(sample.tags)) seen.tags[std::string(key)] = value;
    samples.push_back(std::move(seen));
  });
  settings.warn = [this](std::string warning) { warnings.push_back(std::move(warning)); };
  RunContext context(runtime, metrics, table, settings);
  user_ = std::make_unique<VirtualUser>(context);
  if (!scripts.empty()) {
    listener_ = std::move(runtime.listen({"10.0.0.1", 80}, false).value());
    auto serving = serve();
    asio::co_spawn(runtime.executor(), std::move(serving), rethrow);
  }
  const auto done = runtime.run_until_complete(iterate(&flow, iterations, cut_after));
  EXPECT_TRUE(done.has_value()) << done.error().to_string();
  // Nothing may be left behind once everybody has gone.
  user_.reset();
  if (listener_) listener_->close();
  EXPECT_EQ(runtime.run(), lab::SimRuntime::End::quiescent);
  listener_.reset();
  EXPECT_EQ(runtime.pending().connections, 0u) << runtime.describe();
  return outcome_;
}

std::vector<SeenSample> FlowWorld::of(std::string_view metric) const {
  std::vector<SeenSample> found;
  for (const SeenSample& sample : samples) {
    if (sample.metric == metric) found.push_back(sample);
  }
  return found;
}

SeenSample FlowWorld::only(std::string_view metric) const {
  const std::vector<SeenSample> found = of(metric);
  EXPECT_EQ(found.size(), 1u) << metric;
  return found.empty() ? SeenSample{} : found.front();
}

double FlowWorld::sum(std::string_view metric) const {
  double total = 0;
  for (const SeenSample& sample : of(metric)) total += sample.value;
  return total;
}

}  // namespace loader::test
