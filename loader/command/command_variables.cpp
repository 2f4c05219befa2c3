#include "loader/command/command_variables.h"

#include <algorithm>
#include <utility>

#include "loader/command/command_flags.h"
#include "loader/outputs/csv_format.h"
#include "shared/base/utf8.h"

namespace loader {
namespace {

constexpr std::string_view kCsv = "csv";

// True for what can't begin an output, since it goes on with csv's own list.
bool is_csv_option(std::string_view text) {
  return text.starts_with("fileName=") || text.starts_with("saveInterval=") ||
         text.starts_with("timeFormat=");
}

std::vector<std::string> listed_outputs(const std::string& text) {
  std::vector<std::string> outputs;
  for (std::string& part : split_at_commas(text)) {
    if (is_csv_option(part) && !outputs.empty()) {
      outputs.back() += "," + part;
    } else {
      outputs.push_back(std::move(part));
    }
  }
  return outputs;
}

// What csv's argument says comes last, so it wins.
std::string with_variables(const std::string& output, const CsvVariables& csv) {
  const bool is_csv = output == kCsv || output.starts_with("csv=");
  std::string options;
  const auto add = [&options](std::string_view name, const std::string& value) {
    if (!value.empty()) options += std::string(name) + "=" + value + ",";
  };
  if (is_csv) {
    add("fileName", csv.file_name);
    add("saveInterval", csv.save_interval);
    add("timeFormat", csv.time_format);
  }
  if (options.empty()) return output;
  std::string argument = output.substr(std::min(output.size(), kCsv.size() + 1));
  if (!argument.empty() && argument.find('=') == std::string::npos) {
    argument = "fileName=" + argument;
  }
  if (argument.empty()) options.pop_back();
  return "csv=" + options + argument;
}

}  // namespace

std::vector<std::string> split_at_commas(std::string_view text) {
  std::vector<std::string> parts;
  while (true) {
    const std::size_t comma = text.find(',');
    parts.emplace_back(text.substr(0, comma));
    if (comma == std::string_view::npos) return parts;
    text.remove_prefix(comma + 1);
  }
}

lab::Result<TagMap> read_tags(const std::vector<lab::Setting>& settings) {
  TagMap tags;
  for (const lab::Setting& setting : settings) {
    const bool is_flag = setting.is_argument();
    const auto texts =
        is_flag ? std::vector<std::string>{setting.text} : split_at_commas(setting.text);
    for (const std::string& text : texts) {
      const std::size_t border = text.find_first_of(is_flag ? "=" : ":=");
      if (border == std::string::npos || border == 0) {
        return setting.refuse(is_flag ? "NAME=VALUE" : "NAME:VALUE, several with commas");
      }
      // Servers refuse the whole of a message that has a label which is none.
      tags[lab::valid_utf8(text.substr(0, border))] = lab::valid_utf8(text.substr(border + 1));
    }
  }
  return tags;
}

lab::Result<void> check_csv_variables(const CsvVariables& csv) {
  const auto check = [](std::string_view key, const std::string& value,
                        const char* variable) -> lab::Result<void> {
    if (value.empty()) return {};
    const auto parsed = parse_csv_argument(std::string(key) + "=" + value);
    if (!parsed) return lab::Error{variable, parsed.error().what};
    return {};
  };
  const auto interval = check("saveInterval", csv.save_interval, "K6_CSV_SAVE_INTERVAL");
  if (!interval) return interval;
  return check("timeFormat", csv.time_format, "K6_CSV_TIME_FORMAT");
}

std::string source_of(std::string_view flag,
                      const std::vector<lab::Setting>& taken_from_environment) {
  const auto known = std::ranges::find(run_flags(), flag, &lab::Flag::name);
  const bool is_variable = known != run_flags().end() && !known->variable.empty() &&
                           std::ranges::find(taken_from_environment, known->variable,
                                             &lab::Setting::source) != taken_from_environment.end();
  return is_variable ? std::string(known->variable) : "--" + std::string(flag);
}

std::vector<std::string> read_outputs(const std::vector<lab::Setting>& settings,
                                      const CsvVariables& csv) {
  std::vector<std::string> outputs;
  for (const lab::Setting& setting : settings) {
    const bool is_flag = setting.is_argument();
    for (const std::string& output :
         is_flag ? std::vector<std::string>{setting.text} : listed_outputs(setting.text)) {
      outputs.push_back(with_variables(output, csv));
    }
  }
  return outputs;
}

}  // namespace loader
