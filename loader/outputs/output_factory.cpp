#include "loader/outputs/output_factory.h"

#include <string>
#include <utility>

#include "loader/outputs/csv_output.h"
#include "loader/outputs/json_output.h"

namespace loader {
namespace {

using Made = lab::Result<std::unique_ptr<SampleOutput>>;

Made make_json(std::string_view argument, const OutputContext& context) {
  auto file = OutputFile::open(std::string(argument));
  if (!file) return file.error();
  return std::make_unique<JsonOutput>(std::move(*file), context.registry, context.thresholds,
                                      context.clock);
}

Made make_csv(std::string_view text, const OutputContext& context) {
  const auto argument = parse_csv_argument(text);
  if (!argument) return argument.error();
  auto file = OutputFile::open(argument->file_name);
  if (!file) return file.error();
  return std::make_unique<CsvOutput>(std::move(*file), context.registry, context.clock,
                                     argument->time_format);
}

std::string_view kind_of(std::string_view text) { return text.substr(0, text.find('=')); }

std::string_view argument_of(std::string_view text) {
  const std::string_view kind = kind_of(text);
  return kind.size() == text.size() ? std::string_view() : text.substr(kind.size() + 1);
}

}  // namespace

std::string output_file(std::string_view text) {
  const std::string_view argument = argument_of(text);
  if (kind_of(text) != "csv") return std::string(argument);
  const auto csv = parse_csv_argument(argument);
  return csv ? csv->file_name : std::string();
}

Made make_output(std::string_view text, const OutputContext& context) {
  const std::string_view kind = kind_of(text);
  const std::string_view argument = argument_of(text);
  if (kind == "json") return make_json(argument, context);
  if (kind == "csv") return make_csv(argument, context);
  return lab::Error{"--out", "unknown output \"" + std::string(kind) +
                                 "\"; use json=FILE or csv=FILE (FILE.gz is compressed)"};
}

}  // namespace loader
