// What k6 calls the metadata of a sample, as one text: the X-Request-ID of the request that it was
// measured of, empty if there is none, and what a script says by exec.vu.metrics.metadata.
#pragma once

#include <map>
#include <string>
#include <string_view>

namespace loader {

/// Comes before each name and each value that a script says; no header's value has it.
inline constexpr char kMetadataMark = '\0';

/// The part of a script: to be appended to an id. A mark within a name or a value is left out.
[[nodiscard]] inline std::string named_metadata(const std::map<std::string, std::string>& values) {
  std::string text;
  const auto append = [&text](const std::string& part) {
    text += kMetadataMark;
    for (const char c : part) {
      if (c != kMetadataMark) text += c;
    }
  };
  for (const auto& [name, value] : values) {
    append(name);
    append(value);
  }
  return text;
}

/// Calls `take(name, value)` for the id, under the name "request_id", and for what a script says.
template <class Take>
void for_each_metadata(std::string_view text, Take take) {
  const auto next = [&text] {
    const std::string_view part = text.substr(0, text.find(kMetadataMark));
    text.remove_prefix(part.size() + (part.size() < text.size() ? 1 : 0));
    return part;
  };
  const bool has_names = text.find(kMetadataMark) != std::string_view::npos;
  constexpr std::string_view kId = "request_id";
  const std::string_view id = next();
  if (!id.empty()) take(kId, id);
  if (!has_names) return;
  do {
    const std::string_view name = next();
    const std::string_view value = next();
    // What was sent is the id of the request, whatever a script calls so.
    if (id.empty() || name != kId) take(name, value);
  } while (!text.empty());
}

}  // namespace loader
