#include "loader/delivery/output_factory.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "loader/delivery/influxdb_plan.h"
#include "loader/delivery/network_output.h"
#include "loader/delivery/otlp_plan.h"
#include "loader/delivery/remote_write_plan.h"
#include "loader/outputs/csv_format.h"
#include "loader/outputs/file_output.h"
#include "loader/outputs/json_format.h"

namespace loader {
namespace {

using Made = lab::Result<std::unique_ptr<SampleOutput>>;

Made make_json(const std::string& argument, const OutputContext& context) {
  auto file = OutputFile::open(argument, context.tell);
  if (!file) return file.error();
  return std::make_unique<FileOutput>(
      "json", std::move(*file),
      std::make_unique<JsonFormat>(context.registry, context.thresholds, context.clock));
}

Made make_csv(const std::string& text, const OutputContext& context) {
  const auto argument = parse_csv_argument(text);
  if (!argument) return argument.error();
  auto file = OutputFile::open(argument->file_name, context.tell);
  if (!file) return file.error();
  return std::make_unique<FileOutput>(
      "csv", std::move(*file),
      std::make_unique<CsvFormat>(context.registry, context.clock, argument->time_format,
                                  context.system_tags));
}

using PlanOutput = lab::Result<NetworkOutputPlan> (*)(const std::string&, const OutputContext&);

template <PlanOutput plan_output>
Made make_network_output(const std::string& argument, const OutputContext& context) {
  auto plan = plan_output(argument, context);
  if (!plan) return plan.error();
  return std::make_unique<NetworkOutput>(*std::move(plan), context);
}

struct OutputKind {
  std::string_view name;
  Made (*make)(const std::string& argument, const OutputContext& context);
  PlanOutput plan = nullptr;  ///< Null for files.
};

template <PlanOutput plan_output>
constexpr OutputKind network_kind(std::string_view name) {
  return {name, make_network_output<plan_output>, plan_output};
}

constexpr std::array<OutputKind, 8> kOutputKinds{{
    {"json", make_json},
    {"csv", make_csv},
    network_kind<plan_influxdb>("influxdb"),
    network_kind<plan_influxdb2>("xk6-influxdb"),
    network_kind<plan_remote_write>("experimental-prometheus-rw"),
    network_kind<plan_remote_write>("prometheus-rw"),
    network_kind<plan_otlp>("opentelemetry"),
    network_kind<plan_otlp>("experimental-opentelemetry"),
}};

constexpr std::string_view kAllowed =
    "use json=FILE or csv=FILE (FILE.gz is compressed), influxdb=http://HOST:8086/DATABASE, "
    "xk6-influxdb=http://HOST:8086/BUCKET, experimental-prometheus-rw[=URL] or opentelemetry";

std::string_view kind_of(std::string_view text) { return text.substr(0, text.find('=')); }

std::string_view argument_of(std::string_view text) {
  const std::string_view kind = kind_of(text);
  return kind.size() == text.size() ? std::string_view() : text.substr(kind.size() + 1);
}

const OutputKind* find_kind(std::string_view name) {
  return std::find_if(kOutputKinds.begin(), kOutputKinds.end(),
                      [&](const OutputKind& each) { return each.name == name; });
}

lab::Error unknown(std::string_view kind) {
  return {"--out", "unknown output \"" + std::string(kind) + "\"; " + std::string(kAllowed)};
}

}  // namespace

lab::Result<void> check_destinations(const std::vector<std::string>& texts,
                                     const OutputContext& context) {
  std::map<std::string, std::string_view> kinds;  // By destination.
  for (const std::string& text : texts) {
    const OutputKind* const kind = find_kind(kind_of(text));
    if (kind == kOutputKinds.end()) return unknown(kind_of(text));
    if (kind->plan == nullptr) continue;
    const auto plan = kind->plan(std::string(argument_of(text)), context);
    if (!plan) continue;
    const auto [other, is_new] = kinds.try_emplace(plan->target.destination, kind->name);
    if (is_new) continue;
    return lab::Error{"--out", std::string(other->second) + " and " + std::string(kind->name) +
                                   " write to the same place, " + plan->target.description +
                                   "; leave one of them out"};
  }
  return {};
}

std::string output_file(std::string_view text) {
  const std::string_view kind = kind_of(text);
  const std::string_view argument = argument_of(text);
  if (kind != "json" && kind != "csv") return {};
  const auto csv =
      kind == "csv" ? parse_csv_argument(argument) : CsvArgument{std::string(argument)};
  if (!csv) return {};
  return csv->file_name.empty() ? "-" : csv->file_name;
}

Made make_output(std::string_view text, const OutputContext& context) {
  const std::string_view kind = kind_of(text);
  const auto* const known = find_kind(kind);
  if (known != kOutputKinds.end()) return known->make(std::string(argument_of(text)), context);
  return unknown(kind);
}

}  // namespace loader
