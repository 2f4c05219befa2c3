#include "shared/base/flags.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <cxxopts.hpp>
#include <memory>

#include "shared/base/json_reader.h"

namespace lab {
namespace {

constexpr auto kTrue = std::to_array<std::string_view>({"1", "t", "T", "true", "TRUE", "True"});
constexpr auto kFalse = std::to_array<std::string_view>({"0", "f", "F", "false", "FALSE", "False"});

std::shared_ptr<cxxopts::Value> value_of(const Flag& flag) {
  auto text = cxxopts::value<std::string>();
  if (flag.takes == FlagTakes::nothing) return text->implicit_value("true");
  if (flag.takes == FlagTakes::maybe) return text->implicit_value(std::string(flag.implied));
  return text;
}

cxxopts::Options options_of(std::span<const Flag> table, const std::string& positional) {
  cxxopts::Options options("");
  auto add = options.add_options();
  for (const Flag& flag : table) {
    const std::string letter = flag.letter.empty() ? "" : std::string(flag.letter) + ",";
    add(letter + std::string(flag.name), "", value_of(flag));
  }
  // A list, which takes all there are.
  add(positional, "", cxxopts::value<std::vector<std::string>>());
  options.parse_positional({positional});
  return options;
}

// For a flag that nobody knows: the nearest one.
std::string suggestion(std::span<const Flag> table, const std::vector<std::string>& arguments) {
  std::vector<std::string_view> shown;
  for (const Flag& flag : table) {
    if (!flag.help.empty()) shown.push_back(flag.name);
  }
  for (const std::string& argument : arguments) {
    if (argument == "--") break;
    if (!argument.starts_with("--")) continue;
    const std::string name = argument.substr(2, argument.find('=') - 2);
    if (std::ranges::find(table, name, &Flag::name) != table.end()) continue;
    const auto near = nearest(name, shown);
    return near ? "; did you mean --" + std::string(*near) + "?" : std::string();
  }
  return {};
}

}  // namespace

std::optional<std::string> environment_variable(const std::string& name) {
  const char* const value = std::getenv(name.c_str());
  return value != nullptr ? std::optional<std::string>(value) : std::nullopt;
}

std::optional<bool> parse_switch(std::string_view text) {
  if (std::ranges::find(kTrue, text) != kTrue.end()) return true;
  if (std::ranges::find(kFalse, text) != kFalse.end()) return false;
  return std::nullopt;
}

Error Setting::refuse(std::string_view allowed) const {
  return {source, "\"" + text + "\" is not allowed; it takes " + std::string(allowed)};
}

Result<bool> Setting::as_switch() const {
  if (const auto is_on = parse_switch(text)) return *is_on;
  return refuse("true or false");
}

Result<std::uint64_t> Setting::as_number(std::uint64_t min, std::uint64_t max) const {
  std::uint64_t number = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error == std::errc() && stop == end && number >= min && number <= max) return number;
  const bool is_bounded = max != std::numeric_limits<std::uint64_t>::max();
  return refuse("a whole number from " + std::to_string(min) +
                (is_bounded ? " to " + std::to_string(max) : " up"));
}

Result<GivenFlags> GivenFlags::parse(std::span<const Flag> table, const std::string& positional,
                                     const std::vector<std::string>& arguments) {
  std::vector<const char*> pointers{""};
  for (const std::string& argument : arguments) pointers.push_back(argument.c_str());
  GivenFlags flags;
  try {
    const auto parsed =
        options_of(table, positional).parse(static_cast<int>(pointers.size()), pointers.data());
    for (const cxxopts::KeyValue& given : parsed.arguments()) {
      const std::string source = given.key() == positional ? "" : "--" + given.key();
      flags.settings_[given.key()].push_back({source, given.value()});
    }
  } catch (const cxxopts::exceptions::exception& error) {
    return Error{{}, error.what() + suggestion(table, arguments)};
  }
  return flags;
}

void GivenFlags::add_variable(const std::string& flag, std::string_view variable,
                              const EnvironmentLookup& environment) {
  if (variable.empty() || !all(flag).empty()) return;
  const auto text = environment(std::string(variable));
  if (text && !text->empty()) all(flag).push_back({std::string(variable), *text});
}

const std::vector<Setting>& GivenFlags::all(const std::string& flag) const {
  static const std::vector<Setting> kNone;
  const auto found = settings_.find(flag);
  return found == settings_.end() ? kNone : found->second;
}

std::optional<Setting> GivenFlags::find(const std::string& flag) const {
  const std::vector<Setting>& settings = all(flag);
  if (settings.empty()) return std::nullopt;
  return settings.back();
}

Result<bool> GivenFlags::is_on(const std::string& flag) const {
  const auto setting = find(flag);
  return setting ? setting->as_switch() : Result<bool>(false);
}

std::vector<Setting> GivenFlags::taken_from_environment() const {
  std::vector<Setting> taken;
  for (const auto& [flag, settings] : settings_) {
    for (const Setting& setting : settings) {
      if (!setting.is_argument()) taken.push_back(setting);
    }
  }
  return taken;
}

std::string flags_help(std::span<const Flag> table) {
  std::string text;
  for (const Flag& flag : table) {
    if (flag.help.empty()) continue;
    std::string left = flag.letter.empty() ? "      --" : "  -" + std::string(flag.letter) + ", --";
    left += flag.name;
    if (flag.takes == FlagTakes::maybe) {
      left += "[=" + std::string(flag.value) + "]";
    } else if (flag.takes != FlagTakes::nothing) {
      left += " " + std::string(flag.value);
    }
    constexpr std::size_t kColumn = 40;
    left.append(left.size() < kColumn ? kColumn - left.size() : 1, ' ');
    text += left + std::string(flag.help) + "\n";
  }
  return text;
}

}  // namespace lab
