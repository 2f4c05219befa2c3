#include "shared/protocol/error_envelope.h"

#include "shared/base/json.h"
#include "shared/base/json_text.h"

namespace lab {
namespace {

constexpr std::size_t kBodyBytesMax = std::size_t{64} << 10;

void append_or_null(std::string& out, const std::optional<std::string>& text) {
  text ? append_json_string(out, *text) : static_cast<void>(out += "null");
}

// Text of a string or a number; empty for anything else or nothing.
std::string member_text(const nlohmann::json& object, const char* key) {
  const auto member = object.find(key);
  if (member == object.end()) return {};
  if (member->is_string()) return member->get<std::string>();
  return member->is_number() ? member->dump() : std::string();
}

ErrorInfo read_members(const nlohmann::json& object) {
  return {member_text(object, "message"), member_text(object, "type"), member_text(object, "code")};
}

}  // namespace

std::string write_error_envelope(const ApiError& error) {
  std::string out = R"({"error":{"message":)";
  append_json_string(out, error.message);
  out += R"(,"type":)";
  append_json_string(out, error.type);
  out += R"(,"param":)";
  append_or_null(out, error.param);
  out += R"(,"code":)";
  append_or_null(out, error.code);
  out += "}}";
  return out;
}

std::optional<ErrorInfo> read_error_envelope(std::string_view body) {
  if (body.size() > kBodyBytesMax) return std::nullopt;
  const auto json = nlohmann::json::parse(body, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  if (const auto error = json.find("error"); error != json.end()) {
    if (error->is_object()) return read_members(*error);
    if (error->is_string()) return ErrorInfo{error->get<std::string>(), {}, {}};
  }
  if (json.contains("message")) return read_members(json);
  if (const auto detail = json.find("detail"); detail != json.end()) {
    return ErrorInfo{detail->is_string() ? detail->get<std::string>() : detail->dump(), {}, {}};
  }
  return std::nullopt;
}

}  // namespace lab
