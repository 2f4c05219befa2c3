#include "loader/command/filter_process.h"

#include <gtest/gtest.h>

#include <string>

namespace loader {
namespace {

constexpr lab::Duration kTimeout = std::chrono::seconds(60);

TEST(FilterProcess, TakesTextInAndGivesTextOut) {
  // More than any pipe holds.
  const std::string text(1 << 20, 'a');
  const auto end = run_filter({"tr", "a", "b"}, text, kTimeout);
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->is_good);
  EXPECT_EQ(end->output, std::string(1 << 20, 'b'));
  EXPECT_EQ(end->errors, "");
}

TEST(FilterProcess, TellsABadEnd) {
  const auto exited = run_filter({"sh", "-c", "cat; echo no >&2; exit 3"}, "x", kTimeout);
  ASSERT_TRUE(exited);
  EXPECT_FALSE(exited->is_good);
  EXPECT_EQ(exited->output, "x");
  EXPECT_EQ(exited->errors, "no\n");
  EXPECT_FALSE(run_filter({"sh", "-c", "kill -9 $$"}, "", kTimeout)->is_good);
}

TEST(FilterProcess, SaysThatThereIsNoSuchProgram) {
  const auto end = run_filter({"no-such-program-anywhere"}, "", kTimeout);
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error(), boost::system::errc::no_such_file_or_directory);
}

TEST(FilterProcess, EndsWhatTakesTooLong) {
  const auto end = run_filter({"sh", "-c", "while :; do :; done"}, "", lab::Duration(1));
  ASSERT_FALSE(end);
  EXPECT_EQ(end.error(), lab::make_error_code(lab::Errc::timeout));
}

}  // namespace
}  // namespace loader
