#include "loader/command/start_meeting.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <string>
#include <system_error>

#include "shared/base/json_reader.h"

namespace loader {
namespace {

const std::string kFlag = "--start-together";
const std::string kStartFile = "start";

std::string ready_file(std::uint64_t number) { return "ready-" + std::to_string(number); }

// Whole or not at all, for whoever looks meanwhile.
lab::Result<void> put(const std::filesystem::path& place, const std::string& text) {
  const std::filesystem::path beside = place.string() + ".part";
  errno = 0;
  std::ofstream out(beside, std::ios::binary | std::ios::trunc);
  out << text << "\n";
  out.close();
  if (!out) {
    return lab::Error{kFlag, place.string() + " can't be written: " + std::strerror(errno)};
  }
  std::error_code failed;
  std::filesystem::rename(beside, place, failed);
  if (failed) return lab::Error{kFlag, place.string() + " can't be written: " + failed.message()};
  return {};
}

}  // namespace

lab::Result<void> check_meeting_folder(const std::filesystem::path& folder) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return lab::Error{kFlag, folder.string() + " can't be used: " + failed.message()};
  if (::access(folder.c_str(), W_OK | X_OK) == 0) return {};
  return lab::Error{kFlag, folder.string() + " can't be used: " + std::strerror(errno)};
}

lab::Result<std::optional<lab::WallTime>> StartMeeting::operator()(lab::WallTime now) {
  if (!since_) {
    if (const auto arrived = arrive(now); !arrived) return arrived.error();
  } else if (now - refreshed_ >= kRefresh) {
    if (const auto shown = show_up(now); !shown) return shown.error();
  }
  const auto start = agreed();
  if (!start || *start) return start;
  // Only the first looks at all of them all the time: they may be thousands.
  if (shard_.number == 1 && absent().empty()) {
    const lab::WallTime then = now + kLead;
    if (const auto told = put(folder_ / kStartFile, lab::format_rfc3339(then)); !told) {
      return told.error();
    }
    return then;
  }
  if (now - *since_ < kPatience) return std::optional<lab::WallTime>();
  const std::vector<std::string> missing = absent();
  std::string names;
  for (const std::string& name : missing) names += (names.empty() ? "" : ", ") + name;
  return lab::Error{kFlag, "after " + lab::format_duration(kPatience) + " there is no " +
                               (missing.empty() ? kStartFile : names) + " in " + folder_.string()};
}

lab::Result<void> StartMeeting::arrive(lab::WallTime now) {
  if (const auto usable = check_meeting_folder(folder_); !usable) return usable;
  const auto before = agreed();
  if (!before) return before.error();
  if (*before && now - **before > kStale) {
    return lab::Error{kFlag, folder_.string() + " has the start of another run, at " +
                                 lab::format_rfc3339(**before) +
                                 "; give each run a folder of its own"};
  }
  since_ = now;
  return show_up(now);
}

lab::Result<void> StartMeeting::show_up(lab::WallTime now) {
  refreshed_ = now;
  return put(folder_ / ready_file(shard_.number), lab::format_rfc3339(now));
}

lab::Result<std::optional<lab::WallTime>> StartMeeting::agreed() const {
  const std::filesystem::path place = folder_ / kStartFile;
  std::error_code ignored;
  if (!std::filesystem::exists(place, ignored)) return std::optional<lab::WallTime>();
  const auto text = lab::read_text_file(place.string());
  if (!text) return lab::Error{kFlag, text.error().to_string()};
  const auto start = lab::parse_rfc3339(text->substr(0, text->find('\n')));
  if (!start) return lab::Error{kFlag, place.string() + ": " + start.error().what};
  return std::optional(*start);
}

std::vector<std::string> StartMeeting::absent() const {
  std::vector<std::string> missing;
  for (std::uint64_t number = 1; number <= shard_.of; ++number) {
    std::error_code ignored;
    const std::string name = ready_file(number);
    if (!std::filesystem::exists(folder_ / name, ignored)) missing.push_back(name);
  }
  return missing;
}

}  // namespace loader
