#include "mockgw/chat/python_text.h"

#include <string_view>

#include "shared/base/json.h"

namespace mockgw {
namespace {

std::string in_quotes(std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  const bool has_single = text.find('\'') != text.npos;
  const char quote = has_single && text.find('"') == text.npos ? '"' : '\'';
  std::string out(1, quote);
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out.append("\\x").append(1, kHex[byte >> 4]).append(1, kHex[byte & 15]);
    } else {
      if (c == quote || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + quote;
}

}  // namespace

// Not deeper than the request was read (kRequestDepthMax).
std::string python_text(const lab::Json& value) {
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (value.is_string()) return in_quotes(value.get_ref<const std::string&>());
  if (!value.is_structured()) return value.dump();
  std::string out;
  for (const auto& [name, member] : value.items()) {
    if (!out.empty()) out += ", ";
    if (value.is_object()) out += in_quotes(name) + ": ";
    out += python_text(member);
  }
  return value.is_object() ? "{" + out + "}" : "[" + out + "]";
}

}  // namespace mockgw
