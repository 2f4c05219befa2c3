#include "loader/flow/step_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "loader/http/header_rules.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"
#include "shared/base/schema_printer.h"

namespace loader {
namespace {

constexpr std::string_view kDefaultModel = "gpt-3.5-turbo";
constexpr std::int64_t kMaxTokensLimit = 100'000'000;

PromptList escaped(const std::vector<std::string>& texts) {
  std::vector<std::string> list;
  list.reserve(texts.size());
  for (const std::string& text : texts) list.push_back(json_escaped(text));
  return std::make_shared<const std::vector<std::string>>(std::move(list));
}

/// What the key `prompt` says: a text, one of several, or made-up text.
struct PromptForm {
  std::vector<std::string> texts;
  std::optional<std::string> file;  ///< Instead of the texts.
  std::optional<SyntheticPrompt> synthetic;
};

struct SyntheticForm {
  lab::Distribution tokens;
};
void fields(lab::Fields& f, SyntheticForm& c) {
  f.require("tokens", c.tokens, lab::kNumbers, "Length of the text.");
}

using Texts = std::vector<std::string>;
const lab::ListOf<std::string, lab::TextType> kTexts(lab::TextType(),
                                                     {.min = 1,
                                                      .too_few = "must hold at least one prompt"});
const lab::ReadType<PromptForm> kOneOf(
    [](const lab::JsonValue& value, PromptForm& prompt) {
      if (value.json().is_array()) return kTexts.read(value, &prompt.texts);
      prompt.file = value.as_string();
    },
    [](lab::SchemaPrinter& printer) {
      return lab::Json{{"anyOf", {kTexts.schema(printer, nullptr), {{"type", "string"}}}}};
    });
const lab::ReadType<PromptForm> kSynthetic(
    [](const lab::JsonValue& value, PromptForm& prompt) {
      SyntheticForm form;
      lab::read_fields(value, form);
      prompt.synthetic = SyntheticPrompt{form.tokens};
    },
    [](lab::SchemaPrinter& printer) {
      const SyntheticForm form;
      return lab::StructType::of<SyntheticForm>().schema(printer, &form);
    });

void fields(lab::Fields& f, PromptForm& c) {
  f.exactly_one({"one_of", "synthetic"});
  f("one_of", c, kOneOf, "Texts, or a file of them (JSON, JSONL or CSV): one is drawn.");
  f("synthetic", c, kSynthetic, "Plain words, made up for each request.");
}
void check(const lab::JsonValue& value, PromptForm& /*c*/) {
  lab::JsonObject object(value);
  if (object.find("one_of").has_value() == object.find("synthetic").has_value()) {
    value.problem(R"(must have one of "one_of" and "synthetic")");
  }
}

const lab::ReadType<std::optional<PromptForm>> kPrompt(
    [](const lab::JsonValue& value, std::optional<PromptForm>& prompt) {
      prompt.emplace();
      if (value.json().is_string()) {
        prompt->texts = {value.as_string()};
      } else if (value.json().is_object()) {
        lab::read_fields(value, *prompt);
      } else {
        value.problem(R"(must be a string, {"one_of": …} or {"synthetic": {"tokens": …}})");
      }
    },
    [](lab::SchemaPrinter& printer) {
      return printer.named("prompt", [&] {
        const PromptForm form;
        return lab::Json{
            {"description", "What the user says: a text, one of several, or made-up text."},
            {"anyOf",
             {{{"type", "string"}}, lab::StructType::of<PromptForm>().schema(printer, &form)}}};
      });
    });

struct ModelChoice {
  Texts one_of;
};
void fields(lab::Fields& f, ModelChoice& c) {
  f.require("one_of", c.one_of,
            lab::ListOf<std::string, lab::TextType>(lab::TextType(), {.min = 1}),
            "One is drawn for each request.");
}
const lab::ReadType<Texts> kModels(
    [](const lab::JsonValue& value, Texts& models) {
      if (!value.json().is_object()) {
        models = {value.as_string()};
        return;
      }
      ModelChoice choice;
      lab::read_fields(value, choice);
      models = std::move(choice.one_of);
      if (models.empty()) value.problem("must name at least one model");
    },
    [](lab::SchemaPrinter& printer) {
      const ModelChoice choice;
      return lab::Json{
          {"anyOf",
           {{{"type", "string"}}, lab::StructType::of<ModelChoice>().schema(printer, &choice)}}};
    });

const lab::ReadType<std::vector<lab::OwnedJson>> kMessages(
    [](const lab::JsonValue& value, std::vector<lab::OwnedJson>& messages) {
      for (const lab::JsonValue& message : value.as_array()) {
        if (!message.json().is_object()) message.problem("must be an object with role and content");
        messages.emplace_back(message.json());
      }
    },
    [](lab::SchemaPrinter& /*printer*/) {
      return lab::Json{{"type", "array"}, {"items", {{"type", "object"}}}};
    });

constexpr auto kOwnMembers =
    std::to_array<std::string_view>({"model", "messages", "max_tokens", "temperature", "stream"});
const lab::ReadType<lab::OwnedJson> kFurtherMembers(
    [](const lab::JsonValue& value, lab::OwnedJson& body) {
      for (const auto& [key, member] : value.as_object().members()) {
        for (const std::string_view taken : kOwnMembers) {
          if (key == taken) member.problem("write this beside \"body\", not in it");
        }
      }
      if (value.json().is_object()) body = value.json();
    },
    [](lab::SchemaPrinter& /*printer*/) {
      lab::Json taken = lab::Json::array();
      for (const std::string_view key : kOwnMembers) taken.push_back({{"required", {key}}});
      return lab::Json{{"type", "object"}, {"not", {{"anyOf", std::move(taken)}}}};
    });

/// A step's "chat" object, as it is written.
struct ChatForm {
  static constexpr std::string_view kSchemaName = "chat";

