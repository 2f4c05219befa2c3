// Written answers: which text a request gets, found by what it asks.
#pragma once

#include <boost/regex_fwd.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "mockgw/config/file_access.h"
#include "mockgw/config/tokens_config.h"
#include "shared/base/json_reader.h"
#include "shared/base/value_type.h"

namespace mockgw {

/// What of a request the matches look at.
struct AnswerFacts {
  std::string_view model{};
  std::string_view prompt{};  ///< The last user message's text.
  std::string_view system{};  ///< The first message's text, if it is the system's or developer's.
  std::string_view user{};
  std::string_view last_role{};
};

/// A regular expression (Perl's syntax) searched for in a text, byte by byte.
class AnswerPattern {
 public:
  /// An Error if `source` is not one.
  [[nodiscard]] static lab::Result<AnswerPattern> compile(std::string source);

  /// False too for a text on which the search takes more steps than the library allows.
  [[nodiscard]] bool is_found_in(std::string_view text) const;
  [[nodiscard]] const std::string& source() const { return source_; }

 private:
  std::string source_;
  /// Compiled once; shared by the copies of a gateway's configuration, never changed.
  std::shared_ptr<const boost::regex> compiled_;
};

/// Everything given must hold.
struct AnswerMatch {
  std::optional<std::string> equals{};    ///< The prompt, whole.
  std::optional<std::string> contains{};  ///< Is part of the prompt.
  std::optional<AnswerPattern> regex{};   ///< Is found in the prompt.
  std::optional<std::string> system{};    ///< Is part of the system message.
  std::optional<std::string> model{};
  std::optional<std::string> user{};
  std::optional<std::string> last_role{};  ///< The last message's, as "tool" for a tool's result.

  [[nodiscard]] bool fits(const AnswerFacts& facts) const;
};

struct AnswerFixture {
  static constexpr std::string_view kSchemaName = "answerFixture";

  AnswerMatch match;
  ContentConfig content;  ///< Kind fixed or template_.
};

struct AnswerFixtures {
  std::string file;  ///< Its absolute path; empty if the entries are in that itself.
  std::vector<AnswerFixture> entries;
  ContentConfig fallback;

  /// The first entry that fits, else the fallback.
  [[nodiscard]] const ContentConfig& choose(const AnswerFacts& facts) const;
};

/// Reads the entries, or the file with them that a string names (from the folder of the
/// gateway file, if files are allowed):
/// [{"match":{"contains":"weather","model":"gpt-4"},"text":"Sunny."},
/// {"match":{"regex":"(?i)^hello"},"template":"Hello, ${user}!"}]
[[nodiscard]] AnswerFixtures read_answer_fixtures(const lab::JsonValue& value, FileAccess files);
void fields(lab::Fields& f, AnswerMatch& c);
void fields(lab::Fields& f, AnswerFixture& c);
void check(const lab::JsonValue& value, AnswerFixture& c);
/// The entries, or the file's name.
class AnswerFixturesType : public lab::ValueType {
 public:
  void read(const lab::JsonValue& value, void* member) const override;
  [[nodiscard]] lab::Json write(const void* member) const override;
  [[nodiscard]] lab::Json schema(lab::SchemaPrinter& printer, const void* member) const override;
};

}  // namespace mockgw
