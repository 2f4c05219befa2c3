// One virtual user against a server that follows a script, in virtual time.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/flow/virtual_user.h"
#include "loader/metrics/metrics.h"
#include "shared/sim/sim_runtime.h"

namespace loader::test {

/// What the server does next on one connection.
struct Act {
  enum class Kind { read_request, write, pause, finish, reset, flood };
  Kind kind = Kind::read_request;
  std::string bytes{};
  lab::Duration duration{};
};
using Script = std::vector<Act>;

inline Act read_request() { return {Act::Kind::read_request}; }
inline Act write(std::string bytes) { return {Act::Kind::write, std::move(bytes)}; }
inline Act pause(lab::Duration duration) { return {Act::Kind::pause, {}, duration}; }
/// FIN; what the client still sends is ignored.
inline Act finish() { return {Act::Kind::finish}; }
inline Act reset() { return {Act::Kind::reset}; }
/// Writes `bytes` again and again until the client closes.
inline Act flood(std::string bytes) { return {Act::Kind::flood, std::move(bytes)}; }

/// A whole response with Content-Length; `headers` are lines with their ends.
[[nodiscard]] std::string response(unsigned status, std::string_view body,
                                   std::string_view headers = "Content-Type: application/json\r\n");
/// The head of a chunked event stream, one chunk, and the last chunk.
[[nodiscard]] std::string stream_head();
[[nodiscard]] std::string chunk(std::string_view bytes);
[[nodiscard]] std::string last_chunk();

/// The body of a successful chat.
inline constexpr std::string_view kCompletion =
    R"({"choices":[{"index":0,"message":{"role":"assistant","content":"Hi"},"finish_reason":"stop"}],)"
    R"("usage":{"prompt_tokens":3,"completion_tokens":7,"total_tokens":10}})";

struct SeenSample {
  std::string metric;
  double value = 0;
  lab::TimePoint at;
  std::map<std::string, std::string> tags;
};

/// "(none)" if the sample has no such tag.
[[nodiscard]] std::string tag(const SeenSample& sample, const std::string& key);

class FlowWorld {
 public:
  static constexpr lab::Duration kLatency = std::chrono::milliseconds(1);  ///< One way.

  explicit FlowWorld(std::uint64_t seed = 1);
  ~FlowWorld();

  /// The n-th connection follows the n-th script; past the last one, connections are closed at
  /// once. An empty list of scripts: nobody listens.
  std::vector<Script> scripts;
  RunSettings settings;
  lab::SimRuntime runtime;
  /// What each connection sent, in the order of connecting.
  std::vector<std::string> received;
  std::vector<SeenSample> samples;
  std::vector<std::string> warnings;

  /// Runs `iterations` iterations of the flow `steps` (JSON); the last one's outcome. With
  /// `cut_after` the last one is cancelled that long after its start.
  IterationOutcome run(std::string_view steps, int iterations = 1,
                       std::optional<lab::Duration> cut_after = std::nullopt);

  [[nodiscard]] std::vector<SeenSample> of(std::string_view metric) const;
  [[nodiscard]] std::size_t count(std::string_view metric) const { return of(metric).size(); }
  /// The only sample of a metric.
  [[nodiscard]] SeenSample only(std::string_view metric) const;
  [[nodiscard]] double sum(std::string_view metric) const;

 private:
  boost::asio::awaitable<void> serve();
  boost::asio::awaitable<void> follow(std::unique_ptr<lab::Stream> stream, std::size_t index);
  boost::asio::awaitable<void> iterate(const Flow* flow, int iterations,
                                       std::optional<lab::Duration> cut_after);
  boost::asio::awaitable<void> run_one(const Flow* flow, int index);

  std::unique_ptr<lab::Listener> listener_;
  std::unique_ptr<VirtualUser> user_;
  IterationOutcome outcome_;
};

}  // namespace loader::test
