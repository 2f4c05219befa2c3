#include "mockgw/chat/stream_script.h"

#include <algorithm>
#include <cassert>

namespace mockgw {
namespace {

using Kind = StreamStepKind;
using Script = std::vector<StreamStep>;

constexpr auto kFaultKeepalive = std::chrono::seconds(1);
// Comments are bounded, whatever durations the file asks for.
constexpr lab::Duration::rep kCommentsMax = 100'000;

bool sends_usage(const StreamingBehaviour& behaviour, bool include_usage) {
  switch (behaviour.usage) {
    case StreamingBehaviour::Usage::never:
      return false;
    case StreamingBehaviour::Usage::last_chunk:
      return true;
    case StreamingBehaviour::Usage::stream_options:
      return include_usage;
  }
  return false;
}

bool begins_tool_call(const Completion& completion, std::size_t token) {
  const auto& calls = completion.tool_calls();
  return !calls.empty() && calls[completion.tool_call_of(token)].first_token == token;
}

// Choices are generated side by side: token i of each, then token i + 1.
void add_tokens(const ChatPlan& plan, bool starts_calls_with_role, Script& script) {
  const auto choices = static_cast<std::uint16_t>(plan.choices.size());
  const auto steps = static_cast<std::uint32_t>(plan.schedule.tokens.size());
  for (std::uint32_t token = 0; token < steps; ++token) {
    const lab::Duration due = plan.schedule.tokens[token];
    for (std::uint16_t choice = 0; choice < choices; ++choice) {
      const Completion& completion = plan.choices[choice];
      const std::size_t length = completion.tokens();
      if (token < length) {
        const bool has_begun = token == 0 && starts_calls_with_role;
        if (!has_begun && begins_tool_call(completion, token)) {
          script.push_back({due, Kind::tool_call, choice, token});
        }
        script.push_back({due, Kind::content, choice, token});
      }
      if (token + 1 == length) script.push_back({due, Kind::finish, choice});
    }
  }
  for (std::uint16_t choice = 0; choice < choices; ++choice) {
    if (plan.choices[choice].tokens() == 0) {
      script.push_back({plan.schedule.end, Kind::finish, choice});
    }
  }
}

void add_proper_end(const StreamingBehaviour& behaviour, lab::Duration due, Script& script) {
  if (!behaviour.trailer_event.empty()) script.push_back({due, Kind::trailer});
  script.push_back({due, Kind::end});
}

void add_whole_answer(const ChatPlan& plan, const StreamingBehaviour& behaviour, bool usage,
                      Script& script) {
  // At once: to grow step by step would leave up to as much room unused.
  constexpr std::size_t kOthers = 8;
  const auto tokens = static_cast<std::size_t>(plan.usage.completion_tokens);
  script.reserve(tokens + 2 * plan.choices.size() + kOthers);
  script.push_back({plan.schedule.head, Kind::head});
  const bool starts_calls_with_role = behaviour.role_chunk && behaviour.tool_call_with_role;
  if (behaviour.role_chunk) {
    for (std::size_t choice = 0; choice < plan.choices.size(); ++choice) {
      const bool calls = starts_calls_with_role && !plan.choices[choice].tool_calls().empty();
      script.push_back({plan.schedule.first_token(), calls ? Kind::role_and_tool_call : Kind::role,
                        static_cast<std::uint16_t>(choice)});
    }
  }
  add_tokens(plan, starts_calls_with_role, script);
  if (usage) script.push_back({plan.schedule.end, Kind::usage});
  script.push_back({plan.schedule.end, Kind::done});
  add_proper_end(behaviour, plan.schedule.end, script);
}

bool is_role(Kind kind) { return kind == Kind::role || kind == Kind::role_and_tool_call; }

// The place after `count` content steps; if there are fewer, after the last.
std::size_t place_after(const Script& script, std::uint64_t count) {
  std::size_t place = 1;  // After the head.
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < script.size(); ++i) {
    if (is_role(script[i].kind)) place = i + 1;
    if (script[i].kind != Kind::content || seen == count) continue;
    ++seen;
    place = i + 1;
  }
  return place;
}

// Ends the script after `count` tokens; what ends it is due when the next step was.
lab::Duration cut_after(Script& script, std::uint64_t count) {
  const std::size_t place = place_after(script, count);
  const lab::Duration due = script[std::min(place, script.size() - 1)].due;
  script.resize(place);
  return due;
}

void add_error_end(const StreamingBehaviour& behaviour, lab::Duration due, Script& script) {
  switch (behaviour.mid_stream_error) {
    case StreamingBehaviour::MidStreamError::close:
      script.push_back({due, Kind::close});
      return;
    case StreamingBehaviour::MidStreamError::reset:
      script.push_back({due, Kind::reset});
      return;
    case StreamingBehaviour::MidStreamError::event:
      break;
  }
  script.push_back({due, Kind::error});
  if (behaviour.done_after_error) script.push_back({due, Kind::done});
  add_proper_end(behaviour, due, script);
}

void apply_insertions(const FaultPlan& faults, Script& script) {
  if (const Fault* fault = faults.find(FaultKind::duplicate_chunk)) {
    const std::size_t place = place_after(script, fault->after_tokens);
    const StreamStep before = script[place - 1];
    if (before.kind == Kind::content) {
      script.insert(script.begin() + static_cast<std::ptrdiff_t>(place), before);
    }
  }
  if (const Fault* fault = faults.find(FaultKind::malformed_chunk)) {
    const std::size_t place = place_after(script, fault->after_tokens);
    script.insert(script.begin() + static_cast<std::ptrdiff_t>(place),
                  {script[place - 1].due, Kind::malformed});
  }
}

void apply_stall(const FaultPlan& faults, Script& script) {
  const Fault* fault = faults.find(FaultKind::stall);
  if (!fault) return;
  for (std::size_t i = place_after(script, fault->after_tokens); i < script.size(); ++i) {
    script[i].due += fault->duration;
  }
}

// The ends exclude each other; the one that leaves least of the protocol intact wins.
void apply_ends(const StreamingBehaviour& behaviour, const FaultPlan& faults, Script& script) {
  if (const Fault* fault = faults.find(FaultKind::reset_mid_stream)) {
    script.push_back({cut_after(script, fault->after_tokens), Kind::reset});
  } else if (const Fault* error = faults.find(FaultKind::stream_error_event)) {
    add_error_end(behaviour, cut_after(script, error->after_tokens), script);
  } else if (const Fault* truncated = faults.find(FaultKind::truncate_no_done)) {
    script.push_back({cut_after(script, truncated->after_tokens), Kind::end});
  }
}

void only_comments(const Fault& fault, Script& script) {
  const lab::Duration head = script.front().due;
  script.resize(1);
  const auto count = std::min(fault.duration / lab::Duration(kFaultKeepalive), kCommentsMax);
  for (lab::Duration::rep i = 0; i < count; ++i) {
    script.push_back({head + i * lab::Duration(kFaultKeepalive), Kind::comment});
  }
  script.push_back({head + fault.duration, Kind::end});
}

void add_keepalive(lab::Duration interval, Script& script) {
  if (interval <= lab::Duration::zero()) return;
  Script with_comments;
  for (const StreamStep& step : script) {
    while (!with_comments.empty() && step.due - with_comments.back().due > interval &&
           with_comments.size() < static_cast<std::size_t>(kCommentsMax)) {
      with_comments.push_back({with_comments.back().due + interval, Kind::comment});
    }
    with_comments.push_back(step);
  }
  script = std::move(with_comments);
}

// The head may leave before the upstream has said anything, and comments are the gateway's own.
bool is_of_upstream(Kind kind) { return kind != Kind::head && kind != Kind::comment; }

}  // namespace

