#include "shared/base/xml_text.h"

#include <gtest/gtest.h>

namespace lab {
namespace {

TEST(XmlText, EscapesWhatEndsTextOrAValue) {
  struct Row {
    std::string_view text, kept, escaped;
  };
  const Row rows[] = {
      {"", "", ""},
      {"plain \u00e9", "plain \u00e9", "plain \u00e9"},
      {"a<b", "a&lt;b", "a&lt;b"},
      {"]]>", "]]&gt;", "]]&gt;"},
      {"R&D", "R&amp;D", "R&amp;D"},
      {"&amp;", "&amp;amp;", "&amp;amp;"},
      {"say \"hi\"", "say &quot;hi&quot;", "say &quot;hi&quot;"},
      {"it's", "it's", "it&#39;s"},
      {"\"'<&>", "&quot;'&lt;&amp;&gt;", "&quot;&#39;&lt;&amp;&gt;"},
      {"a\tb\n", "a\tb\n", "a\tb\n"},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(xml_escaped(row.text), row.kept);
    EXPECT_EQ(xml_escaped(row.text, XmlApostrophe::escaped), row.escaped);
  }
}

}  // namespace
}  // namespace lab