  std::optional<std::string> system;
  std::vector<lab::OwnedJson> messages;
  std::optional<PromptForm> prompt;
  std::string prompt_suffix;
  std::string path = ChatStep().path;
  bool stream = false;
  std::optional<double> max_tokens = 100;
  std::optional<double> temperature = 0.7;
  bool include_usage = false;
  lab::OwnedJson body = lab::OwnedJson::object();
  HeaderList headers;
  Texts models;
};
void fields(lab::Fields& f, ChatForm& c) {
  f.at_least_one({"prompt", "messages", "system"});
  f("system", c.system, "A system message in front.");
  f("messages", c.messages, kMessages,
    lab::Says("Messages in front of the prompt, as the API has them.")
        .such_as(R"([{"role":"user","content":"Hello"}])"));
  f("prompt", c.prompt, kPrompt, lab::Says("What the user says.").such_as(R"("Hello")"));
  f.needs("prompt_suffix", "prompt");
  f("prompt_suffix", c.prompt_suffix, "Behind the prompt.");
  f("path", c.path, kPath, "Of the request.");
  f("stream", c.stream, "Asks for a stream.");
  f.or_null("max_tokens", c.max_tokens, "The environment's MAX_TOKENS wins; null leaves it out.",
            lab::between(0, kMaxTokensLimit));
  f.or_null("temperature", c.temperature, "The environment's TEMPERATURE wins; null leaves it out.",
            lab::between(0, 1e9));
  f("include_usage", c.include_usage, "Asks a stream for its usage.");
  f("body", c.body, kFurtherMembers,
    lab::Says("Further members of the request.").such_as(R"({"top_p":1})"));
  f("headers", c.headers, kHeaders,
    lab::Says("Header fields by name. Content-Length, Transfer-Encoding and Trailer follow from "
              "the body.")
        .such_as(R"({"x-priority":"5"})"));
  f("model", c.models, kModels,
    lab::Says("Or one of several, at random. The environment's MODEL wins.")
        .by_default("gpt-3.5-turbo")
        .such_as(R"("gpt-4")"));
}
void check(const lab::JsonValue& value, ChatForm& c) {
  lab::JsonObject object(value);
  const auto include_usage = object.find("include_usage");
  if (include_usage && c.include_usage && !c.stream) {
    include_usage->problem("is for streams; a buffered response always has its usage");
  }
  const auto suffix = object.find("prompt_suffix");
  if (suffix && !c.prompt) suffix->problem("needs a prompt to stand behind");
  if (!c.prompt && !c.system && c.messages.empty()) value.problem("must have a prompt or messages");
}

void append_message(std::string& out, std::string_view role, std::string_view text) {
  out += R"({"role":")";
  out += role;
  out += R"(","content":")";
  out += json_escaped(text);
  out += R"("},)";
}

// The messages before the prompt, each with a comma behind it.
std::string earlier_messages(const ChatForm& chat) {
  std::string out;
  if (chat.system) append_message(out, "system", *chat.system);
  for (const lab::OwnedJson& message : chat.messages) out += message->dump() + ",";
  return out;
}

// A whole number is written as one: TEMPERATURE=0 sends 0.
std::string number_text(double value) {
  if (value == std::floor(value) && std::abs(value) < 1e15) {
    return std::to_string(static_cast<std::int64_t>(value));
  }
  return lab::Json(value).dump();
}

