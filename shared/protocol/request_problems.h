// The words in which OpenAI refuses a request. For the .cpp files of this folder.
#pragma once

#include <string>
#include <string_view>

#include "shared/protocol/chat_request.h"

namespace lab {

/// The kinds of JSON values that OpenAI's messages tell apart; bits, because a member may take
/// several.
enum JsonKind : unsigned {
  kString = 1,
  kInteger = 2,
  kDecimal = 4,
  kBoolean = 8,
  kObject = 16,
  kArray = 32,
  kNull = 64,
};
inline constexpr unsigned kAnyKind = 127;
/// Or-ed to the kinds of a member that is never absent where OpenAI's checks are made.
inline constexpr unsigned kRequired = 128;
[[nodiscard]] JsonKind kind_of(const Json& value);

/// "messages[0]"
[[nodiscard]] std::string element_path(std::string_view array, std::size_t index);

[[nodiscard]] RequestProblem invalid_json(std::string_view why);
[[nodiscard]] RequestProblem missing_parameter(std::string param);
/// "Invalid type for 'n': expected an integer, but got a string instead."
[[nodiscard]] RequestProblem invalid_type(std::string param, std::string_view expected,
                                          JsonKind got);
/// `supported` is the list as it is shown: "'a', 'b', and 'c'".
[[nodiscard]] RequestProblem invalid_value(std::string param, std::string_view value,
                                           std::string_view supported);
[[nodiscard]] RequestProblem below_minimum(std::string param, double minimum, double got,
                                           JsonKind kind);
[[nodiscard]] RequestProblem above_maximum(std::string param, double maximum, double got,
                                           JsonKind kind);
[[nodiscard]] RequestProblem invalid_url(std::string param);
[[nodiscard]] RequestProblem empty_array(std::string param);
[[nodiscard]] RequestProblem array_too_long(std::string param, std::size_t maximum,
                                            std::size_t got);
[[nodiscard]] RequestProblem string_too_long(std::string param, std::size_t maximum,
                                             std::size_t got);
[[nodiscard]] RequestProblem pattern_not_matched(std::string param, std::string_view pattern);
[[nodiscard]] RequestProblem too_many_members(std::string param, std::size_t maximum,
                                              std::size_t got);
[[nodiscard]] RequestProblem member_name_too_long(std::string param, std::size_t maximum,
                                                  std::size_t got);
/// "The 'a' parameter is only allowed when 'b' is …."
[[nodiscard]] RequestProblem only_allowed_when(std::string param, std::string_view condition);
/// "Setting 'a' and 'b' at the same time is not supported."
[[nodiscard]] RequestProblem not_together(std::string param, std::string_view other);
/// "Invalid value for 'a': 'a' is only allowed when 'b' are specified."
[[nodiscard]] RequestProblem only_allowed_with(std::string param, std::string_view other);

}  // namespace lab
