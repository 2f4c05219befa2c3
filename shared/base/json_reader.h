// Reads configuration files strictly: every problem with its path, unknown keys with the nearest
// known one.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/error.h"
#include "shared/base/json_fwd.h"
#include "shared/base/time.h"

namespace lab {

/// Parses a JSON text with // and /* */ comments allowed. Refused, with line and column: syntax
/// errors, invalid UTF-8, a key given twice in one object, nesting deeper than 64. `file` becomes
/// Error::where.
[[nodiscard]] Result<Json> parse_json(std::string_view text, std::string_view file);

/// Reads and parses a file; a missing or unreadable one is an Error too.
[[nodiscard]] Result<Json> read_json_file(const std::string& path);
/// The bytes of a file (at most 64 MiB).
[[nodiscard]] Result<std::string> read_text_file(const std::string& path);

class JsonObject;

/// What is wrong in one document. Reading goes on after a problem, so that a user sees all of them
/// at once.
class JsonProblems {
 public:
  /// One that comes over the network may name no local files: see mockgw's FileAccess.
  explicit JsonProblems(std::string file, bool may_name_files = true)
      : file_(std::move(file)), may_name_files_(may_name_files) {}
  void add(const std::string& path, std::string what);
  /// The document's name; a path, when it is a file.
  [[nodiscard]] const std::string& file() const { return file_; }
  [[nodiscard]] bool may_name_files() const { return may_name_files_; }
  [[nodiscard]] bool empty() const { return errors_.empty(); }
  [[nodiscard]] const std::vector<Error>& errors() const { return errors_; }
  /// All problems, one a line (the first 20), as "file: path: what".
  [[nodiscard]] std::string to_string() const;

 private:
  std::string file_;
  bool may_name_files_;
  std::vector<Error> errors_;
};

/// One value of a document, with its path ("options.stages[1].target"). A view: the document and
/// the problems must outlive it. Each as_…() records a problem and returns its fallback when the
/// value is not what is asked for.
class JsonValue {
 public:
  JsonValue(const Json& value, std::string path, JsonProblems& problems)
      : value_(&value), path_(std::move(path)), problems_(&problems) {}

  [[nodiscard]] const Json& json() const { return *value_; }
  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] JsonProblems& problems() const { return *problems_; }
  [[nodiscard]] bool is_null() const;
  /// False for what require() returns for a missing key: it reads as null and records no problems.
  [[nodiscard]] bool is_present() const;
  /// Records a problem at this value's path.
  void problem(std::string what) const {
    if (is_present()) problems_->add(path_, std::move(what));
  }

  [[nodiscard]] std::string as_string(std::string fallback = {}) const;
  [[nodiscard]] bool as_bool(bool fallback = false) const;
  [[nodiscard]] double as_number(double min = -std::numeric_limits<double>::infinity(),
                                 double max = std::numeric_limits<double>::infinity(),
                                 double fallback = 0) const;
  /// A whole number; 5.0 counts as one.
  [[nodiscard]] std::int64_t as_integer(std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                                        std::int64_t max = std::numeric_limits<std::int64_t>::max(),
                                        std::int64_t fallback = 0) const;
  /// A duration string; a bare number is milliseconds, as in k6's options. Negative ones are a
  /// problem, and those beyond a hundred years, which could not be added to a time.
  [[nodiscard]] Duration as_duration(Duration fallback = Duration::zero()) const;
  /// One of `choices` by name; the problem lists them and the nearest.
  template <class Enum>
  [[nodiscard]] Enum as_enum(std::span<const std::pair<std::string_view, Enum>> choices,
                             Enum fallback) const {
    if (const std::string* const text = string_or_null()) {
      for (const auto& [name, choice] : choices) {
        if (*text == name) return choice;
      }
    }
    std::vector<std::string_view> names;
    for (const auto& choice : choices) names.push_back(choice.first);
    problem_with_choices(names);
    return fallback;
  }
  [[nodiscard]] JsonObject as_object() const;
  /// The elements; empty, and a problem, when this is not an array.
  [[nodiscard]] std::vector<JsonValue> as_array() const;
  [[nodiscard]] std::vector<std::string> as_string_array() const;

 private:
  friend class JsonObject;

  /// A value that is not there, because what should hold it is missing or ill-typed, and said so
  /// already.
  static JsonValue absent(std::string path, JsonProblems& problems);
  [[nodiscard]] const std::string* string_or_null() const;  ///< Null if it is no string.
  void problem_with_choices(std::span<const std::string_view> names) const;
  void problem_expected(std::string_view expected) const;

  const Json* value_;
  std::string path_;
  JsonProblems* problems_;
};

/// One object of a document. Every key asked for becomes a known key; finish() reports the others.
class JsonObject {
 public:
  /// `value` that is not an object has no members (as_object() has recorded the problem).
  explicit JsonObject(JsonValue value) : value_(std::move(value)) {}

  [[nodiscard]] std::optional<JsonValue> find(std::string_view key);
  /// A missing key is a problem; the returned value is null then, and reading it records nothing
  /// further.
  [[nodiscard]] JsonValue require(std::string_view key);
  /// All members in order; all their keys become known.
  [[nodiscard]] std::vector<std::pair<std::string, JsonValue>> members();
  [[nodiscard]] const std::string& path() const { return value_.path(); }
  [[nodiscard]] const JsonValue& value() const { return value_; }

  // Optional members with a default.
  [[nodiscard]] std::string string(std::string_view key, std::string fallback = {});
  [[nodiscard]] bool boolean(std::string_view key, bool fallback);
  [[nodiscard]] double number(std::string_view key, double fallback,
                              double min = -std::numeric_limits<double>::infinity(),
                              double max = std::numeric_limits<double>::infinity());
  [[nodiscard]] std::int64_t integer(std::string_view key, std::int64_t fallback,
                                     std::int64_t min = std::numeric_limits<std::int64_t>::min(),
                                     std::int64_t max = std::numeric_limits<std::int64_t>::max());
  [[nodiscard]] Duration duration(std::string_view key, Duration fallback);
  template <class Enum>
  [[nodiscard]] Enum one_of(std::string_view key,
                            std::span<const std::pair<std::string_view, Enum>> choices,
                            Enum fallback) {
    const auto found = find(key);
    return found ? found->as_enum(choices, fallback) : fallback;
  }

  /// Records a problem for each key never asked for, naming the nearest known key.
  void finish();

 private:
  JsonValue value_;
  std::vector<std::string> known_;
};

/// The candidate that a mistyped word most likely meant, by edit distance; none if all are far.
[[nodiscard]] std::optional<std::string_view> nearest(std::string_view word,
                                                      std::span<const std::string_view> candidates);

}  // namespace lab
