#include "loader/http/content_coding.h"

#include "shared/runtime/http_message.h"

namespace loader {

std::optional<ContentCoding> content_coding(std::string_view name) {
  const auto is = [name](std::string_view known) { return lab::equals_ignore_case(name, known); };
  if (is("gzip") || is("x-gzip")) return ContentCoding::gzip;
  if (is("deflate")) return ContentCoding::deflate;
  if (is("br")) return ContentCoding::brotli;
  if (is("zstd")) return ContentCoding::zstd;
  return std::nullopt;
}

std::vector<std::string_view> coding_names(std::string_view list) {
  std::vector<std::string_view> names;
  while (!list.empty()) {
    const std::size_t comma = list.find(',');
    std::string_view name = list.substr(0, comma);
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
    while (name.starts_with(' ') || name.starts_with('\t')) name.remove_prefix(1);
    while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
    if (!name.empty()) names.push_back(name);
  }
  return names;
}

}  // namespace loader