// What the step says, unless the environment says otherwise; nothing leaves the member out.
std::string number_member(std::string_view key, std::optional<double> written,
                          std::optional<double> override_value) {
  const auto number = override_value ? override_value : written;
  return number ? ",\"" + std::string(key) + "\":" + number_text(*number) : "";
}

// All members after "messages".
std::string body_rest(const ChatForm& chat, const ChatOverrides& overrides) {
  std::optional<double> max_tokens;
  if (overrides.max_tokens) max_tokens = static_cast<double>(*overrides.max_tokens);
  std::string out = number_member("max_tokens", chat.max_tokens, max_tokens);
  out += number_member("temperature", chat.temperature, overrides.temperature);
  out += chat.stream ? R"(,"stream":true)" : R"(,"stream":false)";
  if (chat.include_usage) out += R"(,"stream_options":{"include_usage":true})";
  for (const auto& [key, value] : chat.body->items()) {
    out += ",\"" + json_escaped(key) + "\":" + value.dump();
  }
  return out + "}";
}

PromptSource prompt_of(const PromptForm& prompt, const lab::JsonValue& chat,
                       const FlowSettings& settings) {
  if (prompt.synthetic) return *prompt.synthetic;
  if (!prompt.file) return escaped(prompt.texts.empty() ? Texts{""} : prompt.texts);
  const auto texts = load_prompts(*prompt.file, settings.folder);
  if (texts.has_value()) return escaped(*texts);
  lab::JsonObject object(chat);
  lab::JsonObject one_of(*object.find("prompt"));
  one_of.require("one_of").problem(texts.error().to_string());
  return escaped({""});
}

std::optional<double> parse_number(const std::string& text) {
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [rest, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || rest != end || !std::isfinite(value) || value < 0)
    return std::nullopt;
  return value;
}

}  // namespace

ChatStep read_chat(const lab::JsonValue& value, const FlowSettings& settings) {
  ChatForm form;
  lab::read_fields(value, form);
  ChatStep chat;
  std::string earlier = earlier_messages(form);
  std::string tail;
  if (form.prompt) {
    chat.prompt = prompt_of(*form.prompt, value, settings);
    earlier += R"({"role":"user","content":")";
    tail = json_escaped(form.prompt_suffix) + R"("})";
  } else if (!earlier.empty()) {
    earlier.pop_back();
  }
  chat.path = form.path;
  chat.stream = form.stream;
  chat.body_tail = tail + "]" + body_rest(form, settings.overrides);
  if (settings.api_key) {
    if (auto problem = header_value_problem(*settings.api_key)) {
      value.problem("the scenario's API_KEY " + *std::move(problem));
    }
    chat.headers.emplace_back("Authorization", "Bearer " + *settings.api_key);
  }
  for (auto& header : form.headers) chat.headers.push_back(std::move(header));
  if (settings.overrides.model) form.models = {*settings.overrides.model};
  if (form.models.empty()) form.models.emplace_back(kDefaultModel);
  for (std::string& model : form.models) {
    std::string head = R"({"model":")" + json_escaped(model) + R"(","messages":[)" + earlier;
    chat.models.push_back({std::move(model), std::move(head)});
  }
  return chat;
}
lab::Json chat_schema(lab::SchemaPrinter& printer) {
  const ChatForm form;
  return lab::StructType::of<ChatForm>().schema(printer, &form);
}

lab::Result<ChatOverrides> read_chat_overrides(const Environment& set_by_user) {
  const auto find = [&set_by_user](std::string_view name) -> const std::string* {
    const auto found = set_by_user.find(name);
    return found == set_by_user.end() || found->second.empty() ? nullptr : &found->second;
  };
  ChatOverrides overrides;
  if (const std::string* const model = find("MODEL")) overrides.model = *model;
  if (const std::string* const text = find("MAX_TOKENS")) {
    const auto number = parse_number(*text);
    if (!number || *number != std::floor(*number) ||
        *number > static_cast<double>(kMaxTokensLimit)) {
      return lab::Error{"MAX_TOKENS", "\"" + *text + "\" is not a whole number from 0 up"};
    }
    overrides.max_tokens = static_cast<std::int64_t>(*number);
  }
  if (const std::string* const text = find("TEMPERATURE")) {
    overrides.temperature = parse_number(*text);
    if (!overrides.temperature) {
      return lab::Error{"TEMPERATURE", "\"" + *text + "\" is not a number from 0 up"};
    }
  }
  return overrides;
}

}  // namespace loader
