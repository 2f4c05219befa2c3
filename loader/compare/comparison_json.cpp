#include "loader/compare/comparison_json.h"

#include "loader/compare/comparison_words.h"
#include "shared/base/fields.h"
#include "shared/base/json.h"

namespace loader {
namespace {

lab::Json side_json(const std::string& file, const SummaryData& run) {
  lab::Json json;
  json["file"] = file;
  json["duration_ms"] = lab::to_milliseconds(run.duration);
  json["run"] = lab::write_fields(run.facts);
  if (run.simulation) json["seed"] = run.simulation->seed;
  return json;
}

const char* unit_word(MeasureUnit unit) {
  switch (unit) {
    case MeasureUnit::share:
      return "share";
    case MeasureUnit::milliseconds:
      return "ms";
    case MeasureUnit::per_second:
      break;
  }
  return "per second";
}

lab::Json figure_json(const FigureChange& figure, const CompareSettings& settings) {
  lab::Json json;
  json["measure"] = info_of(figure.measure).name;
  json["part"] = figure.part;
  json["unit"] = unit_word(info_of(figure.measure).unit);
  json["a"] = figure.a;
  json["b"] = figure.b;
  json["change"] = figure.change;
  if (figure.interval) {
    json["low"] = figure.interval->low;
    json["high"] = figure.interval->high;
  }
  json["margin"] = settings.margins[place_of(figure.measure)];
  json["verdict"] = to_string(figure.verdict);
  if (!figure.reason.empty()) json["reason"] = figure.reason;
  return json;
}

}  // namespace

std::string comparison_json(const RunComparison& comparison) {
  lab::Json json;
  json["a"] = side_json(comparison.a, comparison.of_a);
  json["b"] = side_json(comparison.b, comparison.of_b);
  json["confidence"] = comparison.settings.confidence;
  json["draws"] = comparison.settings.draws;
  json["seed"] = comparison.settings.seed;
  json["min_change_ms"] = lab::to_milliseconds(comparison.settings.min_change);
  json["regression"] = comparison.has_regression();
  json["no_verdict"] = comparison.no_verdict;
  json["not_alike"] = comparison.unlike;
  json["new_errors"] = comparison.new_errors;
  json["figures"] = lab::Json::array();
  for (const FigureChange& figure : comparison.figures) {
    json["figures"].push_back(figure_json(figure, comparison.settings));
  }
  return json.dump(2, ' ', false, lab::Json::error_handler_t::replace) + "\n";
}

}  // namespace loader
