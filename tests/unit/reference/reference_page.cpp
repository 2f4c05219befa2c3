#include "reference_page.h"

#include <deque>
#include <set>
#include <string_view>

#include "shared/base/json.h"

namespace lab {
namespace {

std::string code(const std::string& text) {
  std::string escaped;
  for (const char c : text) escaped += c == '|' ? "\\|" : std::string(1, c);
  return "`" + escaped + "`";
}

bool is_object(const Json& schema) {
  return schema.contains("properties") || schema.contains("patternProperties") ||
         (schema.contains("additionalProperties") && schema["additionalProperties"].is_object());
}

constexpr const char* kRoot = "The file";

class Page {
 public:
  explicit Page(const Json& schema) : root_(schema) {}

  std::string write() {
    text_ = "# " + root_.value("title", "") + "\n\n" + root_.value("description", "") + "\n";
    section(kRoot, root_, false);
    while (!waiting_.empty()) {
      const auto [title, schema] = waiting_.front();
      waiting_.pop_front();
      section(title, *schema, true);
    }
    return text_;
  }

 private:
  [[nodiscard]] std::string name_of(const Json& schema) const {
    const std::string reference = schema.value("$ref", "");
    return reference.substr(reference.rfind('/') + 1);
  }
  [[nodiscard]] const Json& resolved(const Json& schema) const {
    return schema.contains("$ref") ? root_["$defs"][name_of(schema)] : schema;
  }

  // What a heading has below it: the keys of an object, or what there is to choose from.
  void section(const std::string& title, const Json& schema, bool with_description) {
    text_ += "\n## " + title + "\n";
    const std::string about = schema.value("description", "");
    if (with_description && !about.empty()) text_ += "\n" + about + "\n";
    if (schema.contains("properties")) return keys(title, schema);
    if (!schema.contains("anyOf")) return sentence(title, schema);
    for (const Json& each : schema["anyOf"]) {
      const bool is_kind = each.contains("properties") && each.contains("description");
      if (!is_kind) {
        sentence(title, each);
        continue;
      }
      const std::string kind = kind_of(each);
      text_ += "\n### " + title + ": " + kind + "\n\n" + each.value("description", "") + "\n";
      keys(title + " " + kind, each);
    }
  }

  // An object by its one word, or by its one required key.
  [[nodiscard]] static std::string kind_of(const Json& schema) {
    for (const auto& [key, member] : schema["properties"].items()) {
      if (member.contains("const")) return member["const"].get<std::string>();
    }
    return schema.contains("required") ? schema["required"][0].get<std::string>() : "";
  }

  void sentence(const std::string& title, const Json& schema) {
    text_ += "\nTakes " + takes(title, schema) + ", as " + code(sample(schema).dump()) + ".\n";
    if (schema.contains("properties")) keys(title, schema);
  }

  void keys(const std::string& title, const Json& schema) {
    const Json required = schema.value("required", Json::array());
    text_ += "\n| key | takes | default | example | |\n|---|---|---|---|---|\n";
    for (const auto& [key, member] : schema["properties"].items()) {
      const bool is_required = std::find(required.begin(), required.end(), key) != required.end();
      std::string by_default = member.contains("default") ? code(member["default"].dump()) : "";
      if (is_required) by_default = "required";
      const Json example{{key, sample(member)}};
      const std::string dumped = example.dump();
      const std::string inner = title == kRoot ? key : title + "." + key;
      text_ += "| " + code(key) + " | " + takes(inner, member) + " | " + by_default + " | " +
               code(dumped.substr(1, dumped.size() - 2)) + " | " + about(member) + " |\n";
    }
  }

  [[nodiscard]] std::string about(const Json& member) const {
    std::string own = member.value("description", "");
    return own.empty() ? resolved(member).value("description", "") : own;
  }

  // Puts an object or a definition on the list of what is still to be shown.
  std::string link(const std::string& title, const Json& schema) {
    if (shown_.insert(title).second) waiting_.emplace_back(title, &schema);
    std::string anchor;
    for (const char c : title) {
      if (std::isalnum(static_cast<unsigned char>(c)) || c == '_' || c == '-') {
        anchor += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      } else if (c == ' ') {
        anchor += '-';
      }
    }
    return "[" + title + "](#" + anchor + ")";
  }

  std::string takes(const std::string& title, const Json& schema) {
    if (schema.contains("$ref")) return link(name_of(schema), resolved(schema));
    if (schema.contains("const")) return code(schema["const"].dump());
    if (schema.contains("enum")) {
      std::string words;
      for (const Json& word : schema["enum"]) {
        words += (words.empty() ? "" : ", ") + code(word.dump());
      }
      return words;
    }
    if (schema.contains("properties")) {
      return shown_.contains(title) && !waiting_for(schema) ? "an object" : link(title, schema);
    }
    if (schema.contains("anyOf")) return one_of(title, schema["anyOf"]);
    if (schema.contains("allOf")) return takes(title, schema["allOf"][0]);
    if (schema.contains("patternProperties")) {
      return "by name: " + takes(title, *schema["patternProperties"].begin());
    }
    if (is_object(schema)) return "by name: " + takes(title, schema["additionalProperties"]);
    const Json type = schema.value("type", Json());
    if (type.is_array()) return by_types(title, schema, type);
    if (type == "array") {
      if (!schema.contains("items")) return "a list";
      return "a list of " + takes(title + "[]", schema["items"]);
    }
    return simple(type, schema);
  }

