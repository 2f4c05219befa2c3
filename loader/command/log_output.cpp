#include "loader/command/log_output.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "loader/command/command_variables.h"

namespace loader {
namespace {

constexpr std::string_view kLogFile = "file=";
constexpr std::string_view kLevelKey = "level=";

using LevelName = std::pair<std::string_view, ScriptLogLevel>;
constexpr auto kLevelNames = std::to_array<LevelName>({{"trace", ScriptLogLevel::debug},
                                                       {"debug", ScriptLogLevel::debug},
                                                       {"info", ScriptLogLevel::info},
                                                       {"warn", ScriptLogLevel::warning},
                                                       {"warning", ScriptLogLevel::warning},
                                                       {"error", ScriptLogLevel::error}});
// Above all messages that there are.
constexpr auto kSilentLevels = std::to_array<std::string_view>({"fatal", "panic"});

lab::Result<void> read_level(const lab::Setting& setting, std::string_view text, LogPlace& place) {
  std::string name(text);
  for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  if (std::ranges::find(kSilentLevels, name) != kSilentLevels.end()) {
    place.where = "none";
    return {};
  }
  const auto known = std::ranges::find(kLevelNames, name, &LevelName::first);
  if (known == kLevelNames.end()) {
    return lab::Error{setting.source, "\"" + std::string(text) +
                                          "\" is no level; it takes trace, debug, info, warning, "
                                          "error, fatal or panic"};
  }
  place.least = known->second;
  return {};
}

}  // namespace

lab::Result<LogPlace> parse_log_output(const lab::Setting& setting) {
  const lab::Error wrong = setting.refuse("stderr, stdout, none or file=FILE[,level=LEVEL]");
  LogPlace place{.where = setting.text};
  if (place.where == "stderr" || place.where == "stdout" || place.where == "none") return place;
  std::vector<std::string> parts = split_at_commas(setting.text);
  if (!parts[0].starts_with(kLogFile) || parts[0].size() == kLogFile.size()) return wrong;
  place.where = parts[0];
  for (auto part = parts.begin() + 1; part != parts.end(); ++part) {
    if (part->empty()) continue;
    if (!part->starts_with(kLevelKey)) return wrong;
    const auto level = read_level(setting, part->substr(kLevelKey.size()), place);
    if (!level) return level.error();
  }
  return place;
}

}  // namespace loader
