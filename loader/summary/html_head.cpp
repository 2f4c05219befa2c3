#include "loader/summary/html_head.h"

#include "loader/summary/html_text.h"
#include "loader/summary/run_ending.h"
#include "loader/summary/summary_format.h"

namespace loader {
namespace {

std::string outcome_pill(const RunFacts& facts) {
  if (!facts.is_over) return html_pill("Running", "none");
  std::string text = outcome_text(facts);
  text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return html_pill(text, facts.has_failed() ? "bad" : "good");
}

std::string fact(std::string_view name, const std::string& html) {
  return html.empty() ? html : "<dt>" + html_escaped(name) + "</dt><dd>" + html + "</dd>\n";
}

std::string code_of(const std::string& text) {
  return text.empty() ? text : "<code>" + html_escaped(text) + "</code>";
}

std::string gateway_fact(const RunFacts& facts) {
  if (facts.is_simulated()) return "simulated: " + code_of(facts.gateway);
  return code_of(facts.url);
}

std::string suite_fact(const RunFacts& facts) {
  return html_escaped(facts.suite) +
         (facts.source.empty() ? "" : " (" + html_escaped(facts.source) + ")");
}

std::string program_fact(const RunFacts& facts) {
  if (facts.loader.empty()) return {};
  return html_escaped("loader " + facts.loader +
                      (facts.threads > 1 ? ", " + std::to_string(facts.threads) + " threads" : ""));
}

std::string facts_list(const SummaryData& data) {
  const RunFacts& facts = data.facts;
  if (facts.suite.empty()) return {};
  return "<dl class=\"facts\">\n" + fact("Gateway", gateway_fact(facts)) +
         fact("Suite", suite_fact(facts)) + fact("Command", code_of(facts.command)) +
         fact("Ran", html_escaped(facts.execution)) + fact("Host", html_escaped(facts.host)) +
         fact("Seed", data.simulation ? std::to_string(data.simulation->seed) : "") +
         fact("Program", program_fact(facts)) + "</dl>\n";
}

std::string simulated_banner(const RunFacts& facts) {
  if (!facts.is_simulated()) return {};
  return "<div class=\"simulated\"><b>SIMULATED</b> No real gateway was asked: the answers are "
         "those "
         "of " +
         code_of(facts.gateway) + " within the program, and time is virtual.</div>\n";
}

}  // namespace

std::string report_title(const SummaryData& data) {
  const std::string name = data.facts.suite.empty() ? "run" : data.facts.suite;
  return data.facts.is_simulated() ? name + " (simulated)" : name;
}

std::string report_head(const SummaryData& data) {
  const RunFacts& facts = data.facts;
  std::string when = facts.started.empty() ? "" : "Started " + facts.started + ", ";
  when += facts.is_over ? took_text(data)
                        : format_milliseconds(lab::to_milliseconds(data.duration), "") + " so far";
  std::string html = "<header>\n" + outcome_pill(facts) + "\n<h1>" +
                     html_escaped(facts.suite.empty() ? "run" : facts.suite) +
                     "</h1>\n<div class=\"sub\">" + html_escaped(when) + "</div>\n</header>\n" +
                     simulated_banner(facts);
  if (!facts.errors.empty()) {
    html += "<ul class=\"errors\">\n";
    for (const std::string& error : facts.errors) html += "<li>" + html_escaped(error) + "</li>\n";
    html += "</ul>\n";
  }
  return html + facts_list(data);
}

}  // namespace loader
