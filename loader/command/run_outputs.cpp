#include "loader/command/run_outputs.h"

#include <string>
#include <string_view>
#include <utility>

#include "loader/command/command_variables.h"
#include "loader/delivery/output_factory.h"

namespace loader {
namespace {

constexpr std::string_view kFlag = "--out";

// Outputs know the flag alone: "--out csv".
lab::Error named_by_source(lab::Error error, const RunCommand& command) {
  if (!error.where.starts_with(kFlag)) return error;
  error.where.replace(0, kFlag.size(), source_of("out", command.taken_from_environment));
  return error;
}

}  // namespace

lab::Result<void> add_outputs(const RunCommand& command, const OutputContext& context,
                              Outputs& outputs) {
  if (const auto apart = check_destinations(command.outputs, context); !apart) {
    return named_by_source(apart.error(), command);
  }
  for (const std::string& text : command.outputs) {
    auto output = make_output(text, context);
    if (!output) return named_by_source(output.error(), command);
    outputs.add(*std::move(output));
  }
  return {};
}

}  // namespace loader
