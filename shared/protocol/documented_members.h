// What OpenAI documents of the objects that a chat request keeps as documents: tools, choices,
// formats and options. For the .cpp files of this folder.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/protocol/request_problems.h"

namespace lab {

struct DocumentedMember {
  /// From the document on: "grammar.syntax"; "content[]" is each element of "content". What has
  /// nothing below it in its table may hold anything.
  std::string_view path;
  unsigned kinds;  ///< Of JsonKind, or-ed. With kNull, null counts as absent.
  std::string_view expected;
  std::span<const std::string_view> words{};  ///< The texts that it may be; none for any.
};
using DocumentedMembers = std::span<const DocumentedMember>;

// Each by the type that the object itself names, where there are several.
[[nodiscard]] DocumentedMembers documented_tool(const Json& tool);
[[nodiscard]] DocumentedMembers documented_tool_choice(const Json& choice);
[[nodiscard]] DocumentedMembers documented_response_format(const Json& format);
/// The older forms of a tool and of its choice.
[[nodiscard]] DocumentedMembers documented_function();
[[nodiscard]] DocumentedMembers documented_function_call();
/// Another member of the request, by its name.
[[nodiscard]] DocumentedMembers documented_option(std::string_view name);

/// The path of the first member of an object, or of what is inside of it, that is not documented;
/// empty if there is none.
[[nodiscard]] std::string unknown_member(const Json& object, const std::string& path,
                                         DocumentedMembers documented);
/// What OpenAI refuses of an object by its table: a member that is missing or ill-typed, and a text
/// that is none of the words.
[[nodiscard]] std::optional<RequestProblem> check_documented(const Json& object,
                                                             const std::string& path,
                                                             DocumentedMembers documented);

}  // namespace lab
