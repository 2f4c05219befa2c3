// Run files on disk: compressed where their names end in ".gz", and never there by half.
#pragma once

#include <string>
#include <string_view>

#include "loader/merge/run_file.h"
#include "shared/base/error.h"

namespace loader {

/// The text of a file, which may be compressed, whatever it is called. The Error says why there is
/// none: not there, no gzip file though it begins like one, cut short, more than 64 MiB.
[[nodiscard]] lab::Result<std::string> read_maybe_compressed(const std::string& path);
/// A run file.
[[nodiscard]] boost::system::result<RunFile, BadRunFile> load_run_file(const std::string& path);

/// Writes beside the place first and puts it there whole, so that whoever waits for the file never
/// reads a part of it. "-" is standard output; what is no regular file is written to as it is.
[[nodiscard]] lab::Result<void> store_run_file(const std::string& place, std::string_view text);

}  // namespace loader
