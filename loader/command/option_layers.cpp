#include "loader/command/option_layers.h"

#include <algorithm>
#include <utility>

#include "loader/command/command_variables.h"
#include "loader/summary/summary_data.h"
#include "shared/base/json.h"
#include "shared/base/text_file.h"

namespace loader {
namespace {

// Whose names only a summary knows; what else the file says is checked where it is read.
lab::Result<void> check_trend_stats(const lab::Json& config, const std::string& file) {
  const auto stats = config.find("summaryTrendStats");
  if (stats == config.end() || !stats->is_array()) return {};
  for (const lab::Json& stat : *stats) {
    if (!stat.is_string()) continue;
    const auto known = check_trend_stat(stat.get<std::string>());
    if (!known) return lab::Error{file, "summaryTrendStats: " + known.error().what};
  }
  return {};
}

}  // namespace

lab::Result<OptionLayers> option_layers(const RunCommand& command) {
  OptionLayers layers{.settings = command.options, .config_file = command.config, .config = {}};
  if (command.config.empty()) return layers;
  const std::string where = source_of("config", command.taken_from_environment);
  const auto text = lab::read_text_argument(command.config);
  if (!text) return lab::Error{where, text.error().to_string()};
  auto json = lab::parse_json(*text, command.config);
  if (!json) return lab::Error{where, json.error().to_string()};
  if (!json->is_object()) {
    return lab::Error{where, command.config + ": expected an object of options"};
  }
  if (const auto stats = check_trend_stats(*json, command.config); !stats) return stats.error();
  layers.config = *std::move(json);
  return layers;
}

std::string source_of_option(const std::string& option, const RunCommand& command) {
  const auto said = std::ranges::find(command.options, option, &OptionSetting::option);
  return said == command.options.end() ? "options." + option : said->source;
}

}  // namespace loader
