// Compares a text with a file of the project, byte for byte. UPDATE_GOLDEN=1 in the environment
// writes the file anew; read the difference before committing it.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace lab {

/// `path` is the whole one.
inline void expect_golden_file(const std::string& path, const std::string& text) {
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << text;
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path;
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(file), {}), text) << path;
}

}  // namespace lab
