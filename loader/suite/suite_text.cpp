#include "loader/suite/suite_text.h"

#include <filesystem>
#include <utility>

#include "shared/base/embedded_files.h"
#include "shared/base/named_file.h"
#include "shared/base/text_file.h"

namespace loader {
namespace {

constexpr std::string_view kFolder = "suites/";
constexpr std::string_view kExtension = ".json";
constexpr std::string_view kExample = "custom-example";

bool is_builtin(const std::string& name) {
  return lab::embedded_file(std::string(kFolder) + name + std::string(kExtension)).has_value();
}

std::string script_path(const std::string& name) { return "scripts/" + name; }

// What such scripts import from each other is none to run.
bool is_builtin_script(const std::string& name) {
  return name.ends_with("-test.js") && lab::embedded_file(script_path(name)).has_value();
}

// What is left of a text behind white space and comments.
std::string_view without_comments(std::string_view text) {
  while (true) {
    const std::size_t first = text.find_first_not_of(" \t\r\n\xEF\xBB\xBF");
    if (first == std::string_view::npos) return {};
    text.remove_prefix(first);
    const bool is_line = text.starts_with("//");
    if (!is_line && !text.starts_with("/*")) return text;
    const std::size_t end = text.find(is_line ? "\n" : "*/", 2);
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + (is_line ? 1 : 2));
  }
}

// By its name; or, where that says nothing, since a suite is an object and no script begins like
// one.
bool is_script(std::string_view name, std::string_view text) {
  for (const std::string_view ending : {".js", ".ts", ".mjs", ".cjs"}) {
    if (name.ends_with(ending)) return true;
  }
  if (name.ends_with(".json")) return false;
  const std::string_view code = without_comments(text);
  return !code.empty() && !code.starts_with('{');
}

// As `k6 archive` writes one: tar's mark is where POSIX has it, behind a name that zeros fill up.
bool is_archive(std::string_view text) {
  constexpr std::size_t kMarkAt = 257;
  return text.size() > kMarkAt && text.find('\0') < kMarkAt &&
         text.substr(kMarkAt).starts_with("ustar");
}

}  // namespace

std::vector<std::string> builtin_suites() {
  std::vector<std::string> names;
  for (std::string_view path : lab::embedded_files("suites")) {
    path.remove_prefix(kFolder.size());
    if (path.ends_with(kExtension)) path.remove_suffix(kExtension.size());
    // A pattern to copy from, not a suite to run.
    if (path != kExample) names.emplace_back(path);
  }
  return names;
}

std::vector<std::string> builtin_scripts() {
  std::vector<std::string> names;
  for (const std::string_view path : lab::embedded_files("scripts")) {
    std::string name(path.substr(path.rfind('/') + 1));
    if (is_builtin_script(name)) names.push_back(std::move(name));
  }
  return names;
}

lab::Result<SuiteText> suite_text_of(std::string text, const std::string& file,
                                     const std::string& folder) {
  if (is_archive(text)) {
    return lab::Error{
        file, "is an archive, which is not read; unpack it (tar xf) and run the script in it"};
  }
  const bool is_of_script = is_script(file, text);
  return SuiteText{std::move(text), file, folder, is_of_script};
}

lab::Result<SuiteText> find_suite(const std::string& name) {
  const std::filesystem::path path(name);
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored) && !is_builtin(name)) {
    return lab::Error{name, "is a folder; name a suite file in it"};
  }
  if (std::filesystem::is_regular_file(path, ignored)) {
    auto text = lab::read_text_file(name);
    if (!text) return text.error();
    const std::filesystem::path folder = path.parent_path();
    return suite_text_of(*std::move(text), name, folder.empty() ? "." : folder.string());
  }
  const std::string embedded = std::string(kFolder) + name + std::string(kExtension);
  if (const auto text = lab::embedded_file(embedded)) {
    return SuiteText{std::string(*text), name, std::nullopt};
  }
  if (is_builtin_script(name)) {
    return SuiteText{std::string(*lab::embedded_file(script_path(name))), name, std::nullopt, true};
  }
  if (std::filesystem::exists(path, ignored)) {
    // A pipe of the shell's is read; whatever else it is, the Error says.
    auto text = lab::read_text_argument(name);
    if (!text) return text.error();
    return suite_text_of(*std::move(text), name, ".");
  }
  std::vector<std::string> known = builtin_suites();
  for (std::string& script : builtin_scripts()) known.push_back(std::move(script));
  return lab::Error{
      name, "no such file, and no built-in suite of that name; " + lab::instead_of(name, known)};
}

}  // namespace loader
