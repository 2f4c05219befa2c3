#include "shared/protocol/chat_request_tools.h"

#include "shared/base/json.h"
#include "shared/protocol/documented_members.h"
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
  const std::string_view expected = kind == kString  ? "a string"
                                    : kind == kArray ? "an array of objects"
                                                     : "an object";
  return invalid_type(param, expected, kind_of(*member));
}

CheckedPart<std::string> require_string(const Json& object, const std::string& path,
                                        const char* key) {
  const auto member = require(object, path, key, kString);
  if (!member) return member.error();
  return (*member)->get<std::string>();
}

// What stands under its type: {"type":"function","function":{"name":…}}.
struct Named {
  const Json* object;
  std::string path;
};
CheckedPart<Named> require_named(const Json& object, const std::string& path,
                                 std::string_view supported = "'function' and 'custom'") {
  const auto type = require_string(object, path, "type");
  if (!type) return type.error();
  const bool is_known = *type == "function" || *type == "custom";
  if (!is_known) return invalid_value(path + ".type", *type, supported);
  const auto named = require(object, path, type->c_str(), kObject);
  if (!named) return named.error();
  return Named{*named, path + "." + *type};
}

// The member's text; empty if it is absent, null or something else.
std::string text_of(const Json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && member->is_string() ? member->get<std::string>() : "";
}

bool is_true(const Json& object, const char* key) {
  const auto member = object.find(key);
  return member != object.end() && *member == true;
}

// {"name":…,"description":…,"parameters":…,"strict":…}
CheckedPart<ChatTool> read_definition(const Json& function, const std::string& path) {
  const auto name = require_string(function, path, "name");
  if (!name) return name.error();
  ChatTool tool{.name = *name,
                .parameters = {},
                .description = text_of(function, "description"),
                .strict = is_true(function, "strict")};
  if (const auto parameters = function.find("parameters");
      parameters != function.end() && !parameters->is_null()) {
    const auto checked = require(function, path, "parameters", kObject);
    if (!checked) return checked.error();
    tool.parameters = **checked;
  }
  return tool;
}

// {"name":…,"description":…,"format":…}, of a tool that is given free text.
CheckedPart<ChatTool> read_custom(const Json& custom, const std::string& path) {
  const auto name = require_string(custom, path, "name");
  if (!name) return name.error();
  return ChatTool{.name = *name,
                  .parameters = {},
                  .description = text_of(custom, "description"),
                  .form = CallForm::custom};
}

CheckedPart<ChatTool> read_tool(const Json& value, const std::string& path) {
  if (!value.is_object()) return invalid_type(path, "an object", kind_of(value));
  const auto named = require_named(value, path);
  if (!named) return named.error();
  const bool is_custom = value.at("type") == "custom";
  auto tool = is_custom ? read_custom(*named->object, named->path)
                        : read_definition(*named->object, named->path);
  if (!tool) return tool.error();
  tool->unknown_member = unknown_member(value, path, documented_tool(value));
  return tool;
}

// The mode of {"type":"allowed_tools","allowed_tools":{"mode":…,"tools":[…]}}.
CheckedPart<ToolChoice> read_allowed_mode(const Json& value) {
  const auto allowed = require(value, "tool_choice", "allowed_tools", kObject);
  if (!allowed) return allowed.error();
  const std::string path = "tool_choice.allowed_tools";
  const auto mode = require_string(**allowed, path, "mode");
  if (!mode) return mode.error();
  if (*mode == "auto") return ToolChoice{ToolChoice::Kind::automatic, {}};
  if (*mode == "required") return ToolChoice{ToolChoice::Kind::required, {}};
  return invalid_value(path + ".mode", *mode, "'auto' and 'required'");
}

}  // namespace

CheckedPart<std::vector<ChatTool>> read_tools(const Json& value) {
  std::vector<ChatTool> tools;
  if (value.empty()) return empty_array("tools");
  for (std::size_t i = 0; i < value.size(); ++i) {
    auto tool = read_tool(value[i], element_path("tools", i));
    if (!tool) return tool.error();
    tools.push_back(*std::move(tool));
  }
  return tools;
}

CheckedPart<std::vector<ChatTool>> read_functions(const Json& value) {
  std::vector<ChatTool> functions;
  if (value.empty()) return empty_array("functions");
  for (std::size_t i = 0; i < value.size(); ++i) {
    const std::string path = element_path("functions", i);
    if (!value[i].is_object()) return invalid_type(path, "an object", kind_of(value[i]));
    auto function = read_definition(value[i], path);
    if (!function) return function.error();
    function->unknown_member = unknown_member(value[i], path, documented_function());
    function->form = CallForm::function;
    functions.push_back(*std::move(function));
  }
  return functions;
}

CheckedPart<ToolChoice> read_function_call(const Json& value) {
  if (value.is_object()) {
    const auto name = require_string(value, "function_call", "name");
    if (!name) return name.error();
    return ToolChoice{ToolChoice::Kind::function, *name};
  }
  const auto& word = value.get_ref<const std::string&>();
  if (word == "none") return ToolChoice{ToolChoice::Kind::none, {}};
  if (word == "auto") return ToolChoice{ToolChoice::Kind::automatic, {}};
  return invalid_value("function_call", word, "'none' and 'auto'");
}

bool allows_tools(const Json& tool_choice) {
  if (!tool_choice.is_object()) return false;
  const auto type = tool_choice.find("type");
  return type != tool_choice.end() && *type == "allowed_tools";
}

CheckedPart<std::vector<std::string>> read_allowed_tools(const Json& tool_choice) {
  const std::string path = "tool_choice.allowed_tools";
  const auto allowed = require(tool_choice, "tool_choice", "allowed_tools", kObject);
  if (!allowed) return allowed.error();
  const auto tools = require(**allowed, path, "tools", kArray);
  if (!tools) return tools.error();
  if ((*tools)->empty()) return empty_array(path + ".tools");
  std::vector<std::string> names;
  for (std::size_t i = 0; i < (*tools)->size(); ++i) {
    const std::string element = element_path(path + ".tools", i);
    const Json& tool = (**tools)[i];
    if (!tool.is_object()) return invalid_type(element, "an object", kind_of(tool));
    const auto named = require_named(tool, element);
    if (!named) return named.error();
    const auto name = require_string(*named->object, named->path, "name");
    if (!name) return name.error();
    names.push_back(*name);
  }
  return names;
}

CheckedPart<ToolChoice> read_tool_choice(const Json& value) {
  if (value.is_object()) {
    if (allows_tools(value)) return read_allowed_mode(value);
    const auto named =
        require_named(value, "tool_choice", "'allowed_tools', 'function', and 'custom'");
    if (!named) return named.error();
    const auto name = require_string(*named->object, named->path, "name");
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
  const bool strict = is_true(**format, "strict");
  const auto schema = (*format)->find("schema");
  if (schema == (*format)->end()) {
    return ResponseFormat{ResponseFormat::Kind::json_schema, *name, {}, strict};
  }
  const auto checked = require(**format, path, "schema", kObject);
  if (!checked) return checked.error();
  return ResponseFormat{ResponseFormat::Kind::json_schema, *name, **checked, strict};
}

}  // namespace lab
