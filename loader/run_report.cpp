#include "loader/run_report.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include "loader/summary/html_report.h"
#include "loader/summary/junit.h"
#include "loader/summary/summary_json.h"

namespace loader {

std::vector<ReportFile> report_files(const RunResult& result, const std::string& suite_name,
                                     const RunCommand& command, lab::WallTime started) {
  std::vector<ReportFile> files;
  files.emplace_back(suite_name + "-test-summary.json", summary_json(result.summary));
  if (!command.summary_export.empty()) {
    files.emplace_back(command.summary_export, summary_export_json(result.summary));
  }
  if (!command.junit.empty()) {
    files.emplace_back(command.junit, junit_xml(result.summary, suite_name, started));
  }
  if (!command.html.empty()) {
    files.emplace_back(command.html,
                       html_report(result.summary, {.suite = suite_name,
                                                    .started = started,
                                                    .exit_code = static_cast<int>(result.exit_code),
                                                    .errors = result.errors}));
  }
  return files;
}

lab::Result<void> write_file(const ReportFile& file) {
  errno = 0;
  std::ofstream out(file.first, std::ios::binary | std::ios::trunc);
  out << file.second;
  out.flush();
  if (out) return {};
  return lab::Error{file.first, std::string("can't be written: ") + std::strerror(errno)};
}

}  // namespace loader
