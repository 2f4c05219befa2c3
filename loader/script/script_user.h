// A virtual user that runs a script's functions: what its JavaScript asks of the outside ends here,
// in the same client, metrics and tags as a flow's.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/flow/iteration.h"
#include "loader/http/cookie_jar.h"
#include "loader/http/http_client.h"
#include "loader/script/script_instance.h"
#include "loader/script/script_run.h"

namespace loader {

class ScriptStream;

class ScriptUser {
 public:
  /// `run` outlives it. `vu` is __VU, 0 for setup, teardown and the summary.
  ScriptUser(ScriptRun& run, std::uint64_t vu);

  /// Runs the init code; before all else.
  boost::asio::awaitable<ScriptEnd> load() { return instance_.load(); }
  /// As VirtualUser::run_iteration() is. `scenario` is null for setup and teardown; lives until the
  /// iteration has ended.
  boost::asio::awaitable<IterationOutcome> run_iteration(ScriptPhase phase,
                                                         const ScriptScenario* scenario,
                                                         const std::string& function,
                                                         IterationContext iteration);
  /// Of setup(), after its iteration.
  [[nodiscard]] lab::Result<std::optional<std::string>> result_json() {
    return instance_.result_json();
  }
  /// Calls handleSummary() with `data`, JSON. Its requests go out; nobody measures them any more.
  boost::asio::awaitable<ScriptEnd> summarize(std::string data);
  /// What it returned.
  [[nodiscard]] lab::Result<std::optional<ScriptInstance::Files>> result_files() {
    return instance_.result_files();
  }
  void close_connections();

  // What follows is for the natives.

  [[nodiscard]] ScriptRun& run() { return run_; }
  [[nodiscard]] RunContext& context() { return run_.context; }
  [[nodiscard]] std::uint64_t vu() const { return vu_; }
  [[nodiscard]] const ScriptScenario* scenario() const { return scenario_; }
  [[nodiscard]] const IterationContext& iteration() const { return iteration_; }
  /// How many iterations of its scenario this virtual user has begun before.
  [[nodiscard]] std::uint64_t iteration_in_scenario_of_vu() const {
    const auto found = iterations_.find(scenario_);
    return found == iterations_.end() ? 0 : found->second - 1;
  }
  /// Of samples: the virtual user's, the group's.
  [[nodiscard]] TagSetId tags();
  void set_tag(std::string_view key, std::string_view value);
  void delete_tag(std::string_view key);
  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }
  void set_metadata(std::string_view name, std::string_view value);
  void delete_metadata(std::string_view name);
  /// A named_metadata().
  [[nodiscard]] std::string_view metadata_text() const { return metadata_text_; }

  void begin_group(std::string_view name);
  void end_group();
  void add_check(std::string_view name, bool passed, TagSetId tags);

  /// A client for one request; requests that run side by side have one each.
  [[nodiscard]] HttpClient* take_client();
  void give_back(HttpClient* client) { idle_clients_.push_back(client); }
  /// Jar 0 is the virtual user's own. Null: there is no such jar.
  [[nodiscard]] CookieJar* jar(std::int64_t number);
  [[nodiscard]] std::int64_t make_jar();
  /// Streams that the script is reading, by handle.
  [[nodiscard]] std::map<std::uint64_t, std::shared_ptr<ScriptStream>>& streams() {
    return streams_;
  }
  /// Ends those that the script has left open; on the instance's fiber.
  void end_streams();
  /// The same where there is no fiber any more.
  boost::asio::awaitable<void> abandon_streams();

 private:
  struct Group {
    GroupId id;
    std::string tag;  ///< That of the group around it.
    lab::TimePoint started;
  };

  /// Where the script is; it is declared.
  [[nodiscard]] GroupId group();
  void begin_iteration(ScriptPhase phase, const ScriptScenario* scenario,
                       const IterationContext& iteration);
  void forget_own_tags();
  IterationOutcome outcome_of(ScriptPhase phase, ScriptEnd end);
  void log_exception(ScriptEnd end);
  [[nodiscard]] std::uint64_t bytes_sent() const;
  [[nodiscard]] std::uint64_t bytes_received() const;

  ScriptRun& run_;
  std::uint64_t vu_;
  ScriptInstance instance_;
  const ScriptScenario* scenario_ = nullptr;
  const ScriptScenario* environment_of_ = nullptr;
  IterationContext iteration_;
  std::map<const ScriptScenario*, std::uint64_t> iterations_;  ///< Begun.
  /// What the script has set and deleted, over what its scenario says.
  std::map<std::string, std::optional<std::string>> own_tags_;
  std::string group_tag_;
  TagSetId tags_;  ///< Made of the iteration's tags_of_, the group and own_tags_.
  TagSetId tags_of_;
  bool are_tags_changed_ = true;
  std::map<std::string, std::string> metadata_;  ///< Of all its samples.
  std::string metadata_text_;
  std::vector<Group> groups_;
  std::string_view around_;       ///< The group of the phase; empty: none.
  bool has_environment_ = false;  ///< A scenario's.
  bool has_setup_data_ = false;
  std::vector<std::unique_ptr<HttpClient>> clients_;
  std::vector<HttpClient*> idle_clients_;  ///< The last used last.
  std::vector<std::unique_ptr<CookieJar>> jars_;
  std::map<std::uint64_t, std::shared_ptr<ScriptStream>> streams_;
};

}  // namespace loader
