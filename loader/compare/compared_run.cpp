#include "loader/compare/compared_run.h"

#include <utility>

#include "loader/compare/samples_reader.h"
#include "loader/merge/result_file.h"
#include "loader/merge/run_file_io.h"

namespace loader {
namespace {

lab::Result<ComparedRun> run_of_samples(const std::string& path) {
  auto samples = read_samples_file(path);
  if (!samples) return samples.error();
  ComparedRun run{.name = path, .summary = std::move(samples->summary)};
  if (samples->repeated > 0) {
    run.warnings.push_back(path + ": " + std::to_string(samples->repeated) +
                           " of its requests stand in it again, and count again; is it put "
                           "together from copies?");
  }
  return run;
}

lab::Result<SummaryData> summary_in(const std::string& path) {
  const auto text = read_maybe_compressed(path);
  if (!text) return text.error();
  if (text->empty()) {
    return lab::Error{path,
                      "is empty: of --samples, a run without requests; else no result at all"};
  }
  auto summary = read_result(*text, path);
  if (summary) return summary;
  std::string what = summary.error().what;
  if (what.ends_with(", as --mergeable writes them")) {
    what += ", nor one of requests, as --samples does";
  } else if (what.ends_with("here a summary is wanted, or a run file")) {
    what += ", or a file of requests, as --samples writes them";
  }
  return lab::Error{summary.error().where, what};
}

}  // namespace

lab::Result<ComparedRun> read_compared_run(const std::string& path) {
  // These have a line for each request, and so are of any length.
  if (is_samples_file(path)) return run_of_samples(path);
  auto summary = summary_in(path);
  if (!summary) return summary.error();
  return ComparedRun{.name = path, .summary = *std::move(summary)};
}

}  // namespace loader
