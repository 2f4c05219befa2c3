// The files of a script: which module an import means, what its text is, and what open() may read.
// After the script's discovery nothing new is read: each virtual user sees what the first one saw.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "loader/script/source_map.h"
#include "shared/base/error.h"

namespace loader {

/// Where files that are compiled in have their URLs: "builtin:///scripts/smoke-test.js". They
/// import, and open, none but one another.
inline constexpr std::string_view kBuiltinScheme = "builtin://";

enum class ModuleKind : std::uint8_t { unknown, esm, commonjs };

/// A module's text as the engine gets it.
struct ModuleSource {
  std::string url;  ///< "file:///abs/x.js", "https://…".
  /// TypeScript is JavaScript already. Heaps refer to it, and may outlive all else.
  std::shared_ptr<const std::string> text;
  /// Before its translation; null: it is none.
  std::shared_ptr<const std::string> original{};
  ModuleKind kind = ModuleKind::unknown;
  /// What the engine made of it at the first time, to begin with the next.
  std::vector<std::uint8_t> code_cache{};
  std::optional<SourceMap> map{};  ///< If it is a translation.
};

/// What a specifier means where it stands.
struct ResolvedModule {
  bool is_builtin = false;
  std::string url;          ///< Of a built-in one its specifier: "k6/http", "jslib:k6-utils".
  std::string specifier{};  ///< As written; empty: it was not written anywhere.
};

/// How a script reaches what is not beside it; both may be empty: then it can't.
struct ScriptFetcher {
  /// The text of a module at an https:// URL.
  std::function<lab::Result<std::string>(const std::string& url)> fetch;
  /// JavaScript from TypeScript; a source map may be its last line.
  std::function<lab::Result<std::string>(const std::string& text, const std::string& url)>
      to_javascript;
};

/// Not synchronised while it is open; once locked, any thread may read.
class ScriptFiles {
 public:
  /// The main module; `path` is absolute, or one with kBuiltinScheme, or empty for standard input,
  /// which stands in `folder`.
  ScriptFiles(std::string text, const std::string& path, const std::string& folder,
              ScriptFetcher fetcher);

  [[nodiscard]] const std::string& main_url() const { return main_url_; }

  /// `base` is the URL of the importing module. The Error's text is k6's.
  [[nodiscard]] lab::Result<ResolvedModule> resolve(std::string_view specifier,
                                                    const std::string& base) const;
  /// The text of a module that is not built in. The pointer stays valid.
  [[nodiscard]] lab::Result<ModuleSource*> module(const ResolvedModule& resolved);
  /// As open() has it: `path` as the script wrote it, `base` the URL of the file that it counts
  /// from.
  [[nodiscard]] lab::Result<const std::string*> open(const std::string& path,
                                                     const std::string& base);
  /// The URL of `specifier` beside `base`, whether there is such a file or not.
  [[nodiscard]] static std::string join(std::string_view specifier, const std::string& base);

  /// From TypeScript, in place.
  [[nodiscard]] lab::Result<void> translate(ModuleSource& source) const;
  /// A text for people, such as a stack trace, with the places of translated modules as their
  /// sources have them.
  [[nodiscard]] std::string with_source_positions(std::string text) const;

  void lock() { is_locked_ = true; }
  [[nodiscard]] bool is_locked() const { return is_locked_; }
  [[nodiscard]] std::map<std::string, std::unique_ptr<ModuleSource>>& modules() { return modules_; }

  /// All that was read, by URL, as it was read: modules that are not built in, and what was opened.
  /// Valid as long as nothing more is read.
  [[nodiscard]] std::map<std::string, std::string_view> read_files() const;

  /// Names that a module asks of a built-in one which hasn't got them: they are there, as
  /// undefined.
  [[nodiscard]] std::vector<std::string> extra_exports(const std::string& specifier) const;
  /// False if it is known.
  bool add_extra_export(const std::string& specifier, std::string name);

 private:
  std::string main_url_;
  ScriptFetcher fetcher_;
  bool is_locked_ = false;
  std::map<std::string, std::unique_ptr<ModuleSource>> modules_;
  std::map<std::string, std::string> opened_;
  std::map<std::string, std::vector<std::string>> extra_exports_;
};

}  // namespace loader
