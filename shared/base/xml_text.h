// Text inside XML, and HTML, which escapes alike.
#pragma once

#include <string>
#include <string_view>

namespace lab {

/// What becomes of an apostrophe. Only in a value between apostrophes does it mean anything.
enum class XmlApostrophe { kept, escaped };

/// Text for between tags and for values of attributes. Bytes that XML has no form for, such as most
/// control characters, are the caller's to replace.
[[nodiscard]] std::string xml_escaped(std::string_view text,
                                      XmlApostrophe apostrophe = XmlApostrophe::kept);

}  // namespace lab
