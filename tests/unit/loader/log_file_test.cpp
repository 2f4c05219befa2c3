#include "loader/command/log_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <iterator>
#include <ostream>
#include <vector>

#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

std::string text_of(const std::string& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

class LogFileTest : public testing::Test {
 protected:
  std::vector<std::string> told_;
  LogFile file_{[this](const std::string& text) { told_.push_back(text); }};
  std::ostream out_{&file_};
};

TEST_F(LogFileTest, GoesOnWhereItEnded) {
  const lab::TemporaryFolder folder;
  const std::string name = folder.write("log", "before\n");
  ASSERT_TRUE(file_.open({"--log-output", name}));
  out_ << "a" << 1 << "\n" << std::flush;
  EXPECT_EQ(text_of(name), "before\na1\n");
  out_ << "b\n";
  file_.close();
  EXPECT_EQ(text_of(name), "before\na1\nb\n");
  EXPECT_EQ(told_, std::vector<std::string>());
}

TEST_F(LogFileTest, CantBeOpenedForAReason) {
  const auto opened = file_.open({"K6_LOG_OUTPUT", "."});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().to_string(), "K6_LOG_OUTPUT: .: can't be written: Is a directory");
  EXPECT_FALSE(file_.is_open());
}

constexpr const char* kFull =
    "--log-output: /dev/full: can't be written: No space left on device; nothing more is written "
    "there";

TEST_F(LogFileTest, IsGivenUpOnce) {
  ASSERT_TRUE(file_.open({"--log-output", "/dev/full"}));
  out_ << "a\n" << std::flush << "b\n" << std::flush;
  // What is meant for it goes nowhere else.
  EXPECT_TRUE(file_.is_open());
  file_.close();
  EXPECT_EQ(told_, std::vector<std::string>{kFull});
}

// The signal for it would end the process, and what else it measures.
TEST_F(LogFileTest, AReaderThatGoesIsAnErrorLikeAnother) {
  const lab::TemporaryFolder folder;
  const std::string pipe = folder.path("pipe");
  ASSERT_EQ(::mkfifo(pipe.c_str(), 0600), 0);
  const int reader = ::open(pipe.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC);
  ASSERT_TRUE(file_.open({"--log-output", pipe}));
  ::close(reader);
  out_ << "a\n" << std::flush;
  file_.close();
  EXPECT_EQ(told_, std::vector<std::string>{"--log-output: " + pipe +
                                            ": can't be written: Broken pipe; nothing more is "
                                            "written there"});
}

TEST_F(LogFileTest, TellsWhatIsLostWhenItIsClosed) {
  ASSERT_TRUE(file_.open({"--log-output", "/dev/full"}));
  out_ << "a\n";
  EXPECT_EQ(told_, std::vector<std::string>());
  file_.close();
  EXPECT_EQ(told_, std::vector<std::string>{kFull});
}

TEST_F(LogFileTest, IsLostUntilItIsOpen) {
  out_ << "a\n" << std::flush;
  file_.close();
  EXPECT_EQ(told_, std::vector<std::string>());
}

}  // namespace
}  // namespace loader
