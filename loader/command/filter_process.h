// A program that is run as a filter: a text in, a text out.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/base/error.h"
#include "shared/base/time.h"

namespace loader {

struct FilterEnd {
  bool is_good = false;  ///< It has ended with 0.
  std::string output;
  std::string errors;
};

/// Runs the program `words[0]` of PATH with the other words, `input` being its standard input, and
/// waits for it to end; at the timeout it is killed. Fails with no_such_file_or_directory if there
/// is no such program, and with Errc::timeout.
[[nodiscard]] lab::IoResult<FilterEnd> run_filter(const std::vector<std::string>& words,
                                                  std::string_view input, lab::Duration timeout);

}  // namespace loader
