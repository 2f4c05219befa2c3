// Where a place of a translated text comes from: a source map of one source (Source Map 3).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace loader {

/// As stack traces count: both from 1.
struct TextPosition {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

class SourceMap {
 public:
  /// From a map's "mappings"; none if they are malformed.
  [[nodiscard]] static std::optional<SourceMap> read(std::string_view mappings);
  /// That of a text whose last line is a comment with it, as base64 of JSON; the line is taken off.
  [[nodiscard]] static std::optional<SourceMap> take(std::string& text);

  /// The place of the source that made what is at `position`; none: no one knows.
  [[nodiscard]] std::optional<TextPosition> find(TextPosition position) const;

 private:
  struct Segment {
    TextPosition from;  ///< Here what comes from `to` begins.
    TextPosition to;
  };
  std::vector<Segment> segments_;  ///< Sorted by `from`.
};

/// `text`, with every position in the module `url` ("URL:LINE:COLUMN") as its source has it.
[[nodiscard]] std::string with_source_positions(std::string_view text, std::string_view url,
                                                const SourceMap& map);

}  // namespace loader
