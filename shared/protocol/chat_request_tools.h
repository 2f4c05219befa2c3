// The parts of a chat request that few requests have and that keep JSON inside: tools, tool_choice,
// response_format. For the .cpp files of this folder.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <vector>

#include "shared/protocol/chat_request.h"

namespace lab {

template <class T>
using CheckedPart = boost::system::result<T, RequestProblem>;

/// `value` must be an array; the reader has checked that.
[[nodiscard]] CheckedPart<std::vector<ChatTool>> read_tools(const Json& value);
/// The older form: what `function` holds in a tool.
[[nodiscard]] CheckedPart<std::vector<ChatTool>> read_functions(const Json& value);
/// A string or an object.
[[nodiscard]] CheckedPart<ToolChoice> read_function_call(const Json& value);
/// A string or an object.
[[nodiscard]] CheckedPart<ToolChoice> read_tool_choice(const Json& value);
/// Whether a tool_choice is of type allowed_tools, which read_tool_choice() reads the mode of.
[[nodiscard]] bool allows_tools(const Json& tool_choice);
/// The names of its tools, one at least.
[[nodiscard]] CheckedPart<std::vector<std::string>> read_allowed_tools(const Json& tool_choice);
/// An object.
[[nodiscard]] CheckedPart<ResponseFormat> read_response_format(const Json& value);

}  // namespace lab
