// A file that text is appended to, compressed if its name ends in ".gz"; "-" and "" are the
// standard output.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "shared/base/error.h"

struct gzFile_s;  // zlib's.

namespace loader {

/// True of "-", and of what else is a name of it; opened by those, a file that it leads to would be
/// written over by what is written here.
[[nodiscard]] bool is_standard_output(std::string_view place);

/// Closed when destroyed, without a report; call close() to hear of the last error. Errors name the
/// file and the cause.
class OutputFile {
 public:
  /// Creates the file. One that is there keeps what it has until something is written, or close()
  /// is called: the run may still be refused.
  [[nodiscard]] static lab::Result<OutputFile> open(const std::string& path);
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) = delete;
  ~OutputFile();

  lab::Result<void> write(std::string_view text);
  /// Hands buffered text to the system; compressed files only do so when closed or when a buffer is
  /// full, since each flush costs compression.
  lab::Result<void> flush();
  lab::Result<void> close();
  /// Lets go of a file that can't be written, whose last bytes are lost.
  void give_up() { file_.reset(); }
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_named() const { return is_named_; }  ///< It is not the standard output.

 private:
  struct Close {
    void operator()(gzFile_s* file) const;
  };
  OutputFile(std::string name, bool is_named, bool is_compressed, int descriptor)
      : name_(std::move(name)),
        is_named_(is_named),
        is_compressed_(is_compressed),
        descriptor_(descriptor) {}
  /// Before the first writing.
  lab::Result<void> begin();
  [[nodiscard]] lab::Error last_error() const;

  std::string name_;
  bool is_named_;
  bool is_compressed_;
  int descriptor_;                         ///< Until begin(); then -1.
  std::unique_ptr<gzFile_s, Close> file_;  ///< From then on.
};

}  // namespace loader
