#include "mockgw/profiles/path_from.h"

#include <filesystem>
#include <system_error>

namespace mockgw {

namespace fs = std::filesystem;

std::string path_from(std::string_view file, std::string_view path) {
  const fs::path joined = fs::path(file).parent_path() / fs::path(path);
  std::error_code ec;  // Without a working directory the path stays as it is.
  const fs::path absolute = fs::absolute(joined, ec);
  return (ec ? joined : absolute).lexically_normal().string();
}

}  // namespace mockgw
