// Reads profiles: ours by name, a user's by path, and a gateway file's own overrides of single
// conditions.
#pragma once

#include <string_view>
#include <vector>

#include "mockgw/profiles/profile.h"

namespace mockgw {

/// A chain of "extends" longer than this is taken for a cycle.
inline constexpr int kProfileExtendsMax = 4;

/// The names of the embedded profiles, sorted.
[[nodiscard]] std::vector<std::string_view> profile_names();

/// A text with a slash, or that ends in ".json", is a file's path; else it is a profile's name.
[[nodiscard]] bool is_profile_path(std::string_view name_or_path);

/// "litellm" is the embedded profile of that name, or it is a file's path (is_profile_path). What
/// such a file extends may be another file's path, from its own folder. The error holds all
/// problems of the file, one a line.
[[nodiscard]] lab::Result<Profile> load_profile(std::string_view name_or_path);

/// A profile from a parsed file; `file` is the name for errors. A profile that extends none must
/// give every condition.
[[nodiscard]] lab::Result<Profile> read_profile(const lab::Json& json, std::string_view file);

}  // namespace mockgw