std::vector<StreamStep> script_stream(const ChatPlan& plan, const StreamingBehaviour& behaviour,
                                      bool include_usage, const FaultPlan& faults,
                                      std::vector<StreamStep> reuse) {
  Script script = std::move(reuse);
  script.clear();
  if (faults.has(FaultKind::abort_before_headers)) {
    script.push_back({plan.schedule.head, Kind::reset});
    return script;
  }
  const bool usage = sends_usage(behaviour, include_usage) && !faults.has(FaultKind::missing_usage);
  add_whole_answer(plan, behaviour, usage, script);
  if (!faults.empty()) {
    apply_insertions(faults, script);
    apply_stall(faults, script);
    if (faults.has(FaultKind::missing_finish_reason)) {
      std::erase_if(script, [](const StreamStep& step) { return step.kind == Kind::finish; });
    }
    apply_ends(behaviour, faults, script);
    if (const Fault* fault = faults.find(FaultKind::keepalive_only)) only_comments(*fault, script);
    for (StreamStep& step : script) step.due = std::max(step.due, plan.head_held_until);
  }
  add_keepalive(behaviour.keepalive, script);
  assert(std::is_sorted(script.begin(), script.end(),
                        [](const StreamStep& a, const StreamStep& b) { return a.due < b.due; }));
  return script;
}

std::optional<lab::Duration> silent_since(const std::vector<StreamStep>& script,
                                          lab::Duration called, lab::Duration limit) {
  lab::Duration last = called;
  for (const StreamStep& step : script) {
    if (!is_of_upstream(step.kind)) continue;
    if (step.due - last > limit) return last;
    last = step.due;
  }
  return std::nullopt;
}

UpstreamTimes upstream_times(const std::vector<StreamStep>& script) {
  assert(!script.empty());
  const lab::Duration end = script.back().due;
  const auto first = std::find_if(script.begin(), script.end(),
                                  [](const StreamStep& step) { return is_of_upstream(step.kind); });
  return {.first_token = first == script.end() ? end : first->due, .end = end};
}

std::vector<StreamStep> script_given_up(const StreamingBehaviour& behaviour, lab::Duration at,
                                        std::vector<StreamStep> script) {
  const auto late = std::find_if(script.begin(), script.end(),
                                 [&](const StreamStep& step) { return step.due > at; });
  script.erase(late, script.end());
  if (!script.empty()) add_error_end(behaviour, at, script);
  return script;
}

std::vector<StreamStep> script_failed_end(const StreamingBehaviour& behaviour, lab::Duration at) {
  Script script;
  add_error_end(behaviour, at, script);
  return script;
}

std::vector<StreamStep> script_failed_stream(const StreamingBehaviour& behaviour, lab::Duration due,
                                             std::vector<StreamStep> reuse) {
  Script script = std::move(reuse);
  script.clear();
  script.push_back({due, Kind::head});
  add_error_end(behaviour, due, script);
  return script;
}

}  // namespace mockgw
