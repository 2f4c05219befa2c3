// A file that text is appended to, compressed if its name ends in ".gz"; "-" and "" are the
// standard output.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "shared/base/error.h"

namespace loader {

/// True of "-", and of what else is a name of it; opened by those, a file that it leads to would be
/// written over by what is written here.
[[nodiscard]] bool is_standard_output(std::string_view place);

/// Closed when destroyed, without a report; call close() to hear of the last error. Errors name the
/// file and the cause.
class OutputFile {
 public:
  /// Takes a sentence for people.
  using Tell = std::function<void(const std::string& text)>;

  /// Creates the file. One that is there keeps what it has until something is written, or close()
  /// is called: the run may still be refused. A pipe with a name is waited for until somebody reads
  /// it, which `tell` is told of after a second.
  [[nodiscard]] static lab::Result<OutputFile> open(const std::string& path, const Tell& tell = {});
  OutputFile(OutputFile&& other) noexcept;
  OutputFile& operator=(OutputFile&& other) = delete;
  ~OutputFile();

  lab::Result<void> write(std::string_view text);
  /// Hands buffered text to the system; compressed files only do so when closed or when a buffer is
  /// full, since each flush costs compression.
  lab::Result<void> flush();
  lab::Result<void> close();
  /// Lets go of a file that can't be written, whose last bytes are lost.
  void give_up();
  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] bool is_named() const { return is_named_; }  ///< It is not the standard output.

 private:
  struct Compression;
  OutputFile(std::string name, bool is_named, int descriptor,
             std::unique_ptr<Compression> compression);
  /// Before the first writing.
  void begin();
  [[nodiscard]] lab::Result<void> write_plain(std::string_view text);
  [[nodiscard]] lab::Result<void> write_waiting();
  [[nodiscard]] lab::Result<void> write_out(std::string_view bytes);

  std::string name_;
  bool is_named_;
  bool has_begun_ = false;
  int descriptor_;                            ///< -1: closed, or moved from.
  std::unique_ptr<Compression> compression_;  ///< Null: none.
  std::string waiting_;                       ///< To be written.
};

}  // namespace loader
