#include "loader/merge/foreign_text.h"

#include <algorithm>
#include <array>

namespace loader {
namespace {

struct Beginning {
  std::string_view text;
  std::string_view kind;
};
// Behind spaces, in any case.
constexpr std::array kBeginnings{
    Beginning{R"({"type":"metric",)", "a file of samples, as --out json writes them"},
    Beginning{R"({"metric":")", "a file of samples, as --out json writes them"},
    Beginning{"metric_name,timestamp,", "a file of samples, as --out csv writes them"},
    Beginning{"<!doctype html", "a page, as --html writes it"},
    Beginning{"<html", "a page, as --html writes it"},
    Beginning{"<?xml", "XML, as --junit writes it"},
    Beginning{"pk\x03\x04", "a ZIP archive, whose files are to be unpacked first"},
    Beginning{"\x28\xb5\x2f\xfd", "compressed by zstd, and gzip is what is read"},
    Beginning{"bzh", "compressed by bzip2, and gzip is what is read"},
    Beginning{"\xfd"
              "7zxz",
              "compressed by xz, and gzip is what is read"},
};

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

bool begins_with(std::string_view text, std::string_view beginning) {
  return text.size() >= beginning.size() &&
         std::ranges::equal(text.substr(0, beginning.size()), beginning,
                            [](char a, char b) { return lower(a) == b; });
}

}  // namespace

std::string foreign_kind(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
  const std::string_view first_line = text.substr(0, text.find('\n'));
  if (first_line.find("\"start_ms\":") != first_line.npos &&
      first_line.find("\"outcome\":") != first_line.npos) {
    return "a file of requests, as --samples writes them, which loader compare reads";
  }
  const auto found = std::ranges::find_if(
      kBeginnings, [text](const Beginning& each) { return begins_with(text, each.text); });
  return found == kBeginnings.end() ? std::string() : std::string(found->kind);
}

}  // namespace loader
