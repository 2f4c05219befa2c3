#include "mockgw/chat/model_check.h"

#include <array>
#include <string>
#include <string_view>

#include "shared/base/json_text.h"

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

RequestProblem unsupported_temperature(double temperature) {
  std::string number;
  lab::append_json_number(number, temperature);
  return refusal("Unsupported value: 'temperature' does not support " + number +
                     " with this model. Only the default (1) value is supported.",
                 "temperature", "unsupported_value");
}

Problem check_reasoning(const ChatRequest& request, ModelKind kind) {
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
  return refusal(
      "Unsupported value: 'modalities' does not support 'audio' with this model. Supported values "
      "are: 'text'.",
      "modalities", "unsupported_value");
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
