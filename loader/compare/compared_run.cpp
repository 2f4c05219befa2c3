#include "loader/compare/compared_run.h"

#include <utility>

#include "loader/compare/samples_reader.h"
#include "loader/merge/result_file.h"
#include "loader/merge/run_file_io.h"

namespace loader {
namespace {

lab::Result<SummaryData> summary_in(const std::string& path) {
  // These have a line for each request, and so are of any length.
  if (is_samples_file(path)) return read_samples_file(path);
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
  auto summary = summary_in(path);
  if (!summary) return summary.error();
  return ComparedRun{.name = path, .summary = *std::move(summary)};
}

}  // namespace loader
