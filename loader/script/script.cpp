#include "loader/script/script.h"

#include <algorithm>
#include <fstream>
#include <utility>

#include "loader/script/engine/v8_engine.h"
#include "loader/script/engine/watchdog.h"
#include "loader/script/script_instance.h"
#include "loader/script/script_program.h"
#include "loader/script/script_run.h"
#include "loader/script/script_user.h"

namespace loader {
namespace {

namespace asio = boost::asio;

class EngineUsers final : public ScriptUsers {
 public:
  EngineUsers(ScriptProgram& program, RunContext& context, ScriptRunSettings settings)
      : run_{program, context, std::move(settings), {}, {}, {}} {}

  asio::awaitable<ScriptEnd> prepare(std::size_t index, std::uint64_t vu) override {
    if (users_.size() <= index) users_.resize(index + 1);
    if (users_[index] != nullptr) co_return ScriptEnd{};
    users_[index] = std::make_unique<ScriptUser>(run_, vu);
    co_return co_await users_[index]->load();
  }

  asio::awaitable<IterationOutcome> run_iteration(std::size_t index, const ScriptScenario* scenario,
                                                  IterationContext iteration) override {
    return users_[index]->run_iteration(ScriptPhase::iteration, scenario, scenario->function,
                                        iteration);
  }

  asio::awaitable<IterationOutcome> run_once(ScriptPhase phase,
                                             IterationContext iteration) override {
    const std::string function = phase == ScriptPhase::setup ? "setup" : "teardown";
    ScriptUser user(run_, 0);
    ScriptEnd loaded = co_await user.load();
    if (loaded.kind != ScriptEnd::Kind::completed) {
      co_return IterationOutcome{IterationOutcome::Kind::failed, std::move(loaded.text)};
    }
    IterationOutcome outcome = co_await user.run_iteration(phase, nullptr, function, iteration);
    const bool is_done = outcome.kind == IterationOutcome::Kind::completed;
    if (phase == ScriptPhase::setup && is_done) {
      auto json = user.result_json();
      if (!json) {
        co_return IterationOutcome{
            IterationOutcome::Kind::unusable,
            "error marshaling setup() data to JSON: " + json.error().to_string()};
      }
      run_.setup_data = *std::move(json);
    }
    co_return outcome;
  }

  [[nodiscard]] std::optional<std::string> setup_data() const override { return run_.setup_data; }
  void set_setup_data(std::optional<std::string> json) override {
    run_.setup_data = std::move(json);
  }

  asio::awaitable<lab::Result<std::optional<Files>>> summarize(std::string data) override {
    if (!run_.program.exports("handleSummary")) co_return std::optional<Files>();
    ScriptUser user(run_, 0);
    const ScriptEnd loaded = co_await user.load();
    if (loaded.kind != ScriptEnd::Kind::completed) co_return lab::Error{{}, loaded.text};
    const ScriptEnd end = co_await user.summarize(std::move(data));
    if (end.kind != ScriptEnd::Kind::completed) co_return lab::Error{{}, end.text};
    co_return user.result_files();
  }

 private:
  ScriptRun run_;
  std::vector<std::unique_ptr<ScriptUser>> users_;
};

// What is fetched takes its time, which is not the script's.
ScriptFetcher unwatched(ScriptFetcher fetcher) {
  if (fetcher.fetch) {
    fetcher.fetch = [fetch = std::move(fetcher.fetch)](const std::string& url) {
      const WatchPause pause;
      return fetch(url);
    };
  }
  if (fetcher.to_javascript) {
    fetcher.to_javascript = [translate = std::move(fetcher.to_javascript)](const std::string& text,
                                                                           const std::string& url) {
      const WatchPause pause;
      return translate(text, url);
    };
  }
  return fetcher;
}

ScriptFailure failure_of(ScriptEnd end) {
  const auto kind = end.kind == ScriptEnd::Kind::aborted     ? ScriptFailure::Kind::aborted
                    : end.kind == ScriptEnd::Kind::rejection ? ScriptFailure::Kind::invalid
                                                             : ScriptFailure::Kind::exception;
  return {kind, std::move(end.text)};
}

}  // namespace

Script::Script() = default;
Script::~Script() = default;

boost::system::result<std::shared_ptr<const Script>, ScriptFailure> Script::discover(
    const ScriptText& text, ScriptDiscovery discovery) {
  V8Engine::get().optimize_early(discovery.optimizes_early);
  const std::shared_ptr<Script> script(new Script);
  script->program_ = std::make_unique<ScriptProgram>(text.text, text.path, text.folder,
                                                     unwatched(std::move(discovery.fetcher)));
  ScriptProgram& program = *script->program_;
  program.environment = std::move(discovery.environment);
  {
    ScriptInstance instance(program, {.wall_now = discovery.wall_now,
                                      .log = std::move(discovery.log),
                                      .rng = lab::Rng(discovery.seed).child("script init")});
    ScriptEnd loaded = instance.load_now();
    if (loaded.kind != ScriptEnd::Kind::completed) return failure_of(std::move(loaded));
    if (const auto read = instance.read_exports(); !read) {
      return ScriptFailure{ScriptFailure::Kind::invalid, read.error().to_string()};
    }
  }
  program.files.lock();
  if (program.functions.empty()) {
    return ScriptFailure{ScriptFailure::Kind::invalid, "no exported functions in script"};
  }
  return std::shared_ptr<const Script>(script);
}

const std::string& Script::options() const { return program_->options; }

bool Script::exports(std::string_view function) const { return program_->exports(function); }

const MetricRegistry& Script::registry() const { return program_->registry; }

const std::string& Script::main_url() const { return program_->files.main_url(); }

std::vector<ScriptFile> Script::files() const {
  std::vector<ScriptFile> files;
  for (const auto& [url, text] : program_->files.read_files()) files.push_back({url, text});
  return files;
}

std::unique_ptr<ScriptUsers> Script::make_users(RunContext& context,
                                                ScriptRunSettings settings) const {
  return std::make_unique<EngineUsers>(*program_, context, std::move(settings));
}

std::uint64_t script_vus_max() {
  // Measured: 16 to 28 for an isolate and its stack, as its heap grows.
  constexpr std::uint64_t kMapsOfVu = 28;
  constexpr std::uint64_t kMapsOfOthers = 2000;
  std::ifstream file("/proc/sys/vm/max_map_count");
  std::uint64_t maps = 65'530;
  file >> maps;
  return maps <= kMapsOfOthers ? 1 : (maps - kMapsOfOthers) / kMapsOfVu;
}

void expect_script_vus(std::uint64_t vus) {
  // So many take hundreds of megabytes.
  constexpr std::uint64_t kMany = 64;
  V8Engine::get().save_memory(vus >= kMany);
}

}  // namespace loader
