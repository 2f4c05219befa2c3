#include "loader/script/script_user.h"

#include <boost/asio/this_coro.hpp>
#include <exception>
#include <utility>

#include "loader/flow/flow_samples.h"
#include "loader/metrics/metadata.h"
#include "loader/script/script_interrupt.h"
#include "loader/script/script_stream.h"

namespace loader {
namespace {

namespace asio = boost::asio;
using Builtin = BuiltinMetrics;

constexpr std::string_view kGroup = "group";

std::string_view group_of(ScriptPhase phase) {
  switch (phase) {
    case ScriptPhase::setup:
      return "setup";
    case ScriptPhase::teardown:
      return "teardown";
    default:
      return {};
  }
}

// Without a seed of the user's no two runs draw the same.
lab::Rng salted(const ScriptRun& run, const lab::Rng& rng) {
  const std::uint64_t salt = run.context.settings().salt;
  return salt == 0 ? rng : rng.child("run", salt);
}

}  // namespace

ScriptUser::ScriptUser(ScriptRun& run, std::uint64_t vu)
    : run_(run),
      vu_(vu),
      instance_(run.program,
                {.runtime = &run.context.runtime(),
                 .user = this,
                 .log = run.settings.log,
                 .vu = vu,
                 .rng = salted(run, run.context.settings().rng).child("script init", vu)}) {
  instance_.set_options(run.settings.options);
  jars_.push_back(std::make_unique<CookieJar>());
}

asio::awaitable<ScriptEnd> ScriptUser::summarize(std::string data) {
  instance_.set_rng(run_.context.settings().rng.child("summary"));
  instance_.set_argument(std::move(data));
  co_return co_await instance_.call(ScriptPhase::summary, "handleSummary");
}

void ScriptUser::close_connections() {
  for (const auto& client : clients_) client->close_connections();
}

HttpClient* ScriptUser::take_client() {
  if (idle_clients_.empty()) {
    return clients_.emplace_back(std::make_unique<HttpClient>(run_.context.http())).get();
  }
  HttpClient* const client = idle_clients_.back();
  idle_clients_.pop_back();
  return client;
}

std::uint64_t ScriptUser::bytes_sent() const {
  std::uint64_t bytes = 0;
  for (const auto& client : clients_) bytes += client->bytes_sent();
  return bytes;
}

std::uint64_t ScriptUser::bytes_received() const {
  std::uint64_t bytes = 0;
  for (const auto& client : clients_) bytes += client->bytes_received();
  return bytes;
}

CookieJar* ScriptUser::jar(std::int64_t number) {
  if (number < 0 || static_cast<std::size_t>(number) >= jars_.size()) return nullptr;
  return jars_[static_cast<std::size_t>(number)].get();
}

std::int64_t ScriptUser::make_jar() {
  jars_.push_back(std::make_unique<CookieJar>());
  return static_cast<std::int64_t>(jars_.size()) - 1;
}

void ScriptUser::end_streams() {
  for (const auto& [handle, stream] : streams_) end_stream(instance_, *stream);
  streams_.clear();
}

asio::awaitable<void> ScriptUser::abandon_streams() {
  for (const auto& [handle, stream] : streams_) {
    stream->close();
    co_await stream->wait_for_end();
  }
  streams_.clear();
}

TagSetId ScriptUser::tags() {
  TagSetId base = iteration_.tags;
  if (iteration_.phases != nullptr && iteration_.phases->has_phases()) {
    base = iteration_.phases->at(context().runtime().now());
  }
  if (base == tags_of_ && !are_tags_changed_) return tags_;
  tags_of_ = base;
  are_tags_changed_ = false;
  TagTable& table = context().tags().table();
  if (context().tags().system().has(kGroup)) base = table.with(base, kGroup, group_tag_);
  for (const auto& [key, value] : own_tags_) {
    base = value ? table.with(base, key, *value) : table.without(base, key);
  }
  return tags_ = base;
}

void ScriptUser::set_tag(std::string_view key, std::string_view value) {
  own_tags_[std::string(key)] = std::string(value);
  are_tags_changed_ = true;
}

void ScriptUser::delete_tag(std::string_view key) {
  own_tags_[std::string(key)] = std::nullopt;
  are_tags_changed_ = true;
}

GroupId ScriptUser::group() {
  if (!groups_.empty()) return groups_.back().id;
  // That of setup or teardown is there once something is in it.
  return around_.empty() ? GroupId{} : context().metrics().declare_group({}, around_);
}

void ScriptUser::begin_group(std::string_view name) {
  Metrics& metrics = context().metrics();
  const GroupId parent = group();
  // A group without a name at the root is the root.
  const bool is_root = group_tag_.empty() && name.empty();
  const GroupId id = is_root ? parent : metrics.declare_group(parent, name);
  std::string tag = is_root ? "" : group_tag_ + "::" + std::string(name);
  groups_.push_back({id, std::exchange(group_tag_, std::move(tag)), context().runtime().now()});
  are_tags_changed_ = true;
}

void ScriptUser::end_group() {
  if (groups_.empty()) return;
  const lab::TimePoint now = context().runtime().now();
  const Metrics::OfRequest of_none(context().metrics(), {}, metadata_text_);
  context().metrics().add(Builtin::group_duration,
                          lab::to_milliseconds(now - groups_.back().started), tags(), now);
  group_tag_ = std::move(groups_.back().tag);
  groups_.pop_back();
  are_tags_changed_ = true;
}

void ScriptUser::add_check(std::string_view name, bool passed, TagSetId tags) {
  Metrics& metrics = context().metrics();
  const CheckId check = metrics.declare_check(group(), name);
  if (context().tags().system().has("check")) {
    tags = context().tags().with(tags, "check", name);
  }
  const Metrics::OfRequest of_none(metrics, {}, metadata_text_);
  metrics.add_check(check, passed, tags, context().runtime().now());
}

void ScriptUser::set_metadata(std::string_view name, std::string_view value) {
  metadata_.insert_or_assign(std::string(name), std::string(value));
  metadata_text_ = named_metadata(metadata_);
}

void ScriptUser::delete_metadata(std::string_view name) {
  metadata_.erase(std::string(name));
  metadata_text_ = named_metadata(metadata_);
}

// As in k6 they are those of one scenario.
void ScriptUser::forget_own_tags() {
  own_tags_.clear();
  metadata_.clear();
  metadata_text_.clear();
}

void ScriptUser::begin_iteration(ScriptPhase phase, const ScriptScenario* scenario,
                                 const IterationContext& iteration) {
  const bool is_another = scenario != scenario_;
  if (is_another) forget_own_tags();
  // As in k6 a script may say another "vu", which stays.
  for (const auto& [name, value] : metadata_of(iteration, context().tags().system())) {
    if (is_another || name == "iter") set_metadata(name, value);
  }
  scenario_ = scenario;
  iteration_ = iteration;
  ++iterations_[scenario];
  groups_.clear();
  are_tags_changed_ = true;
  around_ = group_of(phase);
  group_tag_ = around_.empty() ? "" : "::" + std::string(around_);
  if (!run_.context.client().no_cookies_reset) jars_.front()->clear();
  if (scenario != nullptr && scenario != environment_of_) {
    if (has_environment_ || !scenario->environment.empty()) {
      instance_.set_scenario_environment(scenario->environment);
      has_environment_ = !scenario->environment.empty();
    }
    environment_of_ = scenario;
  }
  instance_.set_iteration(iteration.iteration_in_vu);
  instance_.set_rng(salted(run_, rng_of(iteration, run_.context.settings().rng)).child("script"));
}

asio::awaitable<IterationOutcome> ScriptUser::run_iteration(ScriptPhase phase,
                                                            const ScriptScenario* scenario,
                                                            const std::string& function,
                                                            IterationContext iteration) {
  const bool throws_if_cancelled = co_await asio::this_coro::throw_if_cancelled();
  // Users that never wait would each go on for one more iteration before anybody hears of the end.
  if (phase == ScriptPhase::iteration && is_script_interrupted() &&
      co_await context().runtime().sleep_for(std::chrono::milliseconds(1))) {
    co_return IterationOutcome{IterationOutcome::Kind::interrupted, {}};
  }
  const std::uint64_t sent_before = bytes_sent();
  const std::uint64_t received_before = bytes_received();
  begin_iteration(phase, scenario, iteration);
  {
    const Metrics::OfRequest of_none(context().metrics(), {}, metadata_text_);
    add_start_samples(context().metrics(), iteration, tags());
  }
  if (phase != ScriptPhase::setup && !has_setup_data_) {
    instance_.set_argument(run_.setup_data);
    has_setup_data_ = true;
  }
  IterationOutcome outcome;
  try {
    outcome = outcome_of(phase, co_await instance_.call(phase, function));
  } catch (const std::exception& error) {
    outcome = {IterationOutcome::Kind::failed, error.what()};
  }
  groups_.clear();
  are_tags_changed_ = true;
  const lab::TimePoint now = context().runtime().now();
  const Metrics::OfRequest of_none(context().metrics(), {}, metadata_text_);
  // As in k6 one that ends the run is measured, though it counts as interrupted.
  if (outcome.kind == IterationOutcome::Kind::completed ||
      outcome.kind == IterationOutcome::Kind::aborted) {
    add_completion_samples(context().metrics(), iteration, tags(), now);
  }
  context().metrics().add(Builtin::data_sent, static_cast<double>(bytes_sent() - sent_before),
                          tags(), now);
  context().metrics().add(Builtin::data_received,
                          static_cast<double>(bytes_received() - received_before), tags(), now);
  if (run_.context.client().no_vu_connection_reuse) close_connections();
  co_await asio::this_coro::throw_if_cancelled(throws_if_cancelled);
  co_return outcome;
}

void ScriptUser::log_exception(ScriptEnd end) {
  ScriptLogLine line{.level = ScriptLogLevel::error, .text = std::move(end.text)};
  if (end.kind == ScriptEnd::Kind::exception) line.source = "stacktrace";
  if (scenario_ != nullptr) {
    line.fields = {{"executor", scenario_->executor}, {"scenario", scenario_->name}};
  }
  instance_.log(std::move(line));
}

IterationOutcome ScriptUser::outcome_of(ScriptPhase phase, ScriptEnd end) {
  const bool is_iteration = phase == ScriptPhase::iteration;
  switch (end.kind) {
    case ScriptEnd::Kind::completed:
      return {};
    case ScriptEnd::Kind::exception:
    case ScriptEnd::Kind::rejection:
      // As in k6 an iteration that threw counts as a complete one.
      if (is_iteration) {
        log_exception(std::move(end));
        return {};
      }
      return {end.kind == ScriptEnd::Kind::exception ? IterationOutcome::Kind::failed
                                                     : IterationOutcome::Kind::unusable,
              std::move(end.text)};
    case ScriptEnd::Kind::interrupted:
      return {IterationOutcome::Kind::interrupted, {}};
    case ScriptEnd::Kind::aborted:
      return {IterationOutcome::Kind::aborted, std::move(end.text)};
    case ScriptEnd::Kind::exhausted:
      break;
  }
  return {IterationOutcome::Kind::failed, std::move(end.text)};
}

}  // namespace loader
