// Settings whose texts k6 writes in more than one way: tags and outputs, as flags and as variables.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "loader/scenarios/scenario.h"
#include "shared/base/error.h"
#include "shared/base/flags.h"

namespace loader {

[[nodiscard]] std::vector<std::string> split_at_commas(std::string_view text);

/// A flag's "NAME=VALUE" each; in K6_TAGS several, "NAME:VALUE,NAME:VALUE", or with "=".
[[nodiscard]] lab::Result<TagMap> read_tags(const std::vector<lab::Setting>& settings);

/// K6_CSV_…: what the argument of csv leaves open. Empty: nothing.
struct CsvVariables {
  std::string file_name;
  std::string save_interval;
  std::string time_format;
};

/// The Error names the variable that has a value which csv does not know. To be asked if there is
/// such an output: if not, nobody looks at them, as in k6.
[[nodiscard]] lab::Result<void> check_csv_variables(const CsvVariables& csv);

/// The outputs, each as --out takes it. K6_OUT lists several, with commas between them.
[[nodiscard]] std::vector<std::string> read_outputs(const std::vector<lab::Setting>& settings,
                                                    const CsvVariables& csv);

/// What said something that a flag may say, for messages: the flag, or the variable that stands for
/// it. `taken_from_environment` is what variables have said.
[[nodiscard]] std::string source_of(std::string_view flag,
                                    const std::vector<lab::Setting>& taken_from_environment);

}  // namespace loader
