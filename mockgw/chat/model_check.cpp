#include "mockgw/chat/model_check.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>

#include "shared/base/json_text.h"
#include "shared/protocol/openai_checks.h"

namespace mockgw {
namespace {

using lab::ChatRequest;
using lab::RequestProblem;
using Problem = std::optional<RequestProblem>;

constexpr unsigned bit(ModelKind kind) { return 1U << static_cast<unsigned>(kind); }
constexpr unsigned kOSeries = bit(ModelKind::o1) | bit(ModelKind::o3);
constexpr unsigned kGpt5 = bit(ModelKind::gpt_5) | bit(ModelKind::gpt_5_1);

// A member that is refused unless it has its default value.
struct Setting {
  std::string_view name;
  bool (*is_changed)(const ChatRequest&);
  unsigned never;                // Kinds that do not take it …
  unsigned while_reasoning = 0;  // … and those that do when their effort is none.
};

constexpr auto kSettings = std::to_array<Setting>({
    {"temperature", [](const ChatRequest& r) { return r.temperature.value_or(1) != 1; }, kOSeries},
    {"top_p", [](const ChatRequest& r) { return r.top_p.value_or(1) != 1; }, kOSeries, kGpt5},
    {"presence_penalty", [](const ChatRequest& r) { return r.presence_penalty.value_or(0) != 0; },
     kOSeries | kGpt5},
    {"frequency_penalty", [](const ChatRequest& r) { return r.frequency_penalty.value_or(0) != 0; },
     kOSeries | kGpt5},
    {"logprobs", [](const ChatRequest& r) { return r.logprobs; }, kOSeries, kGpt5},
    {"parallel_tool_calls", [](const ChatRequest& r) { return r.has_parallel_tool_calls; },
     kOSeries},
    {"stop", [](const ChatRequest& r) { return !r.stop.empty(); }, bit(ModelKind::o3) | kGpt5},
});

constexpr std::string_view kOSeriesEfforts[] = {"low", "medium", "high"};
constexpr std::string_view kGpt5Efforts[] = {"minimal", "low", "medium", "high"};
constexpr std::string_view kGpt51Efforts[] = {"none", "low", "medium", "high"};
constexpr std::string_view kLaterEfforts[] = {"none", "low", "medium", "high", "xhigh"};
constexpr std::string_view kLatestEfforts[] = {"none", "low", "medium", "high", "xhigh", "max"};

// How hard a model can be told to think. The first row that fits counts.
struct Efforts {
  unsigned kinds;
  std::string_view model;  // What its name begins with.
  std::span<const std::string_view> words;
};

constexpr auto kEffortsOfModels = std::to_array<Efforts>({
    {kOSeries, "", kOSeriesEfforts},
    {bit(ModelKind::gpt_5), "gpt-5.", kLatestEfforts},
    {bit(ModelKind::gpt_5), "", kGpt5Efforts},
    {bit(ModelKind::gpt_5_1), "gpt-5.1-codex-max", kLaterEfforts},
    {bit(ModelKind::gpt_5_1), "gpt-5.1", kGpt51Efforts},
    {bit(ModelKind::gpt_5_1), "", kLaterEfforts},
});

RequestProblem refusal(std::string message, std::optional<std::string> param,
                       std::optional<std::string> code) {
  return {RequestProblem::Kind::validation, std::move(message), std::move(param), std::move(code)};
}

bool reasons_for(const ChatRequest& request, ModelKind kind) {
  const std::string_view effort =
      request.unusual ? std::string_view(request.unusual->reasoning_effort) : "";
  if (effort.empty()) return kind != ModelKind::gpt_5_1;
  return effort != "none";
}

RequestProblem unsupported_value(const std::string& param, const std::string& value,
                                 const std::string& supported) {
  return refusal("Unsupported value: '" + param + "' does not support " + value +
                     " with this model. " + supported,
                 param, "unsupported_value");
}

RequestProblem unsupported_temperature(double temperature) {
  std::string number;
  lab::append_json_number(number, temperature);
  return unsupported_value("temperature", number, "Only the default (1) value is supported.");
}

Problem check_effort_of(const ChatRequest& request, ModelKind kind) {
  if (!request.unusual || request.unusual->reasoning_effort.empty()) return std::nullopt;
  const std::string& effort = request.unusual->reasoning_effort;
  const auto fits = [&request, kind](const Efforts& efforts) {
    return (efforts.kinds & bit(kind)) != 0 && request.model.starts_with(efforts.model);
  };
  const auto* const found = std::ranges::find_if(kEffortsOfModels, fits);
  if (found == kEffortsOfModels.end()) return std::nullopt;
  if (std::ranges::find(found->words, effort) != found->words.end()) return std::nullopt;
  return unsupported_value("reasoning_effort", "'" + effort + "'",
                           "Supported values are: " + lab::list_of(found->words) + ".");
}

Problem check_reasoning(const ChatRequest& request, ModelKind kind) {
  if (auto found = check_effort_of(request, kind)) return found;
  if (request.max_tokens && !request.is_max_completion_tokens) {
    return refusal(
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use "
        "'max_completion_tokens' instead.",
        "max_tokens", "unsupported_parameter");
  }
  const bool is_reasoning = reasons_for(request, kind);
  for (const Setting& setting : kSettings) {
    const unsigned refusing = setting.never | (is_reasoning ? setting.while_reasoning : 0);
    if ((refusing & bit(kind)) == 0 || !setting.is_changed(request)) continue;
    const std::string name(setting.name);
    return refusal("Unsupported parameter: '" + name + "' is not supported with this model.", name,
                   "unsupported_parameter");
  }
  if (!is_reasoning || request.temperature.value_or(1) == 1) return std::nullopt;
  return unsupported_temperature(*request.temperature);
}

// No model of ours speaks, be it named as one that does: a text in place of its speech would be
// taken for an answer.
Problem check_audio(const ChatRequest& request) {
  if (!request.unusual || !request.unusual->wants_audio) return std::nullopt;
  return unsupported_value("modalities", "'audio'", "Supported values are: 'text'.");
}

Problem check_text_only(const ChatRequest& request) {
  for (std::size_t i = 0; i < request.messages.size(); ++i) {
    const lab::ChatMessage& message = request.messages[i];
    if (!message.has_image) continue;
    return refusal("Invalid content type. image_url is only supported by certain models.",
                   "messages.[" + std::to_string(i) + "].content.[" +
                       std::to_string(message.image_part) + "].type",
                   {});
  }
  if (request.response_format.kind != lab::ResponseFormat::Kind::json_schema) return std::nullopt;
  return refusal(
      "Invalid parameter: 'response_format' of type 'json_schema' is not supported with this "
      "model. Learn more about supported models at the Structured Outputs guide: "
      "https://platform.openai.com/docs/guides/structured-outputs",
      {}, {});
}

}  // namespace

std::optional<RequestProblem> check_for_model(const ChatRequest& request, ModelKind kind) {
  if (auto found = check_audio(request)) return found;
  if (kind == ModelKind::text) return check_text_only(request);
  if ((bit(kind) & (kOSeries | kGpt5)) != 0) return check_reasoning(request, kind);
  return std::nullopt;
}

}  // namespace mockgw
