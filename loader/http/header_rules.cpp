#include "loader/http/header_rules.h"

#include <algorithm>
#include <array>

#include "shared/base/base64.h"
#include "shared/runtime/http_message.h"

namespace loader {
namespace {

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 9110, 5.6.2.
bool is_token_char(char c) {
  constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
  return is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
}

// RFC 3986, 3.2.2: what a host and a port are made of.
bool is_host_char(char c) {
  constexpr std::string_view kOthers = "-._~!$&'()*+,;=:[]%";
  return is_alphanumeric(c) || kOthers.find(c) != std::string_view::npos;
}

bool is_control(char c) { return (c >= 0 && c < ' ' && c != '\t') || c == '\x7f'; }

std::string name_of_control(char c) {
  if (c == '\n') return "a line feed";
  if (c == '\r') return "a carriage return";
  if (c == '\0') return "a zero byte";
  return "a control character (" + std::to_string(static_cast<unsigned char>(c)) + ")";
}

}  // namespace

bool is_token(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), is_token_char);
}

std::string basic_authorization(std::string_view user, std::string_view password) {
  return "Basic " + lab::base64_encoded(std::string(user) + ":" + std::string(password));
}

std::optional<std::string> header_name_problem(std::string_view name) {
  if (!is_token(name)) {
    return "a field's name is made of letters, digits and !#$%&'*+-.^_`|~";
  }
  constexpr std::array<std::string_view, 3> kOfTheClient{"Content-Length", "Transfer-Encoding",
                                                         "Trailer"};
  for (const std::string_view own : kOfTheClient) {
    if (!lab::equals_ignore_case(name, own)) continue;
    return std::string(own) + " follows from the body; leave it out";
  }
  return std::nullopt;
}

std::optional<std::string> header_value_problem(std::string_view value) {
  const auto found = std::find_if(value.begin(), value.end(), is_control);
  if (found == value.end()) return std::nullopt;
  const bool is_last = found + 1 == value.end();
  return "has " + name_of_control(*found) + (is_last ? " at its end" : " in it") +
         ", which a header field can't hold; allowed is all that can be seen, spaces and tabs";
}

std::optional<std::string> host_value_problem(std::string_view value) {
  if (!value.empty() && std::all_of(value.begin(), value.end(), is_host_char)) return std::nullopt;
  return "is no host; write name or name:port";
}

}  // namespace loader
