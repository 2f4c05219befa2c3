#include "mockgw/config/answer_fixtures.h"

#include <array>
#include <boost/regex.hpp>
#include <stdexcept>
#include <utility>

#include "mockgw/profiles/path_from.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

// The words of the API; each stands for itself.
constexpr auto kRoles = std::to_array<std::pair<std::string_view, std::string_view>>({
    {"system", "system"},
    {"developer", "developer"},
    {"user", "user"},
    {"assistant", "assistant"},
    {"tool", "tool"},
    {"function", "function"},
});

struct TextKey {
  std::string_view name;
  std::optional<std::string> AnswerMatch::* member;
};
constexpr auto kTextKeys = std::to_array<TextKey>({{"equals", &AnswerMatch::equals},
                                                   {"contains", &AnswerMatch::contains},
                                                   {"system", &AnswerMatch::system},
                                                   {"model", &AnswerMatch::model},
                                                   {"user", &AnswerMatch::user}});

AnswerMatch read_match(const lab::JsonValue& value) {
  lab::JsonObject object = value.as_object();
  AnswerMatch match;
  for (const TextKey& key : kTextKeys) {
    if (const auto v = object.find(key.name)) match.*key.member = v->as_string();
  }
  if (const auto v = object.find("last_role")) {
    match.last_role = v->as_enum<std::string_view>(kRoles, "user");
  }
  if (const auto v = object.find("regex")) {
    auto pattern = AnswerPattern::compile(v->as_string());
    if (!pattern) v->problem(pattern.error().what);
    if (pattern) match.regex = *std::move(pattern);
  }
  object.finish();
  return match;
}

AnswerFixture read_entry(const lab::JsonValue& value) {
  lab::JsonObject object = value.as_object();
  AnswerFixture entry;
  if (const auto v = object.find("match")) entry.match = read_match(*v);
  const auto text = object.find("text");
  const auto pattern = object.find("template");
  object.finish();
  if (text.has_value() == pattern.has_value()) {
    value.problem(R"(takes either "text" or "template")");
    return entry;
  }
  entry.content.kind = text ? ContentConfig::Kind::fixed : ContentConfig::Kind::template_;
  entry.content.text = (text ? text : pattern)->as_string();
  return entry;
}

std::vector<AnswerFixture> read_entries(const lab::JsonValue& value) {
  std::vector<AnswerFixture> entries;
  for (const lab::JsonValue& entry : value.as_array()) entries.push_back(read_entry(entry));
  if (value.json().is_array() && entries.empty()) value.problem("holds no answer");
  return entries;
}

std::vector<AnswerFixture> read_file(const std::string& file, const lab::JsonValue& value) {
  const auto json = lab::read_json_file(file);
  if (!json) {
    value.problem(json.error().to_string());
    return {};
  }
  lab::JsonProblems problems(file);
  auto entries = read_entries({*json, "", problems});
  if (!problems.empty()) value.problem(problems.to_string());
  return entries;
}

lab::Json write_entry(const AnswerFixture& entry) {
  lab::Json match = lab::Json::object();
  for (const TextKey& key : kTextKeys) {
    if (const auto& text = entry.match.*key.member) match[std::string(key.name)] = *text;
  }
  if (entry.match.last_role) match["last_role"] = *entry.match.last_role;
  if (entry.match.regex) match["regex"] = entry.match.regex->source();
  const bool is_fixed = entry.content.kind == ContentConfig::Kind::fixed;
  return lab::Json{{"match", std::move(match)},
                   {is_fixed ? "text" : "template", entry.content.text}};
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

}  // namespace

lab::Result<AnswerPattern> AnswerPattern::compile(std::string source) {
  AnswerPattern pattern;
  try {
    pattern.compiled_ = std::make_shared<const boost::regex>(source, boost::regex::perl);
  } catch (const boost::regex_error& error) {
    return lab::Error{"", std::string("is no regular expression: ") + error.what()};
  }
  pattern.source_ = std::move(source);
  return pattern;
}

bool AnswerPattern::is_found_in(std::string_view text) const {
  try {
    return boost::regex_search(text.begin(), text.end(), *compiled_);
  } catch (const std::runtime_error&) {
    return false;  // Too complex for this text: the library gives up rather than take for ever.
  }
}

bool AnswerMatch::fits(const AnswerFacts& facts) const {
  if (equals && facts.prompt != *equals) return false;
  if (contains && !mockgw::contains(facts.prompt, *contains)) return false;
  if (system && !mockgw::contains(facts.system, *system)) return false;
  if (model && facts.model != *model) return false;
  if (user && facts.user != *user) return false;
  if (last_role && facts.last_role != *last_role) return false;
  return !regex || regex->is_found_in(facts.prompt);
}

const ContentConfig& AnswerFixtures::choose(const AnswerFacts& facts) const {
  for (const AnswerFixture& entry : entries) {
    if (entry.match.fits(facts)) return entry.content;
  }
  return fallback;
}

AnswerFixtures read_answer_fixtures(const lab::JsonValue& value, FileAccess files) {
  AnswerFixtures fixtures;
  if (value.json().is_string() && files == FileAccess::refused) {
    value.problem(std::string(kFileRefused) + "; give the answers themselves");
  } else if (value.json().is_string()) {
    fixtures.file = path_from(value.problems().file(), value.as_string());
    fixtures.entries = read_file(fixtures.file, value);
  } else {
    fixtures.entries = read_entries(value);
  }
  return fixtures;
}

lab::Json to_json(const AnswerFixtures& fixtures) {
  if (!fixtures.file.empty()) return fixtures.file;
  lab::Json entries = lab::Json::array();
  for (const AnswerFixture& entry : fixtures.entries) entries.push_back(write_entry(entry));
  return entries;
}

}  // namespace mockgw
