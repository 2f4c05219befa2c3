// Writing to a file that the system knows by a number, and may not be ready for more.
#pragma once

#include <mutex>
#include <streambuf>
#include <string>
#include <string_view>

namespace loader {

/// Returns the system's error, or 0 once all is written. A pipe or a terminal that is set not to
/// block, as whoever shares it may have done, is waited for: as long as one that blocks.
[[nodiscard]] int write_all(int descriptor, std::string_view bytes);

/// The same where a pipe that nobody reads any more, EPIPE, is to end what is written and not the
/// process.
[[nodiscard]] int write_all_without_signal(int descriptor, std::string_view bytes);

/// A standard stream's buffer by that: to be written by any thread, a call's text in one piece.
class DescriptorBuffer final : public std::streambuf {
 public:
  explicit DescriptorBuffer(int descriptor) : descriptor_(descriptor) {}

 protected:
  int_type overflow(int_type c) override;
  std::streamsize xsputn(const char* text, std::streamsize size) override;
  int sync() override;

 private:
  [[nodiscard]] bool add(std::string_view text);
  [[nodiscard]] bool write_waiting();

  const int descriptor_;
  std::mutex mutex_;
  std::string waiting_;
};

}  // namespace loader
