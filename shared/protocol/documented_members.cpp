#include "shared/protocol/documented_members.h"

#include <algorithm>
#include <array>
#include <utility>

#include "shared/base/json.h"
#include "shared/protocol/openai_checks.h"

namespace lab {
namespace {

constexpr unsigned kText = kString | kNull;
constexpr unsigned kTextOrParts = kString | kArray;
constexpr std::string_view kAString = "a string";
constexpr std::string_view kAnObject = "an object";

constexpr std::string_view kAudioFormats[] = {"wav", "aac", "mp3", "flac", "opus", "pcm16"};
constexpr std::string_view kPredictionTypes[] = {"content"};
constexpr std::string_view kTextPart[] = {"text"};
constexpr std::string_view kContextSizes[] = {"low", "medium", "high"};
constexpr std::string_view kLocationTypes[] = {"approximate"};
constexpr std::string_view kModerationModes[] = {"score", "block"};
constexpr std::string_view kCacheModes[] = {"implicit", "explicit"};
constexpr std::string_view kInputFormats[] = {"text", "grammar"};
constexpr std::string_view kSyntaxes[] = {"lark", "regex"};

constexpr DocumentedMember kFunction[] = {
    {"name", kString | kRequired, kAString},
    {"description", kText, kAString},
    {"parameters", kObject | kNull, kAnObject},
    {"strict", kBoolean | kNull, "a boolean"},
};
constexpr DocumentedMember kFunctionTool[] = {
    {"type", kString | kRequired, kAString},
    {"function", kObject | kRequired, kAnObject},
    {"function.name", kString | kRequired, kAString},
    {"function.description", kText, kAString},
    {"function.parameters", kObject | kNull, kAnObject},
    {"function.strict", kBoolean | kNull, "a boolean"},
};
constexpr auto kCustomTool = std::to_array<DocumentedMember>({
    {"type", kString | kRequired, kAString},
    {"custom", kObject | kRequired, kAnObject},
    {"custom.name", kString | kRequired, kAString},
    {"custom.description", kText, kAString},
    {"custom.format", kObject | kNull, kAnObject},
    {"custom.format.type", kString | kRequired, kAString, kInputFormats},
    // From here on of a grammar only.
    {"custom.format.grammar", kObject | kRequired, kAnObject},
    {"custom.format.grammar.syntax", kString | kRequired, kAString, kSyntaxes},
    {"custom.format.grammar.definition", kString | kRequired, kAString},
});
constexpr std::size_t kCustomToolOfText = 6;

constexpr DocumentedMember kFunctionCall[] = {{"name", kString | kRequired, kAString}};
constexpr DocumentedMember kFunctionChoice[] = {
    {"type", kString | kRequired, kAString},
    {"function", kObject | kRequired, kAnObject},
    {"function.name", kString | kRequired, kAString},
};
constexpr DocumentedMember kCustomChoice[] = {
    {"type", kString | kRequired, kAString},
    {"custom", kObject | kRequired, kAnObject},
    {"custom.name", kString | kRequired, kAString},
};
// Its tools are documented as objects with any members.
constexpr DocumentedMember kAllowedTools[] = {
    {"type", kString | kRequired, kAString},
    {"allowed_tools", kObject | kRequired, kAnObject},
    {"allowed_tools.mode", kString | kRequired, kAString},
    {"allowed_tools.tools", kArray | kRequired, "an array of objects"},
};

constexpr DocumentedMember kPlainFormat[] = {{"type", kString | kRequired, kAString}};
constexpr DocumentedMember kSchemaFormat[] = {
    {"type", kString | kRequired, kAString},
    {"json_schema", kObject | kRequired, kAnObject},
    {"json_schema.name", kString | kRequired, kAString},
    {"json_schema.description", kText, kAString},
    {"json_schema.schema", kObject | kNull, kAnObject},
    {"json_schema.strict", kBoolean | kNull, "a boolean"},
};

// A voice is a name, any, or a voice of one's own.
constexpr DocumentedMember kAudio[] = {
    {"voice", kString | kObject | kRequired, "one of a string or object"},
    {"voice.id", kString | kRequired, kAString},
    {"format", kString | kRequired, kAString, kAudioFormats},
};
constexpr DocumentedMember kPrediction[] = {
    {"type", kString | kRequired, kAString, kPredictionTypes},
    {"content", kTextOrParts | kRequired, "one of a string or array of objects"},
    {"content[]", kObject, kAnObject},
    {"content[].type", kString | kRequired, kAString, kTextPart},
    {"content[].text", kString | kRequired, kAString},
    {"content[].prompt_cache_breakpoint", kObject | kNull, kAnObject},
    {"content[].prompt_cache_breakpoint.mode", kText, kAString},
    {"content[].prompt_cache_breakpoint.ttl", kText, kAString},
};
constexpr DocumentedMember kWebSearch[] = {
    {"search_context_size", kText, kAString, kContextSizes},
    {"user_location", kObject | kNull, kAnObject},
    {"user_location.type", kString | kRequired, kAString, kLocationTypes},
    {"user_location.approximate", kObject | kRequired, kAnObject},
    {"user_location.approximate.city", kText, kAString},
    {"user_location.approximate.country", kText, kAString},
    {"user_location.approximate.region", kText, kAString},
    {"user_location.approximate.timezone", kText, kAString},
};
constexpr DocumentedMember kModeration[] = {
    {"model", kString | kRequired, kAString},
    {"policy", kObject | kNull, kAnObject},
    {"policy.input", kObject | kNull, kAnObject},
    {"policy.input.mode", kString | kRequired, kAString, kModerationModes},
    {"policy.output", kObject | kNull, kAnObject},
    {"policy.output.mode", kString | kRequired, kAString, kModerationModes},
};
constexpr DocumentedMember kPromptCache[] = {
    {"mode", kText, kAString, kCacheModes},
    {"ttl", kText, kAString},
};

constexpr std::pair<std::string_view, DocumentedMembers> kOptions[] = {
    {"audio", kAudio},
    {"prediction", kPrediction},
    {"web_search_options", kWebSearch},
    {"moderation", kModeration},
    {"prompt_cache_options", kPromptCache},
};

bool has_type(const Json& object, std::string_view type) {
  const auto member = object.find("type");
  return member != object.end() && *member == type;
}

bool has_grammar(const Json& custom_tool) {
  const auto custom = custom_tool.find("custom");
  if (custom == custom_tool.end() || !custom->is_object()) return false;
  const auto format = custom->find("format");
  return format != custom->end() && format->is_object() && has_type(*format, "grammar");
}

// A part of a document that is being looked through. Its path in the request is put together where
// there is a problem with it, for most have none.
struct Part {
  DocumentedMembers documented;
  std::string_view place;  // In the table; "" is the document itself.
  const Part* above;       // Null for the document, whose name is its path.
  std::string_view name;   // Of an element it has no text at all: "" is a name, too.
  std::size_t index = 0;
};

std::string path_of(const Part& part) {
  if (!part.above) return std::string(part.name);
  const std::string above = path_of(*part.above);
  if (part.name.data() == nullptr) return element_path(above, part.index);
  return above + "." + std::string(part.name);
}

std::string path_of(const Part& above, std::string_view name) {
  return path_of(above) + "." + std::string(name);
}

// The name of a member that stands right below a place; empty if it does not stand there.
std::string_view name_below(std::string_view place, std::string_view path) {
  if (!place.empty()) {
    const bool is_below =
        path.size() > place.size() && path[place.size()] == '.' && path.starts_with(place);
    if (!is_below) return {};
    path.remove_prefix(place.size() + 1);
  }
  const bool is_deeper = path.ends_with(']') || path.find('.') != std::string_view::npos;
  return is_deeper ? std::string_view() : path;
}

const DocumentedMember* member_below(const Part& part, std::string_view name) {
  const std::size_t size = part.place.size() + (part.place.empty() ? 0 : 1) + name.size();
  for (const DocumentedMember& member : part.documented) {
    if (member.path.size() != size || name.empty()) continue;
    if (name_below(part.place, member.path) == name) return &member;
  }
  return nullptr;
}

// Whether anything is documented of what is in an object.
bool is_documented(const Part& part) {
  return std::ranges::any_of(part.documented, [&part](const DocumentedMember& member) {
    return !name_below(part.place, member.path).empty();
  });
}

// The elements of an array, if anything is documented of them.
const DocumentedMember* element_of(const Part& array) {
  const auto is_element = [&array](std::string_view path) {
    return path.size() == array.place.size() + 2 && path.ends_with("[]") &&
           path.starts_with(array.place);
  };
  const auto found = std::ranges::find_if(array.documented, is_element, &DocumentedMember::path);
  return found == array.documented.end() ? nullptr : &*found;
}

std::string unknown_below(const Json& object, const Part& part);

std::string unknown_in_value(const Json& value, const Part& part) {
  if (value.is_object()) return unknown_below(value, part);
  const DocumentedMember* const element = value.is_array() ? element_of(part) : nullptr;
  if (!element) return {};
  for (std::size_t i = 0; i < value.size(); ++i) {
    std::string found = unknown_in_value(value[i], {part.documented, element->path, &part, {}, i});
    if (!found.empty()) return found;
  }
  return {};
}

std::string unknown_below(const Json& object, const Part& part) {
  for (const auto& [name, value] : object.get_ref<const Json::object_t&>()) {
    const DocumentedMember* const member = member_below(part, name);
    if (!member) return is_documented(part) ? path_of(part, name) : std::string();
    if (!value.is_structured()) continue;
    std::string found = unknown_in_value(value, {part.documented, member->path, &part, name});
    if (!found.empty()) return found;
  }
  return {};
}

FoundProblem check_below(const Json& object, const Part& part);

FoundProblem check_value(const Json& value, const DocumentedMember& member, const Part& part) {
  const JsonKind kind = kind_of(value);
  if ((member.kinds & kind) == 0) return invalid_type(path_of(part), member.expected, kind);
  if (kind == kString && !member.words.empty()) {
    return check_word(path_of(part), value.get_ref<const std::string&>(), member.words);
  }
  if (kind == kObject) return check_below(value, part);
  const DocumentedMember* const element = kind == kArray ? element_of(part) : nullptr;
  if (!element) return std::nullopt;
  for (std::size_t i = 0; i < value.size(); ++i) {
    const Part below{part.documented, element->path, &part, {}, i};
    if (auto found = check_value(value[i], *element, below)) return found;
  }
  return std::nullopt;
}

FoundProblem check_below(const Json& object, const Part& part) {
  for (const DocumentedMember& member : part.documented) {
    const std::string_view name = name_below(part.place, member.path);
    if (name.empty()) continue;
    const auto value = object.find(name);
    if (value == object.end()) {
      if ((member.kinds & kRequired) != 0) return missing_parameter(path_of(part, name));
      continue;
    }
    if (auto found = check_value(*value, member, {part.documented, member.path, &part, name})) {
      return found;
    }
  }
  return std::nullopt;
}

}  // namespace

DocumentedMembers documented_tool(const Json& tool) {
  if (!has_type(tool, "custom")) return kFunctionTool;
  const DocumentedMembers custom = kCustomTool;
  return has_grammar(tool) ? custom : custom.first(kCustomToolOfText);
}

DocumentedMembers documented_tool_choice(const Json& choice) {
  if (has_type(choice, "allowed_tools")) return kAllowedTools;
  return has_type(choice, "custom") ? DocumentedMembers(kCustomChoice) : kFunctionChoice;
}

DocumentedMembers documented_response_format(const Json& format) {
  return has_type(format, "json_schema") ? DocumentedMembers(kSchemaFormat) : kPlainFormat;
}

DocumentedMembers documented_function() { return kFunction; }

DocumentedMembers documented_function_call() { return kFunctionCall; }

DocumentedMembers documented_option(std::string_view name) {
  for (const auto& [option, documented] : kOptions) {
    if (option == name) return documented;
  }
  return {};
}

std::string unknown_member(const Json& object, const std::string& path,
                           DocumentedMembers documented) {
  return unknown_below(object, {documented, {}, nullptr, path});
}

FoundProblem check_documented(const Json& object, const std::string& path,
                              DocumentedMembers documented) {
  return check_below(object, {documented, {}, nullptr, path});
}

}  // namespace lab