  [[nodiscard]] bool waiting_for(const Json& schema) const {
    for (const auto& [title, waiting] : waiting_) {
      if (waiting == &schema) return true;
    }
    return false;
  }

  std::string one_of(const std::string& title, const Json& alternatives) {
    std::string all;
    bool has_kinds = false;
    for (const Json& each : alternatives) {
      if (each.contains("properties") && !kind_of(each).empty() && alternatives.size() > 2) {
        has_kinds = true;
        continue;
      }
      all += (all.empty() ? "" : " or ") + takes(title, each);
    }
    return has_kinds ? "an object" + (all.empty() ? "" : " or " + all) : all;
  }

  std::string by_types(const std::string& title, const Json& schema, const Json& types) {
    std::string all;
    for (const Json& type : types) {
      Json one = schema;
      one["type"] = type;
      all += (all.empty() ? "" : " or ") + takes(title, one);
    }
    return all;
  }

  static std::string simple(const Json& type, const Json& schema) {
    if (type == "boolean") return "`true` or `false`";
    if (type == "string") return "a text";
    if (type == "null") return "`null`";
    if (type == "object") return "an object";
    if (type != "integer" && type != "number") return "anything";
    std::string text = type == "integer" ? "a whole number" : "a number";
    const bool has_max = schema.contains("maximum");
    if (schema.contains("exclusiveMinimum")) text += ", above " + schema["exclusiveMinimum"].dump();
    if (schema.contains("minimum")) {
      text += (has_max ? ", " : ", at least ") + schema["minimum"].dump();
    }
    if (has_max)
      text += (schema.contains("minimum") ? " to " : ", at most ") + schema["maximum"].dump();
    return text;
  }

  // A value that the schema takes.
  [[nodiscard]] Json sample(const Json& schema) const {
    if (schema.contains("examples")) return schema["examples"][0];
    const Json by_default = schema.value("default", Json());
    const bool is_telling = !by_default.is_null() && !by_default.empty() && by_default != "" &&
                            by_default != 0 && by_default != "0s";
    if (is_telling) return by_default;
    if (schema.contains("$ref")) return sample(resolved(schema));
    if (schema.contains("const")) return schema["const"];
    if (schema.contains("enum")) return schema["enum"][0];
    if (schema.contains("properties")) return object_sample(schema);
    if (schema.contains("anyOf")) return sample(schema["anyOf"][0]);
    if (schema.contains("allOf")) return sample(schema["allOf"][0]);
    const Json type = schema.value("type", Json());
    return simple_sample(type.is_array() ? type[0] : type, schema);
  }

  // What is required, or may be that; if that is nothing, the first key.
  [[nodiscard]] Json object_sample(const Json& schema) const {
    Json object = Json::object();
    Json required = schema.value("required", Json::array());
    if (required.empty() && schema.contains("anyOf")) required = schema["anyOf"][0]["required"];
    for (const Json& key : required) {
      const auto name = key.get<std::string>();
      object[name] = sample(schema["properties"][name]);
    }
    for (const auto& [key, member] : schema["properties"].items()) {
      if (object.empty() && key != "$schema") object[key] = sample(member);
    }
    return object;
  }

  [[nodiscard]] Json simple_sample(const Json& type, const Json& schema) const {
    if (type == "boolean") return true;
    if (type == "integer" || type == "number") return number_sample(schema);
    if (type == "string")
      return schema.value("pattern", "").starts_with("^(0|((") ? "250ms" : "text";
    if (type == "array") {
      const auto least = std::max<std::size_t>(1, schema.value("minItems", std::size_t{1}));
      Json list = Json::array();
      const Json element = schema.contains("items") ? sample(schema["items"]) : Json("text");
      while (list.size() < least) list.push_back(element);
      return list;
    }
    if (type != "object") return type == "null" ? Json() : Json("anything");
    if (schema.contains("patternProperties")) {
      return Json{{"p50", sample(*schema["patternProperties"].begin())}};
    }
    if (is_object(schema)) return Json{{"name", sample(schema["additionalProperties"])}};
    return Json::object();
  }

  [[nodiscard]] static Json number_sample(const Json& schema) {
    if (schema.value("minimum", 0.0) >= 1) return schema["minimum"];
    return schema.value("maximum", 10.0) <= 1 ? Json(0.5) : Json(5);
  }

  const Json& root_;
  std::string text_;
  std::deque<std::pair<std::string, const Json*>> waiting_;
  std::set<std::string> shown_;
};

}  // namespace

std::string reference_page(const Json& schema) { return Page(schema).write(); }

}  // namespace lab
