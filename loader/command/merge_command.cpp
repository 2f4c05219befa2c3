#include "loader/command/merge_command.h"

#include <algorithm>
#include <filesystem>
#include <ostream>
#include <set>
#include <string>
#include <system_error>
#include <utility>

#include "loader/command/run_report.h"
#include "loader/merge/run_file_io.h"
#include "loader/summary/summary_text.h"
#include "loader/world/patience.h"

namespace loader {
namespace {

// How often it is looked whether files have come.
constexpr lab::Duration kLookInterval = std::chrono::milliseconds(500);

bool is_named_as_json(const std::filesystem::path& path) {
  const std::string name = path.filename().string();
  return !name.starts_with('.') && (name.ends_with(".json") || name.ends_with(".json.gz"));
}

/// The run files that a command names, as far as they are there and whole.
class Collection {
 public:
  explicit Collection(const std::vector<std::string>& places) : places_(places) {}

  /// Reads what has come since. The Error: a file is no run file at all, so that waiting for it is
  /// of no use.
  lab::Result<void> look() {
    findings_.clear();
    for (const std::string& place : places_) {
      std::error_code ignored;
      if (!std::filesystem::is_directory(place, ignored)) {
        if (const auto taken = take(place, false); !taken) return taken;
        continue;
      }
      const auto files = files_in(place);
      if (!files) {
        findings_.push_back(files.error().to_string());
        continue;
      }
      for (const std::string& file : *files) {
        if (const auto taken = take(file, true); !taken) return taken;
      }
    }
    return {};
  }

  /// As named; those of a folder by their names.
  [[nodiscard]] const std::vector<ShardFile>& shards() const { return shards_; }
  /// Why others can't be read.
  [[nodiscard]] const std::vector<std::string>& findings() const { return findings_; }

 private:
  static lab::Result<std::vector<std::string>> files_in(const std::string& folder) {
    std::vector<std::string> files;
    std::error_code failed;
    for (std::filesystem::directory_iterator each(folder, failed), end; !failed && each != end;
         each.increment(failed)) {
      if (is_named_as_json(each->path())) files.push_back(each->path().string());
    }
    if (failed) return lab::Error{folder, "can't be read: " + failed.message()};
    std::sort(files.begin(), files.end());
    return lab::Result<std::vector<std::string>>(boost::system::in_place_value, std::move(files));
  }

  lab::Result<void> take(const std::string& path, bool is_found) {
    // Named twice, however, it counts once.
    std::error_code failed;
    const auto canonical = std::filesystem::weakly_canonical(path, failed);
    const std::string identity = failed ? path : canonical.string();
    if (taken_.contains(identity)) return {};
    auto file = load_run_file(path);
    if (file) {
      taken_.insert(identity);
      shards_.push_back({.name = path, .file = *std::move(file)});
    } else if (!file.error().is_foreign) {
      findings_.push_back(file.error().to_string());
    } else if (!is_found) {
      return lab::Error(file.error());
    }
    return {};
  }

  const std::vector<std::string>& places_;
  std::vector<ShardFile> shards_;
  std::set<std::string> taken_;
  std::vector<std::string> findings_;
};

lab::Result<void> collect(Collection& collection, lab::Duration wait) {
  lab::Result<void> looked;
  const auto look = [&] {
    looked = collection.look();
    return !looked || is_complete(collection.shards());
  };
  look_until(look, {.interval = kLookInterval, .most = wait});
  return looked;
}

// Before what may be waited for long: the files whose names are known without the suite's.
lab::Result<void> check_named_reports(const MergeCommand& command) {
  RunCommand named = command.reports;
  if (named.summary_file.empty()) named.summary_file = "none";
  for (const std::string& place : report_places("", named)) {
    if (const auto may = check_writable(place); !may) return may;
  }
  return {};
}

lab::Result<void> check_reports(const MergeCommand& command, const std::string& suite) {
  if (const auto apart = check_places(suite, command.reports); !apart) return apart;
  const std::vector<std::string> places = report_places(suite, command.reports);
  if (const auto kept = check_kept(places, command.files); !kept) return kept;
  for (const std::string& place : places) {
    if (const auto may = check_writable(place); !may) return may;
  }
  return {};
}

ExitCode report(const MergeCommand& command, const RunResult& merged, Console console) {
  const Console people = for_people(command.reports, console);
  if (!command.reports.no_summary) {
    people.out << summary_text(merged.summary,
                               {.colors = people.is_out_terminal && !command.reports.no_color,
                                .mode = command.reports.summary_mode})
               << std::flush;
  }
  ExitCode exit_code = merged.exit_code;
  for (const lab::Error& error : write_report_files(merged.summary, command.reports, console.out)) {
    people.err << "error: " << error.to_string() << "\n";
    if (exit_code == ExitCode::ok) exit_code = ExitCode::failure;
  }
  for (const std::string& error : merged.errors) people.err << "error: " << error << "\n";
  return exit_code;
}

}  // namespace

ExitCode merge_command(const MergeCommand& command, Console console) {
  if (const auto good = check_named_reports(command); !good) return refuse(console, good.error());
  Collection collection(command.files);
  const auto looked = collect(collection, command.wait.value_or(lab::Duration::zero()));
  if (!looked) return refuse(console, looked.error());
  auto merged = merge_shards(collection.shards(), collection.findings(), command.settings);
  if (!merged) {
    for (const std::string& finding : collection.findings()) {
      tell(console.err, "error: incomplete", finding);
    }
    tell(console.err, "error: incomplete", merged.error().to_string());
    return ExitCode::incomplete;
  }
  if (const auto good = check_reports(command, merged->summary.facts.suite); !good) {
    return refuse(console, good.error());
  }
  return report(command, *merged, console);
}

}  // namespace loader
