// --start-together FOLDER: how the shards of a run, on machines that share a folder, agree on the
// moment at which their scenarios start.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "loader/scenarios/shard.h"
#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

/// Before the run: makes the folder, if need be. The Error says why it can't be used.
[[nodiscard]] lab::Result<void> check_meeting_folder(const std::filesystem::path& folder);

/// Each shard leaves a file "ready-NUMBER" there. When all have, the first writes the time of the
/// start, a little in the future, into the file "start"; nobody else writes that, so there is only
/// one time. A value to be asked now and then; see RunSpec::start.
///
/// A client of NFS may take a folder for unchanged for half a minute, unless it has changed it
/// itself: so whoever waits writes its file again and again (nfs(5), acdirmin).
class StartMeeting {
 public:
  /// From "all are ready" to the start: longer than a file takes to be seen by all.
  static constexpr lab::Duration kLead = std::chrono::seconds(3);
  /// How often a file is written again.
  static constexpr lab::Duration kRefresh = std::chrono::milliseconds(500);
  /// Whoever has not come by then does not come: images are pulled, nodes started, virtual users
  /// made.
  static constexpr lab::Duration kPatience = std::chrono::minutes(30);
  /// A start longer ago than this is another run's.
  static constexpr lab::Duration kStale = std::chrono::minutes(1);

  StartMeeting(std::string folder, Shard shard) : folder_(std::move(folder)), shard_(shard) {}

  /// The time of the start, once it is known. The Error: the folder can't be used, has been used
  /// before, or somebody did not come.
  [[nodiscard]] lab::Result<std::optional<lab::WallTime>> operator()(lab::WallTime now);

 private:
  [[nodiscard]] lab::Result<void> arrive(lab::WallTime now);
  [[nodiscard]] lab::Result<void> show_up(lab::WallTime now);
  [[nodiscard]] lab::Result<std::optional<lab::WallTime>> agreed() const;
  [[nodiscard]] std::vector<std::string> absent() const;

  std::filesystem::path folder_;
  Shard shard_;
  std::optional<lab::WallTime> since_;  ///< When it came; none: not yet.
  lab::WallTime refreshed_{};           ///< When its file was written last.
};

}  // namespace loader
