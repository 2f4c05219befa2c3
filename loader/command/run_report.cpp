#include "loader/command/run_report.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "loader/command/command_variables.h"
#include "loader/delivery/output_factory.h"
#include "loader/outputs/output_file.h"
#include "loader/summary/html_report.h"
#include "loader/summary/junit.h"
#include "loader/summary/summary_json.h"
#include "loader/summary/summary_markdown.h"

namespace loader {
namespace {

const std::string kNoFile = "none";

std::string summary_place(const std::string& suite_name, const RunCommand& command) {
  if (command.summary_file == kNoFile) return {};
  return command.summary_file.empty() ? suite_name + "-test-summary.json" : command.summary_file;
}

lab::Error not_writable(const std::string& place, const std::string& why) {
  return {place, "can't be written: " + why};
}

// "No such file" is true of every file that is to be made.
std::string why_not_opened(const std::string& place, int error) {
  const std::filesystem::path folder = std::filesystem::path(place).parent_path();
  std::error_code ignored;
  if (error == ENOENT && !folder.empty() && !std::filesystem::exists(folder, ignored)) {
    return "there is no folder " + folder.string() + "; make it first";
  }
  return std::strerror(error);
}

// A file that a command names, and the flag that does.
struct NamedPlace {
  std::string flag;
  std::string place;
};

// Of "file=FILE"; messages go nowhere else that is a file.
std::string log_file(const RunCommand& command) {
  constexpr std::string_view kFile = "file=";
  return command.log_output.starts_with(kFile) ? command.log_output.substr(kFile.size()) : "";
}

std::string console_file(const RunCommand& command) {
  return command.console_output ? command.console_output->text : "";
}

std::vector<NamedPlace> written_places(const std::string& suite_name, const RunCommand& command) {
  const auto named = [&command](std::string_view flag) {
    return source_of(flag, command.taken_from_environment);
  };
  std::vector<NamedPlace> places{{named("summary-file"), summary_place(suite_name, command)},
                                 {named("summary-export"), command.summary_export},
                                 {named("junit"), command.junit},
                                 {named("markdown"), command.markdown},
                                 {named("html"), command.html},
                                 {named("samples"), command.samples},
                                 {named("mergeable"), command.mergeable},
                                 {named("log-output"), log_file(command)},
                                 {named("console-output"), console_file(command)}};
  for (const std::string& output : command.outputs) {
    places.push_back({named("out"), output_file(output)});
  }
  std::erase_if(places, [](const NamedPlace& each) { return each.place.empty(); });
  return places;
}

std::vector<NamedPlace> read_places(const RunCommand& command) {
  const auto named = [&command](std::string_view flag) {
    return source_of(flag, command.taken_from_environment);
  };
  std::vector<NamedPlace> places{{"the suite", command.suite_text ? "" : command.suite},
                                 {named("simulate"), command.simulate.value_or("")},
                                 {named("network"), command.network},
                                 {named("config"), command.config}};
  std::erase_if(places, [](const NamedPlace& each) { return each.place.empty(); });
  return places;
}

// What is opened by a name: a link that leads nowhere yet makes the file where it leads.
std::filesystem::path end_of_links(std::filesystem::path path) {
  constexpr int kLinksMax = 40;  // As the system follows.
  std::error_code failed;
  for (int i = 0; i < kLinksMax && std::filesystem::is_symlink(path, failed); ++i) {
    const auto target = std::filesystem::read_symlink(path, failed);
    if (failed) break;
    path = path.parent_path() / target;  // An absolute target replaces all of it.
  }
  return path;
}

// Names of one file are one, however they are written. Empty for what may be named more than once:
// a device, a pipe.
std::string identity_of(const std::string& place) {
  if (is_standard_output(place)) return std::string(kStandardOutput);
  std::error_code failed;
  const auto kind = std::filesystem::status(place, failed).type();
  const bool is_file = kind == std::filesystem::file_type::regular;
  if (!is_file && kind != std::filesystem::file_type::not_found) return {};
  // Of a relative place that does not exist, weakly_canonical() would leave it as it is written.
  const auto absolute = end_of_links(std::filesystem::absolute(place, failed));
  const auto path = std::filesystem::weakly_canonical(absolute, failed);
  return failed ? place : path.string();
}

bool is_same(const NamedPlace& a, const NamedPlace& b) {
  std::error_code failed;
  // Hard links, too.
  const bool is_file = std::filesystem::is_regular_file(a.place, failed);
  if (is_file && std::filesystem::equivalent(a.place, b.place, failed)) return true;
  const std::string identity = identity_of(a.place);
  return !identity.empty() && identity == identity_of(b.place);
}

}  // namespace

lab::Result<void> check_places(const std::string& suite_name, const RunCommand& command) {
  const std::vector<NamedPlace> written = written_places(suite_name, command);
  for (auto each = written.begin(); each != written.end(); ++each) {
    for (auto other = written.begin(); other != each; ++other) {
      if (!is_same(*each, *other)) continue;
      return lab::Error{other->flag + " and " + each->flag,
                        "both write to " + each->place + "; each needs a file of its own"};
    }
    for (const NamedPlace& other : read_places(command)) {
      // The name of a built-in file is none of a file.
      std::error_code ignored;
      if (!std::filesystem::exists(other.place, ignored) || !is_same(*each, other)) continue;
      return lab::Error{each->flag, "it would write over " + other.flag + ", " + other.place};
    }
  }
  return {};
}

std::vector<std::string> report_places(const std::string& suite_name, const RunCommand& command) {
  std::vector<std::string> places{summary_place(suite_name, command),
                                  command.summary_export,
                                  command.junit,
                                  command.markdown,
                                  command.html,
                                  command.mergeable};
  std::erase(places, std::string());
  return places;
}

bool has_report_on_output(const RunCommand& command) {
  return std::ranges::any_of(report_places("", command), is_standard_output);
}

std::vector<ReportFile> report_files(const SummaryData& summary, const RunCommand& command) {
  const RunFacts& facts = summary.facts;
  std::vector<ReportFile> files;
  if (const std::string place = summary_place(facts.suite, command); !place.empty()) {
    files.emplace_back(place, summary_json(summary));
  }
  if (!command.summary_export.empty()) {
    files.emplace_back(command.summary_export, summary_export_json(summary));
  }
  if (!command.junit.empty()) files.emplace_back(command.junit, junit_xml(summary));
  if (!command.markdown.empty()) files.emplace_back(command.markdown, summary_markdown(summary));
  if (!command.html.empty()) {
    files.emplace_back(command.html, html_report(summary));
  }
  return files;
}

std::vector<lab::Error> write_report_files(const SummaryData& summary, const RunCommand& command,
                                           std::ostream& output) {
  std::vector<lab::Error> errors;
  for (const ReportFile& file : report_files(summary, command)) {
    const auto written = write_file(file, output);
    if (!written) errors.push_back(written.error());
  }
  return errors;
}

lab::Result<void> check_kept(const std::vector<std::string>& places,
                             const std::vector<std::string>& read) {
  for (const std::string& place : places) {
    for (const std::string& file : read) {
      std::error_code failed;
      if (!std::filesystem::equivalent(place, file, failed) || failed) continue;
      return lab::Error{place, "it would write over a file that is read"};
    }
  }
  return {};
}

lab::Result<void> make_folder_of(const std::string& place) {
  const std::filesystem::path folder = std::filesystem::path(place).parent_path();
  std::error_code failed;
  if (!folder.empty()) std::filesystem::create_directories(folder, failed);
  if (failed) return not_writable(place, "its folder can't be made: " + failed.message());
  return {};
}

lab::Result<void> check_writable(const std::string& place) {
  if (is_standard_output(place)) return {};
  std::error_code ignored;
  const auto kind = std::filesystem::status(place, ignored).type();
  if (kind == std::filesystem::file_type::directory) return not_writable(place, "it is a folder");
  const bool is_new = kind == std::filesystem::file_type::not_found;
  const bool is_file = kind == std::filesystem::file_type::regular;
  if (std::filesystem::exists(place, ignored) && !is_file) {
    // Opening a pipe would wait for its reader.
    if (::access(place.c_str(), W_OK) == 0) return {};
    return not_writable(place, std::strerror(errno));
  }
  // Only the kernel knows all reasons: the attempt is made, and leaves no file that was not there.
  const int file = ::open(place.c_str(), O_WRONLY | O_CLOEXEC | (is_new ? O_CREAT : 0), 0644);
  if (file < 0) return not_writable(place, why_not_opened(place, errno));
  ::close(file);
  // A link that led nowhere stays.
  const std::filesystem::path created = std::filesystem::canonical(place, ignored);
  if (is_new) ::unlink(created.c_str());
  return {};
}

lab::Result<void> write_file(const ReportFile& file, std::ostream& output) {
  if (is_standard_output(file.first)) {
    output << file.second << std::flush;
    return {};
  }
  errno = 0;
  std::ofstream out(file.first, std::ios::binary | std::ios::trunc);
  out << file.second;
  out.flush();
  if (out) return {};
  return not_writable(file.first, std::strerror(errno));
}

}  // namespace loader
