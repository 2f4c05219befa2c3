#include "loader/command/compare_command.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <utility>

#include "loader/command/run_report.h"
#include "loader/compare/comparison.h"
#include "loader/compare/comparison_html.h"
#include "loader/compare/comparison_json.h"
#include "loader/compare/comparison_markdown.h"
#include "loader/compare/comparison_text.h"

namespace loader {
namespace {

// The reports as a run would have them, so that their places are checked by the same words.
RunCommand places_of(const CompareCommand& command) {
  RunCommand places;
  places.summary_file = command.json.empty() ? "none" : command.json;
  places.markdown = command.markdown;
  places.html = command.html;
  return places;
}

lab::Result<void> check_comparison_places(const CompareCommand& command) {
  const RunCommand reports = places_of(command);
  if (auto apart = check_places("", reports); !apart) {
    std::string where = apart.error().where;
    const std::string known = "--summary-file";
    if (const auto at = where.find(known); at != std::string::npos) {
      where.replace(at, known.size(), "--json");
    }
    return lab::Error{where, apart.error().what};
  }
  const std::vector<std::string> places = report_places("", reports);
  if (const auto kept = check_kept(places, {command.a, command.b}); !kept) return kept;
  for (const std::string& place : places) {
    if (const auto may = check_writable(place); !may) return may;
  }
  return {};
}

std::vector<ReportFile> comparison_files(const CompareCommand& command,
                                         const RunComparison& comparison) {
  std::vector<ReportFile> files;
  if (!command.json.empty()) files.emplace_back(command.json, comparison_json(comparison));
  if (!command.markdown.empty()) {
    files.emplace_back(command.markdown, comparison_markdown(comparison));
  }
  if (!command.html.empty()) files.emplace_back(command.html, comparison_html(comparison));
  return files;
}

bool is_one_file(const CompareCommand& command) {
  std::error_code failed;
  return std::filesystem::equivalent(command.a, command.b, failed) && !failed;
}

void warn(const CompareCommand& command, const ComparedRun& a, const ComparedRun& b,
          const Console& console) {
  if (is_one_file(command)) {
    tell(console.err, "warning",
         "both names are of one file, " + command.a + ": a run is never worse than itself");
  }
  for (const std::string& warning : a.warnings) tell(console.err, "warning", warning);
  if (is_one_file(command)) return;
  for (const std::string& warning : b.warnings) tell(console.err, "warning", warning);
}

}  // namespace

ExitCode compare_command(const CompareCommand& command, Console console) {
  if (const auto good = check_comparison_places(command); !good) {
    return refuse(console, good.error());
  }
  auto a = read_compared_run(command.a);
  if (!a) return refuse(console, a.error());
  auto b = read_compared_run(command.b);
  if (!b) return refuse(console, b.error());
  warn(command, *a, *b, console);
  const RunComparison comparison = compare_runs(*std::move(a), *std::move(b), command.settings);
  const Console people = for_people(places_of(command), console);
  people.out << comparison_text(comparison, people.is_out_terminal && !command.no_color)
             << std::flush;
  for (const ReportFile& file : comparison_files(command, comparison)) {
    if (const auto written = write_file(file, console.out); !written) {
      people.err << "error: " << written.error().to_string() << "\n";
      return ExitCode::failure;
    }
  }
  return comparison.has_regression() ? ExitCode::regression : ExitCode::ok;
}

}  // namespace loader
