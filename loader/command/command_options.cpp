#include "loader/command/command_options.h"

#include <string>
#include <utility>

#include "loader/command/command_variables.h"
#include "loader/delivery/output_variables.h"
#include "loader/suite/k6_options.h"
#include "shared/base/json.h"

namespace loader {
namespace {

lab::Json list_of(const std::vector<lab::Setting>& settings) {
  lab::Json list = lab::Json::array();
  for (const lab::Setting& setting : settings) {
    // Of all lists, flags and variables, k6 trims the values of this one.
    const bool is_trimmed = setting.source == "K6_SYSTEM_TAGS";
    for (std::string& part : split_at_commas(setting.text)) {
      if (is_trimmed) part = trimmed(part);
      if (!part.empty()) list.push_back(std::move(part));
    }
  }
  return list;
}

lab::Result<lab::Json> pairs_of(const lab::Setting& setting) {
  lab::Json pairs = lab::Json::object();
  for (const std::string& part : split_at_commas(setting.text)) {
    const std::size_t border = part.find('=');
    if (border == std::string::npos || border + 1 == part.size()) {
      return setting.refuse("NAME=VALUE, several with commas");
    }
    pairs[part.substr(0, border)] = part.substr(border + 1);
  }
  return lab::Result<lab::Json>(boost::system::in_place_value, std::move(pairs));
}

}  // namespace

lab::Result<std::vector<OptionSetting>> read_option_settings(const CommandFlags& flags) {
  std::vector<OptionSetting> options;
  for (const K6Option& option : k6_options()) {
    const bool has_effect = option.word == K6Word::works || option.word == K6Word::for_scripts;
    if (!has_effect || option.shape == K6Shape::own) continue;
    const std::vector<lab::Setting> given = flags.all(std::string(option.setting()));
    if (given.empty()) continue;
    const lab::Setting& last = given.back();
    OptionSetting setting{std::string(option.option), last.source, lab::Json(last.text)};
    if (option.shape == K6Shape::list) setting.value = list_of(given);
    if (option.shape == K6Shape::pairs) {
      auto pairs = pairs_of(last);
      if (!pairs) return pairs.error();
      setting.value = *std::move(pairs);
    }
    options.push_back(std::move(setting));
  }
  return options;
}

}  // namespace loader
