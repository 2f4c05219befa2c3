#include "loader/flow/prompt.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "shared/base/json_text.h"

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

}  // namespace

void append_prompt(std::string& out, const PromptSource& source, lab::Rng& rng) {
  if (const auto* const list = std::get_if<PromptList>(&source)) {
    out += (**list)[rng.below((*list)->size())];
    return;
  }
  append_synthetic(out, std::get<SyntheticPrompt>(source), rng);
}

std::string json_escaped(std::string_view text) {
  std::string quoted;
  lab::append_json_string(quoted, text);
  return quoted.substr(1, quoted.size() - 2);
}

}  // namespace loader
