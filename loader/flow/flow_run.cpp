#include "loader/flow/flow_run.h"

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>
#include <memory>
#include <utility>

#include "loader/flow/flow_samples.h"

namespace loader {
namespace {

namespace asio = boost::asio;

const PickStep::Branch& draw_branch(const PickStep& pick, lab::Rng& rng) {
  double total = 0;
  for (const PickStep::Branch& branch : pick.branches) total += branch.weight;
  double left = rng.uniform01() * total;
  const PickStep::Branch* last_possible = nullptr;
  for (const PickStep::Branch& branch : pick.branches) {
    if (branch.weight <= 0) continue;
    last_possible = &branch;
    left -= branch.weight;
    if (left < 0) break;
  }
  return *last_possible;
}

}  // namespace

TagSetId FlowRun::tags_now(std::string_view group) {
  const lab::TimePoint now = phases_->has_phases() ? context_.runtime().now() : lab::TimePoint{};
  return context_.tags().group(phases_->at(now), group);
}

asio::awaitable<void> FlowRun::run_steps(const std::vector<Step>* steps, std::string_view group) {
  for (const Step& step : *steps) co_await run_step(&step, group);
}

asio::awaitable<void> FlowRun::run_step(const Step* step, std::string_view group) {
  if (const auto* const chat = std::get_if<ChatStep>(&step->action)) {
    return run_chat(step, chat, tags_now(group));
  }
  if (const auto* const http = std::get_if<HttpStep>(&step->action)) {
    return run_http(step, http, tags_now(group));
  }
  if (const auto* const sleep = std::get_if<SleepStep>(&step->action)) {
    lab::Rng rng = step_rng();
    return run_sleep(sleep->seconds.sample_duration(rng));
  }
  if (const auto* const inner = std::get_if<GroupStep>(&step->action)) return run_group(inner);
  if (const auto* const repeat = std::get_if<RepeatStep>(&step->action)) {
    return run_repeat(repeat, group);
  }
  if (const auto* const pick = std::get_if<PickStep>(&step->action)) return run_pick(pick, group);
  throw FlowAborted{std::get<AbortStep>(step->action).reason};
}

asio::awaitable<void> FlowRun::run_sleep(lab::Duration duration) {
  const lab::ErrorCode ec = co_await context_.runtime().sleep_for(duration);
  if (ec) throw boost::system::system_error(ec);
}

asio::awaitable<void> FlowRun::run_group(const GroupStep* group) {
  const lab::TimePoint started = context_.runtime().now();
  const TagSetId tags = tags_now(group->path);
  const auto end = [this, started, tags] {
    const lab::TimePoint now = context_.runtime().now();
    const Metrics::OfRequest of_none(context_.metrics(), {}, metadata_);
    context_.metrics().add(BuiltinMetrics::group_duration, lab::to_milliseconds(now - started),
                           tags, now);
  };
  try {
    co_await run_steps(&group->steps, group->path);
  } catch (const RequestThrown&) {
    // As in k6, whose groups have a duration however they end.
    end();
    throw;
  }
  end();
}

asio::awaitable<void> FlowRun::run_repeat(const RepeatStep* repeat, std::string_view group) {
  for (std::uint32_t i = 0; i < repeat->times; ++i) co_await run_steps(&repeat->steps, group);
}

asio::awaitable<void> FlowRun::run_pick(const PickStep* pick, std::string_view group) {
  lab::Rng rng = step_rng();
  return run_steps(&draw_branch(*pick, rng).steps, group);
}

asio::awaitable<void> FlowRun::run_chat(const Step* step, const ChatStep* chat, TagSetId tags) {
  lab::Rng rng = step_rng();
  const ChatStep::Model& model = chat->models[rng.below(chat->models.size())];
  const StepTarget& target = context_.target(*step, chat->path);
  build_chat_request(*chat, target, model, rng);
  std::optional<ChatAnswer> answer;
  const bool keeps_body = !chat->stream || needs_body(step->checks);
  co_await send_with_retries({.step = step,
                              .target = &target,
                              .request = &request_,
                              .model = model.name,
                              .keeps_body = keeps_body,
                              .base = tags},
                             chat, &answer);
  assess_chat(*step, *std::move(answer), chat->stream, tags);
  if (is_thrown()) throw_failure(*step);
}

bool FlowRun::is_thrown() const {
  return context_.client().throws && !response_.outcome.has_response();
}

void FlowRun::throw_failure(const Step& step) const {
  const std::string what = step.name.empty() ? "a request" : step.name;
  throw RequestThrown{what + " failed: " + response_.outcome.error.text};
}

void FlowRun::assess_chat(const Step& step, ChatAnswer answer, bool is_stream, TagSetId tags) {
  const Metrics::OfRequest of_request(context_.metrics(), request_id_of(request_), metadata_);
  const HttpOutcome& outcome = response_.outcome;
  const LlmResult result =
      assess_answer(outcome, std::move(answer.report), is_stream, step.objectives);
  add_llm_samples(context_.metrics(), result, llm_tags(context_.tags(), result, response_.tags),
                  outcome.finished);
  add_checks(step, answer.json, tags);
}

void FlowRun::assess_http(const Step& step, TagSetId tags) {
  const Metrics::OfRequest of_request(context_.metrics(), request_id_of(request_), metadata_);
  JsonBody json(step.asked, response_.outcome.body);
  add_checks(step, json, tags);
}

asio::awaitable<void> FlowRun::run_http(const Step* step, const HttpStep* http, TagSetId tags) {
  ++steps_begun_;
  const StepTarget& target = context_.target(*step, http->path);
  build_http_request(*http, target);
  co_await send_with_retries({.step = step,
                              .target = &target,
                              .request = &request_,
                              .discards_body = context_.client().discards_bodies,
                              .base = tags},
                             nullptr, nullptr);
  assess_http(*step, tags);
  if (is_thrown()) throw_failure(*step);
}

// What only some requests need is not in the frame: Asio reuses none of more than a kilobyte.
asio::awaitable<void> FlowRun::send_with_retries(GatewayCall call, const ChatStep* chat,
                                                 std::optional<ChatAnswer>* answer) {
  const RetryPolicy& policy = call.step->retry;
  lab::Rng rng = rng_.child("retry", steps_begun_);
  lab::TimePoint started{};
  // A redirect changes the request; a retry starts from the original.
  std::unique_ptr<const lab::HttpRequest> original;
  if (policy.attempts > 1) original = std::make_unique<lab::HttpRequest>(*call.request);
  for (std::uint32_t attempt = 1;; ++attempt) {
    // An arrival's clock runs from its intended start.
    call.is_due = of_iteration_.intended_start && requests_begun_ == 0;
    set_request_id();
    call.cookies = &cookies_;
    call.metadata = metadata_;
    call.timeout = call.step->timeout;
    call.redirects_max = context_.client().redirects_max;
    std::unique_ptr<StreamMeter> meter;
    if (chat != nullptr && chat->stream) {
      meter = std::make_unique<StreamMeter>(context_.client().response_bytes_max);
    }
    call.meter = meter.get();
    co_await send_to_gateway(&context_, &client_, call, &response_);
    const HttpOutcome& outcome = response_.outcome;
    if (attempt == 1) started = outcome.started;
    if (chat != nullptr) answer->emplace(call.step->asked, outcome, call.meter);
    record_request(context_, of_iteration_,
                   {.call = call,
                    .response = response_,
                    .model = call.model,
                    .answer = chat != nullptr ? &(*answer)->report : nullptr});
    std::optional<lab::Duration> delay;
    if (policy.attempts > 1) {
      // SDKs have their answer once its head is there: what breaks later is not sent again.
      delay =
          retry_delay(policy, attempt,
                      {outcome.head_status, outcome.head_status == 0 ? nullptr : &outcome.headers},
                      context_.runtime().wall_now(), rng);
      const TagSetId step_tags = context_.tags().step(call.base, *call.step);
      const MetricId metric =
          delay ? BuiltinMetrics::llm_retries : BuiltinMetrics::llm_retry_amplification;
      const Metrics::OfRequest of_none(context_.metrics(), {}, metadata_);
      context_.metrics().add(metric, delay ? 1 : attempt, step_tags, outcome.finished);
    }
    if (!delay) {
      response_.outcome.started = started;
      co_return;
    }
    co_await run_sleep(*delay);
    *call.request = *original;
  }
}

void FlowRun::add_checks(const Step& step, JsonBody& json, TagSetId tags) {
  // A script's check() is not reached then.
  if (is_thrown()) return;
  const HttpOutcome& outcome = response_.outcome;
  const CheckSubject subject{.status = outcome.status,
                             .headers = outcome.has_response() ? &outcome.headers : nullptr,
                             .body = outcome.body,
                             .duration = outcome.timings.duration()};
  const TagSetId step_tags = context_.tags().step(tags, step);
  for (const Check& check : step.checks) {
    context_.metrics().add_check(check.id, evaluate(check, subject, json),
                                 context_.tags().check(step_tags, check), outcome.finished);
  }
}

void FlowRun::begin_request(std::string_view method, const StepTarget& target) {
  request_.method = method;
  request_.target = target.url.target;
  request_.headers.clear();
  request_.body.clear();
  if (!context_.user_agent().empty()) request_.headers.add("User-Agent", context_.user_agent());
}

void FlowRun::build_chat_request(const ChatStep& chat, const StepTarget& target,
                                 const ChatStep::Model& model, lab::Rng& rng) {
  begin_request("POST", target);
  lab::HttpHeaders& headers = request_.headers;
  headers.add("Content-Type", "application/json");
  if (!context_.authorization().empty()) {
    headers.add("Authorization", context_.authorization());
  }
  headers.add("Accept", chat.stream ? "text/event-stream" : "application/json");
  for (const auto& [name, value] : chat.headers) headers.set(name, value);
  request_.body = model.body_head;
  if (chat.prompt) append_prompt(request_.body, *chat.prompt, rng);
  request_.body += chat.body_tail;
}

void FlowRun::build_http_request(const HttpStep& http, const StepTarget& target) {
  begin_request(http.method, target);
  for (const auto& [name, value] : http.headers) request_.headers.set(name, value);
  request_.body = http.body;
}

void FlowRun::set_request_id() {
  const std::uint64_t drawn = rng_.child("request id", ++requests_begun_)();
  char id[] = "load-test-0000000000000000";
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::uint64_t left = drawn ^ context_.settings().salt;
  for (std::size_t place = sizeof id - 1; left != 0; left >>= 4) id[--place] = kDigits[left & 15];
  request_.headers.set("X-Request-ID", {id, sizeof id - 1});
}

}  // namespace loader
