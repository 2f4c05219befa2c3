#include "loader/summary/junit_suite.h"

#include "loader/summary/summary_format.h"
#include "shared/base/xml_text.h"

namespace loader {
namespace {

// Control characters have no form in XML 1.0 at all.
std::string junit_escaped(std::string_view text) { return lab::xml_escaped(printable(text)); }

std::string escaped_lines(const std::vector<std::string>& lines) {
  std::string xml;
  for (const std::string& line : lines) xml += (xml.empty() ? "" : "\n") + junit_escaped(line);
  return xml;
}

std::size_t count_of(const std::vector<JunitCase>& cases, std::string_view element) {
  std::size_t count = 0;
  for (const JunitCase& test : cases) count += test.body.starts_with(element) ? 1 : 0;
  return count;
}

std::string properties_xml(const JunitSuite& suite) {
  if (suite.properties.empty()) return {};
  std::string xml = "    <properties>\n";
  for (const auto& [name, value] : suite.properties) {
    xml += "      <property" + junit_attribute("name", name) + junit_attribute("value", value) +
           "/>\n";
  }
  return xml + "    </properties>\n";
}

std::string case_xml(const JunitCase& test) {
  const std::string xml = "    <testcase" + junit_attribute("classname", test.class_name) +
                          junit_attribute("name", test.name);
  return xml + (test.body.empty() ? "/>\n" : ">" + test.body + "</testcase>\n");
}

std::string suite_xml(const JunitSuite& suite) {
  const auto count = [&suite](std::string_view name, std::string_view element) {
    return junit_attribute(name, std::to_string(count_of(suite.cases, element)));
  };
  std::string xml = "  <testsuite" + junit_attribute("name", suite.name) +
                    junit_attribute("tests", std::to_string(suite.cases.size())) +
                    count("failures", "<failure") + count("errors", "<error") +
                    count("skipped", "<skipped") + suite.attributes + ">\n" + properties_xml(suite);
  for (const JunitCase& test : suite.cases) xml += case_xml(test);
  return xml + "  </testsuite>\n";
}

}  // namespace

std::string junit_attribute(std::string_view name, std::string_view value) {
  return " " + std::string(name) + "=\"" + junit_escaped(value) + "\"";
}

std::string junit_failure(std::string_view message, std::string_view type,
                          const std::vector<std::string>& text) {
  const std::string xml =
      "<failure" + junit_attribute("message", message) + junit_attribute("type", type);
  return text.empty() ? xml + "/>" : xml + ">" + escaped_lines(text) + "</failure>";
}

std::string junit_error(std::string_view message, std::string_view type) {
  return "<error" + junit_attribute("message", message) + junit_attribute("type", type) + "/>";
}

std::string junit_skipped(std::string_view message) {
  return "<skipped" + junit_attribute("message", message) + "/>";
}

std::string junit_output(const std::vector<std::string>& text) {
  return "<system-out>" + escaped_lines(text) + "</system-out>";
}

std::string junit_document(const std::vector<JunitSuite>& suites) {
  std::string xml = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n";
  for (const JunitSuite& suite : suites) xml += suite_xml(suite);
  return xml + "</testsuites>\n";
}

}  // namespace loader
