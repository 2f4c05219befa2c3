// Prompts: fixed, one of a list (JSON array, JSONL, CSV), or synthesised to a token length.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/base/distribution.h"
#include "shared/base/error.h"
#include "shared/base/rng.h"

namespace loader {

/// Texts as the inside of JSON strings (escaped, without quotes), so that building a body only
/// copies them. Shared, read-only, by all virtual users of the run.
using PromptList = std::shared_ptr<const std::vector<std::string>>;

/// A prompt of plain English words made up for each request: as many tokens as drawn, at the four
/// characters a token that tokenizers average on English.
struct SyntheticPrompt {
  lab::Distribution tokens;
};

using PromptSource = std::variant<PromptList, SyntheticPrompt>;

/// Appends one prompt, escaped for the inside of a JSON string.
void append_prompt(std::string& out, const PromptSource& source, lab::Rng& rng);

/// The texts of a prompt file, by its extension: .jsonl (a string, or an object with "prompt",
/// "text" or "question" a line), .csv (the column of such a name in any case, with ",", ";" or tabs
/// between; without a header of that kind the first; RFC 4180), else a JSON array of strings or
/// such objects. At least one text. `file` is for errors.
[[nodiscard]] lab::Result<std::vector<std::string>> parse_prompts(std::string_view text,
                                                                  const std::string& file);

/// Finds and reads a prompt file: below `folder` if given (the suite file's), else, or if there is
/// none, embedded.
[[nodiscard]] lab::Result<std::vector<std::string>> load_prompts(
    const std::string& path, const std::optional<std::string>& folder);

/// `text` escaped for the inside of a JSON string.
[[nodiscard]] std::string json_escaped(std::string_view text);

}  // namespace loader
