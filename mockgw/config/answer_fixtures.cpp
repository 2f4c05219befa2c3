#include "mockgw/config/answer_fixtures.h"

#include <array>
#include <boost/regex.hpp>
#include <stdexcept>
#include <utility>

#include "mockgw/profiles/path_from.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

// The words of the API; each stands for itself.
const std::array<std::pair<std::string_view, std::string>, 6> kRoles{{{"system", "system"},
                                                                      {"developer", "developer"},
                                                                      {"user", "user"},
                                                                      {"assistant", "assistant"},
                                                                      {"tool", "tool"},
                                                                      {"function", "function"}}};

class PatternType : public lab::TextType {
 public:
  void read(const lab::JsonValue& value, void* member) const override {
    auto pattern = AnswerPattern::compile(value.as_string());
    if (!pattern) return value.problem(pattern.error().what);
    *static_cast<AnswerPattern*>(member) = *std::move(pattern);
  }
  [[nodiscard]] lab::Json write(const void* member) const override {
    return static_cast<const AnswerPattern*>(member)->source();
  }
};

// The text of an answer, under the key of its kind.
class AnswerTextType : public lab::TextType {
 public:
  explicit AnswerTextType(ContentConfig::Kind kind) : kind_(kind) {}
  void read(const lab::JsonValue& value, void* member) const override {
    *static_cast<ContentConfig*>(member) = {kind_, value.as_string()};
  }
  [[nodiscard]] bool is_set(const void* member) const override {
    return static_cast<const ContentConfig*>(member)->kind == kind_;
  }
  [[nodiscard]] bool has_default(const void* /*member*/) const override { return false; }
  [[nodiscard]] lab::Json write(const void* member) const override {
    return static_cast<const ContentConfig*>(member)->text;
  }

 private:
  ContentConfig::Kind kind_;
};

}  // namespace

void fields(lab::Fields& f, AnswerMatch& c) {
  f("equals", c.equals, "The last user message, whole.");
  f("contains", c.contains, "A part of it.");
  f("system", c.system, "A part of the system message.");
  f("model", c.model, "Of the request.");
  f("user", c.user, "Of the request.");
  f("last_role", c.last_role, kRoles, "Of the last message.");
  f("regex", c.regex, lab::OptionalOf<AnswerPattern, PatternType>({}, false),
    lab::Says("Found in the last user message; Perl's syntax.").such_as(R"("(?i)^hello")"));
}

void fields(lab::Fields& f, AnswerFixture& c) {
  f("match", c.match, "Everything given must hold.");
  f.exactly_one({"text", "template"});
  f("text", c.content, AnswerTextType(ContentConfig::Kind::fixed), "The answer.");
  f("template", c.content, AnswerTextType(ContentConfig::Kind::template_),
    "The answer, with ${model}, ${prompt}, ${request_id} and ${user} filled in.");
}
void check(const lab::JsonValue& value, AnswerFixture& /*c*/) {
  lab::JsonObject object(value);
  if (object.find("text").has_value() != object.find("template").has_value()) return;
  value.problem(R"(takes either "text" or "template")");
}

namespace {

const lab::ValueType& entries_type() {
  static const lab::ListOf<AnswerFixture, lab::StructType> kType(
      lab::type_of<AnswerFixture>(), {.min = 1, .too_few = "holds no answer"});
  return kType;
}

std::vector<AnswerFixture> read_entries(const lab::JsonValue& value) {
  std::vector<AnswerFixture> entries;
  entries_type().read(value, &entries);
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

void AnswerFixturesType::read(const lab::JsonValue& value, void* member) const {
  const bool may = value.problems().may_name_files();
  *static_cast<AnswerFixtures*>(member) =
      read_answer_fixtures(value, may ? FileAccess::allowed : FileAccess::refused);
}
lab::Json AnswerFixturesType::write(const void* member) const {
  const auto& fixtures = *static_cast<const AnswerFixtures*>(member);
  if (!fixtures.file.empty()) return fixtures.file;
  return entries_type().write(&fixtures.entries);
}
lab::Json AnswerFixturesType::schema(lab::SchemaPrinter& printer, const void* member) const {
  return lab::Json{{"anyOf", {{{"type", "string"}}, entries_type().schema(printer, member)}}};
}

}  // namespace mockgw
