#include "shared/base/xml_text.h"

namespace lab {
namespace {

// What stands for a character; empty: it stands for itself.
std::string_view xml_entity(char c, XmlApostrophe apostrophe) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return apostrophe == XmlApostrophe::escaped ? "&#39;" : "";
    default:
      return {};
  }
}

}  // namespace

std::string xml_escaped(std::string_view text, XmlApostrophe apostrophe) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    const std::string_view entity = xml_entity(c, apostrophe);
    if (entity.empty()) {
      out += c;
    } else {
      out += entity;
    }
  }
  return out;
}

}  // namespace lab
