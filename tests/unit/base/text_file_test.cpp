#include "shared/base/text_file.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "shared/base/json_reader.h"
#include "tests/support/temporary_folder.h"

namespace lab {
namespace {

class TextFile : public testing::Test {
 protected:
  [[nodiscard]] std::string path(const std::string& name) const { return own_.path(name); }
  std::string fifo() {
    EXPECT_EQ(::mkfifo(path("fifo").c_str(), 0600), 0);
    return path("fifo");
  }
  // Why the file is refused, whoever named it.
  static std::string refusal(const std::string& file) {
    const Result<std::string> read = read_text_file(file);
    const Result<std::string> argument = read_text_argument(file);
    if (read || argument) return "taken";
    EXPECT_EQ(read.error().to_string(), argument.error().to_string());
    return read.error().what;
  }

 private:
  TemporaryFolder own_;

 protected:
  std::string folder = std::filesystem::path(own_.path("x")).parent_path();
};

TEST_F(TextFile, ARegularFileIsReadWhoeverNamesIt) {
  std::ofstream(path("plain")) << "text";
  std::filesystem::create_symlink(path("plain"), path("link"));
  EXPECT_EQ(read_text_file(path("plain")).value(), "text");
  EXPECT_EQ(read_text_file(path("link")).value(), "text");
  EXPECT_EQ(read_text_argument(path("plain")).value(), "text");
}

TEST_F(TextFile, WhatIsNotRegularIsRefusedWithoutWaiting) {
  EXPECT_EQ(refusal(fifo()), "is a pipe, not a regular file");
  std::filesystem::create_symlink(path("fifo"), path("link"));
  EXPECT_EQ(refusal(path("link")), "is a pipe, not a regular file");
  EXPECT_EQ(refusal(folder), "is a folder, not a regular file");
  EXPECT_EQ(refusal("/dev/zero"), "is a device, not a regular file");
  EXPECT_EQ(refusal("/dev/null"), "is a device, not a regular file");
}

TEST_F(TextFile, ASocketIsRefused) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  ASSERT_LT(path("s").size(), sizeof address.sun_path);
  std::strcpy(address.sun_path, path("s").c_str());
  const int server = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ASSERT_EQ(::bind(server, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(refusal(path("s")), "is a socket or a device, not a regular file");
  ::close(server);
}

TEST_F(TextFile, AFifoThatSomebodyWritesIsRefusedToo) {
  const std::string name = fifo();
  const int writer = ::open(name.c_str(), O_RDWR | O_CLOEXEC);
  ASSERT_GE(writer, 0);
  EXPECT_EQ(refusal(name), "is a pipe, not a regular file");
  ::close(writer);
}

// What `loader run <(…)` gives; a configuration cannot mean it.
TEST_F(TextFile, APipeOfTheShellsIsReadForTheCommandLineOnly) {
  std::array<int, 2> ends{};
  ASSERT_EQ(::pipe(ends.data()), 0);
  ASSERT_EQ(::write(ends[1], "text", 4), 4);
  ::close(ends[1]);
  for (const char* folder_of_descriptors : {"/dev/fd/", "/proc/self/fd/"}) {
    const Result<std::string> read =
        read_text_file(folder_of_descriptors + std::to_string(ends[0]));
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().what, "is a pipe, not a regular file");
  }
  EXPECT_EQ(read_text_argument("/dev/fd/" + std::to_string(ends[0])).value(), "text");
  ::close(ends[0]);
}

}  // namespace
}  // namespace lab
