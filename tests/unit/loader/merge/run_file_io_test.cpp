#include "loader/merge/run_file_io.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/support/temporary_folder.h"

namespace loader {
namespace {

std::string bytes_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(RunFileIo, IsReadAsItWasWritten) {
  const lab::TemporaryFolder folder;
  const std::string text(200'000, 'x');
  for (const char* const name : {"plain.json", "small.json.gz"}) {
    ASSERT_TRUE(store_run_file(folder.path(name), text));
    EXPECT_EQ(read_maybe_compressed(folder.path(name)).value(), text);
  }
  EXPECT_LT(bytes_of(folder.path("small.json.gz")).size(), 2'000u);
  // Nothing is left beside them.
  const std::filesystem::directory_iterator files(folder.path(""));
  EXPECT_EQ(std::distance(begin(files), end(files)), 2);
}

TEST(RunFileIo, ReplacesWhatIsThere) {
  const lab::TemporaryFolder folder;
  const std::string path = folder.write("run.json", "of an earlier run");
  ASSERT_TRUE(store_run_file(path, "new"));
  EXPECT_EQ(bytes_of(path), "new");
}

TEST(RunFileIo, WhatIsCutShortOrBrokenIsSaidToBe) {
  const lab::TemporaryFolder folder;
  ASSERT_TRUE(store_run_file(folder.path("whole.gz"), std::string(5'000, 'a') + "bc"));
  const std::string whole = bytes_of(folder.path("whole.gz"));
  const auto refused = [&](const std::string& bytes) {
    return read_maybe_compressed(folder.write("bad.gz", bytes)).error().what;
  };
  for (const std::size_t size : {whole.size() / 2, std::size_t{2}}) {
    EXPECT_EQ(refused(whole.substr(0, size)),
              "is a gzip file that is cut short: its compression has no end");
  }
  std::string wrong = whole;
  wrong[wrong.size() - 6] ^= 1;  // Of the checksum.
  EXPECT_EQ(refused(wrong),
            "looks like a gzip file and is broken: incorrect data check; a result is JSON, "
            "compressed by gzip or not");
  EXPECT_TRUE(refused("\x1f\x8bxxxxxxxx").starts_with("looks like a gzip file and is broken: "));
}

TEST(RunFileIo, WhatIsTooLargeIsNotUnpackedToItsEnd) {
  const lab::TemporaryFolder folder;
  ASSERT_TRUE(store_run_file(folder.path("bomb.gz"), std::string(std::size_t{65} << 20, ' ')));
  EXPECT_EQ(read_maybe_compressed(folder.path("bomb.gz")).error().what,
            "is larger than 64 MiB, decompressed");
}

TEST(RunFileIo, AMissingFileAndAFolderAreNamed) {
  const lab::TemporaryFolder folder;
  EXPECT_EQ(load_run_file(folder.path("none")).error().where, folder.path("none"));
  EXPECT_FALSE(store_run_file(folder.path("no/such/folder.json"), ""));
}

}  // namespace
}  // namespace loader
