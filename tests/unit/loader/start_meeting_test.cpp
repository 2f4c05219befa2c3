#include "loader/command/start_meeting.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

const lab::WallTime kMeeting = std::chrono::sys_days(std::chrono::year(2026) / 1 / 31);

TEST(StartMeeting, AllStartAtTheTimeThatTheFirstSaysOnceAllAreThere) {
  const lab::TemporaryFolder folder;
  StartMeeting first(folder.path("run"), {1, 3});
  StartMeeting second(folder.path("run"), {2, 3});
  StartMeeting third(folder.path("run"), {3, 3});
  // The folder comes into being, and nobody knows more.
  EXPECT_EQ(first(kMeeting).value(), std::nullopt);
  EXPECT_EQ(third(kMeeting + seconds(1)).value(), std::nullopt);
  EXPECT_EQ(first(kMeeting + seconds(2)).value(), std::nullopt);
  // The last one has come; only the first says when.
  EXPECT_EQ(second(kMeeting + seconds(60)).value(), std::nullopt);
  EXPECT_EQ(third(kMeeting + seconds(61)).value(), std::nullopt);
  const lab::WallTime start = kMeeting + seconds(62) + StartMeeting::kLead;
  EXPECT_EQ(first(kMeeting + seconds(62)).value(), start);
  EXPECT_EQ(second(kMeeting + seconds(63)).value(), start);
  EXPECT_EQ(third(kMeeting + seconds(64)).value(), start);
}

TEST(StartMeeting, AloneItStartsSoon) {
  const lab::TemporaryFolder folder;
  StartMeeting only(folder.path("run"), {1, 1});
  EXPECT_EQ(only(kMeeting).value(), kMeeting + StartMeeting::kLead);
}

TEST(StartMeeting, WhoDoesNotComeIsNamed) {
  const lab::TemporaryFolder folder;
  StartMeeting first(folder.path("run"), {1, 3});
  StartMeeting third(folder.path("run"), {3, 3});
  EXPECT_TRUE(first(kMeeting));
  EXPECT_TRUE(third(kMeeting));
  EXPECT_TRUE(first(kMeeting + minutes(29)));
  EXPECT_EQ(first(kMeeting + minutes(30)).error().to_string(),
            "--start-together: after 30m0s there is no ready-2 in " + folder.path("run"));
  EXPECT_EQ(third(kMeeting + minutes(30)).error().what,
            "after 30m0s there is no ready-2 in " + folder.path("run"));
}

TEST(StartMeeting, AFolderOfAnEarlierRunIsRefused) {
  const lab::TemporaryFolder folder;
  StartMeeting earlier(folder.path("run"), {1, 1});
  ASSERT_TRUE(earlier(kMeeting));
  StartMeeting later(folder.path("run"), {1, 1});
  EXPECT_EQ(later(kMeeting + minutes(2)).error().what,
            folder.path("run") +
                " has the start of another run, at 2026-01-31T00:00:03Z; give each run a folder of "
                "its own");
  // A start just over is its own: it is late, which whoever merges will see.
  StartMeeting late(folder.path("run"), {1, 1});
  EXPECT_EQ(late(kMeeting + seconds(30)).value(), kMeeting + StartMeeting::kLead);
}

TEST(StartMeeting, WhatIsInTheWayIsNamed) {
  const lab::TemporaryFolder folder;
  StartMeeting no_folder(folder.write("file", "x"), {1, 1});
  EXPECT_NE(no_folder(kMeeting).error().what.find("can't be used"), std::string::npos);
  (void)folder.write("run/start", "soon");
  StartMeeting bad_start(folder.path("run"), {1, 1});
  EXPECT_NE(bad_start(kMeeting).error().what.find("\"soon\" is no time"), std::string::npos);
}

}  // namespace
}  // namespace loader
