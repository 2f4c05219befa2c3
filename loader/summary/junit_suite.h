// JUnit's XML, as CI systems read it: suites of test cases.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace loader {

struct JunitCase {
  std::string class_name;
  std::string name;
  std::string body{};  ///< XML, one of the below; empty: it passed.
};

struct JunitSuite {
  std::string name;
  std::vector<JunitCase> cases;
  std::string attributes{};  ///< XML: those besides the counts.
  std::vector<std::pair<std::string, std::string>> properties{};
};

/// " name=\"value\"", escaped. What XML has no form for is made visible.
[[nodiscard]] std::string junit_attribute(std::string_view name, std::string_view value);

/// What a case came to. `type` is a word for its kind; `text`, if there is any, lines of details.
[[nodiscard]] std::string junit_failure(std::string_view message, std::string_view type,
                                        const std::vector<std::string>& text = {});
[[nodiscard]] std::string junit_error(std::string_view message, std::string_view type);
[[nodiscard]] std::string junit_skipped(std::string_view message);
[[nodiscard]] std::string junit_output(const std::vector<std::string>& text);

/// The whole file; the counts of each suite are those of its cases.
[[nodiscard]] std::string junit_document(const std::vector<JunitSuite>& suites);

}  // namespace loader
