#include "loader/prompt.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace loader {
namespace {

// Common words, so that a tokenizer needs about one token for each; none needs escaping.
constexpr auto kWords = std::to_array<std::string_view>(
    {"the",    "water",  "of",      "river",  "and",    "house",   "in",     "light",   "to",
     "garden", "a",      "morning", "with",   "people", "from",    "small",  "country", "about",
     "letter", "when",   "old",     "story",  "under",  "stone",   "while",  "music",   "after",
     "winter", "their",  "bridge",  "over",   "green",  "between", "window", "because", "simple",
     "answer", "before", "number",  "market", "many",   "summer",  "great",  "question"});

// About four characters a token is what tokenizers of English average.
constexpr double kCharactersPerToken = 4;
// A distribution's tail must not make a body of gigabytes.
constexpr double kTokensMax = 1'000'000;

void append_synthetic(std::string& out, const SyntheticPrompt& prompt, lab::Rng& rng) {
  const double tokens = std::clamp(std::round(prompt.tokens.sample(rng)), 1.0, kTokensMax);
  const std::size_t end = out.size() + static_cast<std::size_t>(tokens * kCharactersPerToken);
  out.reserve(end);
  while (out.size() < end) {
    const std::string_view word = kWords[rng.below(kWords.size())];
    out.append(word, 0, end - out.size());
    if (out.size() < end) out += ' ';
  }
}

constexpr char kHexDigits[] = "0123456789abcdef";

void append_escaped_character(std::string& out, char c) {
  switch (c) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  const auto byte = static_cast<unsigned char>(c);
  out += "\\u00";
  out += kHexDigits[byte >> 4];
  out += kHexDigits[byte & 0xF];
}

bool needs_escape(char c) { return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\'; }

}  // namespace

void append_prompt(std::string& out, const PromptSource& source, lab::Rng& rng) {
  if (const auto* const list = std::get_if<PromptList>(&source)) {
    out += (**list)[rng.below((*list)->size())];
    return;
  }
  append_synthetic(out, std::get<SyntheticPrompt>(source), rng);
}

void append_json_escaped(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const auto end = std::find_if(text.begin(), text.end(), needs_escape);
    const auto plain = static_cast<std::size_t>(end - text.begin());
    out += text.substr(0, plain);
    if (end == text.end()) return;
    append_escaped_character(out, *end);
    text.remove_prefix(plain + 1);
  }
}

}  // namespace loader
