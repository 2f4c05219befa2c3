#include "shared/protocol/chat_request_tools.h"

#include "shared/base/json.h"
#include "shared/protocol/request_problems.h"

namespace lab {
namespace {

// A member that must be there and of one kind, or the problem with it.
CheckedPart<const Json*> require(const Json& object, const std::string& path, const char* key,
                                 JsonKind kind) {
  const std::string param = path + "." + key;
  const auto member = object.find(key);
  if (member == object.end()) return missing_parameter(param);
  if (kind_of(*member) == kind) return &*member;
  return invalid_type(param, kind == kString ? "a string" : "an object", kind_of(*member));
}

CheckedPart<std::string> require_string(const Json& object, const std::string& path,
                                        const char* key) {
  const auto member = require(object, path, key, kString);
  if (!member) return member.error();
  return (*member)->get<std::string>();
}

// The name in {"function":{"name":…}}, and the object around it.
CheckedPart<const Json*> require_function(const Json& object, const std::string& path) {
  const auto type = require_string(object, path, "type");
  if (!type) return type.error();
  if (*type != "function") return invalid_value(path + ".type", *type, "'function'");
  return require(object, path, "function", kObject);
}

CheckedPart<ChatTool> read_tool(const Json& value, const std::string& path) {
  if (!value.is_object()) return invalid_type(path, "an object", kind_of(value));
  const auto function = require_function(value, path);
  if (!function) return function.error();
  const auto name = require_string(**function, path + ".function", "name");
  if (!name) return name.error();
  ChatTool tool{*name, {}};
  if (const auto parameters = (*function)->find("parameters");
      parameters != (*function)->end() && !parameters->is_null()) {
    const auto checked = require(**function, path + ".function", "parameters", kObject);
    if (!checked) return checked.error();
    tool.parameters = **checked;
  }
  return tool;
}

}  // namespace

CheckedPart<std::vector<ChatTool>> read_tools(const Json& value) {
  std::vector<ChatTool> tools;
  if (value.empty()) return empty_array("tools");
  for (std::size_t i = 0; i < value.size(); ++i) {
    auto tool = read_tool(value[i], "tools[" + std::to_string(i) + "]");
    if (!tool) return tool.error();
    tools.push_back(*std::move(tool));
  }
  return tools;
}

CheckedPart<ToolChoice> read_tool_choice(const Json& value) {
  if (value.is_object()) {
    const auto function = require_function(value, "tool_choice");
    if (!function) return function.error();
    const auto name = require_string(**function, "tool_choice.function", "name");
    if (!name) return name.error();
    return ToolChoice{ToolChoice::Kind::function, *name};
  }
  const auto& word = value.get_ref<const std::string&>();
  if (word == "none") return ToolChoice{ToolChoice::Kind::none, {}};
  if (word == "auto") return ToolChoice{ToolChoice::Kind::automatic, {}};
  if (word == "required") return ToolChoice{ToolChoice::Kind::required, {}};
  return invalid_value("tool_choice", word, "'none', 'auto', and 'required'");
}

CheckedPart<ResponseFormat> read_response_format(const Json& value) {
  const auto type = require_string(value, "response_format", "type");
  if (!type) return type.error();
  if (*type == "text") return ResponseFormat{ResponseFormat::Kind::text, {}, {}};
  if (*type == "json_object") return ResponseFormat{ResponseFormat::Kind::json_object, {}, {}};
  if (*type != "json_schema") {
    return invalid_value("response_format.type", *type, "'json_object', 'json_schema', and 'text'");
  }
  const std::string path = "response_format.json_schema";
  const auto format = require(value, "response_format", "json_schema", kObject);
  if (!format) return format.error();
  const auto name = require_string(**format, path, "name");
  if (!name) return name.error();
  const auto schema = (*format)->find("schema");
  if (schema == (*format)->end()) {
    return ResponseFormat{ResponseFormat::Kind::json_schema, *name, {}};
  }
  const auto checked = require(**format, path, "schema", kObject);
  if (!checked) return checked.error();
  return ResponseFormat{ResponseFormat::Kind::json_schema, *name, **checked};
}

}  // namespace lab
