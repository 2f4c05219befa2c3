// Which variables a script's text asks for by name, as far as that can be read from it.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace loader {

/// The names in __ENV.NAME, __ENV['NAME'] and const {NAME} = __ENV. What is put together while the
/// script runs is not seen; one in a comment is.
[[nodiscard]] std::set<std::string> variables_of_script(std::string_view text);

}  // namespace loader
