// Data files that users name: by their path, or by the name of a built-in one.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/embedded_files.h"
#include "shared/base/error.h"
#include "shared/base/json_reader.h"
#include "shared/base/text_file.h"

namespace lab {

struct NamedText {
  std::string text;
  std::string file;  ///< For errors: the path, or "gateways/slow.json" of a built-in one.
  bool is_builtin = false;
};

/// The names of the built-in files of a folder of fixtures/: "overloaded" of "gateways".
[[nodiscard]] inline std::vector<std::string> builtin_names(std::string_view folder) {
  constexpr std::string_view kExtension = ".json";
  std::vector<std::string> names;
  for (std::string_view path : embedded_files(folder)) {
    path.remove_prefix(folder.size() + 1);
    if (!path.ends_with(kExtension)) continue;
    path.remove_suffix(kExtension.size());
    names.emplace_back(path);
  }
  return names;
}

/// For a name that is none of `names`: "built in are a, b; did you mean a?"
[[nodiscard]] inline std::string instead_of(std::string_view name,
                                            const std::vector<std::string>& names) {
  std::string text;
  for (const std::string& each : names) text += (text.empty() ? "built in are " : ", ") + each;
  const std::vector<std::string_view> views(names.begin(), names.end());
  const auto near = nearest(name, views);
  return text + (near ? "; did you mean " + std::string(*near) + "?" : "");
}

/// The file at `name`, else the built-in one of `folder`. `kind` is what the Error calls it, which
/// lists the built-in ones. `read` reads a file: by default one that the command line names.
[[nodiscard]] inline Result<NamedText> find_named_file(
    std::string_view folder, const std::string& name, std::string_view kind,
    Result<std::string> (&read)(const std::string& path) = read_text_argument) {
  std::error_code ignored;
  if (!std::filesystem::is_regular_file(name, ignored)) {
    const std::string path = std::string(folder) + "/" + name + ".json";
    if (const auto text = embedded_file(path)) return NamedText{std::string(*text), path, true};
  }
  if (std::filesystem::exists(name, ignored)) {
    auto text = read(name);
    if (!text) return text.error();
    return NamedText{*std::move(text), name, false};
  }
  return Error{name, "no such file, and no built-in " + std::string(kind) + " of that name; " +
                         instead_of(name, builtin_names(folder))};
}

}  // namespace lab
