// Reads and writes the scenarios of a suite file's options, with k6's keys, defaults and rules.
#pragma once

#include <string>
#include <vector>

#include "loader/scenarios/scenario.h"
#include "shared/base/json_reader.h"
#include "shared/base/value_type.h"

namespace loader {

/// Reads options.scenarios: an object of one scenario per name, at least one. Problems go to the
/// value's JsonProblems.
[[nodiscard]] std::vector<Scenario> read_scenarios(const lab::JsonValue& value);
/// Reads [{"duration", "target"}, …]; at least one.
[[nodiscard]] std::vector<Stage> read_stages(const lab::JsonValue& value);
/// Reads a map of texts, such as tags.
[[nodiscard]] TagMap read_tag_map(const lab::JsonValue& value);

void fields(lab::Fields& f, Scenario& c);
[[nodiscard]] lab::Json scenarios_schema(lab::SchemaPrinter& printer);
[[nodiscard]] lab::Json stages_schema(lab::SchemaPrinter& printer);

/// What is wrong with a model's numbers; empty if nothing is. Also for models that the command line
/// made.
[[nodiscard]] std::vector<std::string> validate(const LoadModel& model);

}  // namespace loader
