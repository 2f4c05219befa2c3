// A file that text is appended to, compressed if its name ends in ".gz"; "-" and "" are the
// standard output.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "shared/base/error.h"

struct gzFile_s;  // zlib's.

namespace loader {

/// Closed when destroyed, without a report; call close() to hear of the last error. Errors name the
/// file and the cause.
class OutputFile {
 public:
  /// Creates or truncates the file.
  [[nodiscard]] static lab::Result<OutputFile> open(const std::string& path);

  lab::Result<void> write(std::string_view text);
  /// Hands buffered text to the system; compressed files only do so when closed or when a buffer is
  /// full, since each flush costs compression.
  lab::Result<void> flush();
  lab::Result<void> close();
  [[nodiscard]] const std::string& name() const { return name_; }

 private:
  struct Close {
    void operator()(gzFile_s* file) const;
  };
  OutputFile(std::string name, bool is_compressed, gzFile_s* file)
      : name_(std::move(name)), is_compressed_(is_compressed), file_(file) {}
  [[nodiscard]] lab::Error last_error() const;

  std::string name_;
  bool is_compressed_;
  std::unique_ptr<gzFile_s, Close> file_;
};

}  // namespace loader
