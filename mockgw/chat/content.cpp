#include "mockgw/chat/content.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <utility>

#include "mockgw/chat/schema_json.h"
#include "mockgw/chat/text_search.h"
#include "mockgw/chat/tokenizer.h"
#include "mockgw/chat/vocabulary.h"
#include "mockgw/config/answer_fixtures.h"
#include "shared/base/json.h"

namespace mockgw {
namespace {

constexpr std::uint64_t kSentenceWordsMin = 6;
constexpr std::uint64_t kSentenceWordsSpread = 9;
constexpr std::string_view kAccent = "\u00E9";

// A word that is copied as a block, whatever its size: two instructions where that would be a call.
constexpr std::size_t kWordBytesMax = 16;
struct PaddedWord {
  std::array<char, kWordBytesMax + 1> bytes{};  // One more, for a copy from the second on.
  std::uint8_t size = 0;
};
constexpr auto kPaddedWords = [] {
  std::array<PaddedWord, kWords.size()> words;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (kWords[i].size() > kWordBytesMax) throw "A word is longer than a block.";
    std::copy(kWords[i].begin(), kWords[i].end(), words[i].bytes.begin());
    words[i].size = static_cast<std::uint8_t>(kWords[i].size());
  }
  return words;
}();
constexpr std::size_t kTokenRoom = kWordBytesMax + kAccent.size() + 1;  // And its full stop.

// What an object without a schema holds.
constexpr std::string_view kAnyObject = R"({"type":"object","properties":{
  "title":{"type":"string"},"summary":{"type":"string"},"score":{"type":"number","maximum":1,
  "minimum":0},"tags":{"type":"array","items":{"type":"string","maxLength":12}}}})";

// A text that ignores its end would be longer than any limit.
std::uint64_t natural_length(std::uint64_t drawn, const ContentRequest& request) {
  return request.ignores_end ? token_limit(request) + 1 : std::max(drawn, request.min_tokens);
}

// Where stop sequences are looked for: those of the first tokens do not count.
std::size_t stop_offset(const ContentRequest& request, const Completion& completion) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < std::min<std::size_t>(request.min_tokens, completion.tokens()); ++i) {
    bytes += completion.token(i).size();
  }
  return bytes;
}

// Sentences of words: the first word of each in capitals, the last with its full stop.
Completion lorem(const TokensConfig& config, const ContentRequest& request, lab::Rng rng,
                 Completion completion) {
  const double drawn =
      std::clamp(std::round(config.output.sample(rng)), 1.0, static_cast<double>(kAnswerTokensMax));
  const std::uint64_t natural = natural_length(static_cast<std::uint64_t>(drawn), request);
  const std::uint64_t count = std::min(natural, token_limit(request));
  completion.cut_by_length = count < natural;
  // All of the writer's own, so that it is held in registers: the bytes it writes cannot alias it.
  auto write = [rng, natural, accents = request.accents, left = std::uint64_t{0},
                i = std::uint64_t{0}](char* begin) mutable {
    const PaddedWord& word = kPaddedWords[rng() >> 58];
    // An answer does not begin with a space.
    const std::size_t skip = i == 0 ? 1 : 0;
    std::memcpy(begin, word.bytes.data() + skip, kWordBytesMax);
    char* end = begin + word.size - skip;
    if (left == 0) {  // Words of the current sentence.
      char& initial = begin[1 - skip];
      initial = static_cast<char>(initial - 'a' + 'A');
      left = kSentenceWordsMin + rng.below(kSentenceWordsSpread);
    }
    if (accents) end += kAccent.copy(end, kAccent.size());
    if (--left == 0 || i + 1 == natural) *end++ = '.';
    ++i;
    return end;
  };
  completion.add_tokens(count, kTokenRoom, write);
  return completion;
}

Completion cut(std::string_view text, const ContentRequest& request, Completion completion) {
  completion.add_text(text, token_limit(request));
  return completion;
}

// No more of a text is ever sent.
std::size_t bytes_limit(const ContentRequest& request) {
  return static_cast<std::size_t>(token_limit(request) + 1) * kWholeTokenBytesMax;
}

std::string fill_template(std::string_view pattern, const ContentRequest& request) {
  const std::size_t bytes_max = bytes_limit(request);
  const auto names = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"${model}", request.model},
       {"${prompt}", request.prompt},
       {"${request_id}", request.request_id},
       {"${user}", request.user}});
  std::string text;
  while (!pattern.empty() && text.size() < bytes_max) {
    const auto* name = std::find_if(names.begin(), names.end(), [&](const auto& candidate) {
      return pattern.starts_with(candidate.first);
    });
    if (name != names.end()) {
      text += name->second.substr(0, bytes_max);
      pattern.remove_prefix(name->first.size());
    } else {
      text += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return text;
}

// Past all fixtures: the kind that says what is answered.
const ContentConfig& chosen(const ContentConfig& content, const ContentRequest& request) {
  const AnswerFacts facts{.model = request.model,
                          .prompt = request.prompt,
                          .system = request.system,
                          .user = request.user,
                          .last_role = request.last_role};
  const ContentConfig* found = &content;
  while (found->kind == ContentConfig::Kind::fixtures) found = &found->fixtures->choose(facts);
  return *found;
}

// What is said on purpose; empty for lorem.
std::string written_text(const ContentConfig& content, const ContentRequest& request) {
  switch (content.kind) {
    case ContentConfig::Kind::echo:
      return std::string(request.prompt.substr(0, bytes_limit(request)));
    case ContentConfig::Kind::fixed:
      return content.text;
    case ContentConfig::Kind::template_:
      return fill_template(content.text, request);
    case ContentConfig::Kind::lorem:
    case ContentConfig::Kind::fixtures:
      break;
  }
  return {};
}

std::string json_text(const ContentConfig& content, const ContentRequest& request, lab::Rng rng,
                      SchemaBudget& budget) {
  std::string written = written_text(content, request);
  if (lab::Json::accept(written)) return written;
  const lab::Json& schema = *request.json->schema;
  if (schema.is_object()) return value_for_schema(schema, rng, budget).dump();
  return value_for_schema(lab::Json::parse(kAnyObject), rng, budget).dump();
}

Completion write_content(const TokensConfig& config, const ContentRequest& request, lab::Rng rng,
                         Completion completion) {
  const ContentConfig& content = chosen(config.content, request);
  if (request.json) {
    SchemaBudget budget = SchemaBudget::of_tokens(token_limit(request));
    const std::string text = json_text(content, request, rng.child("json"), budget);
    completion.schema_steps = budget.steps;
    completion = cut(text, request, std::move(completion));
    if (budget.is_spent()) completion.cut_by_length = true;
    return completion;
  }
  switch (content.kind) {
    case ContentConfig::Kind::echo:
      return cut(request.prompt, request, std::move(completion));
    case ContentConfig::Kind::fixed:
      return cut(content.text, request, std::move(completion));
    case ContentConfig::Kind::template_:
      return cut(fill_template(content.text, request), request, std::move(completion));
    case ContentConfig::Kind::lorem:
    case ContentConfig::Kind::fixtures:
      break;
  }
  return lorem(config, request, rng, std::move(completion));
}

}  // namespace

std::uint64_t token_limit(const ContentRequest& request) {
  return std::min(request.max_tokens.value_or(kAnswerTokensMax), kAnswerTokensMax);
}

std::uint64_t least_tokens(const ContentRequest& request) {
  const std::uint64_t limit = token_limit(request);
  return request.ignores_end ? limit : std::min(limit, request.min_tokens);
}

void lengthen(const ContentRequest& request, bool is_json, Completion& completion) {
  const std::uint64_t least = least_tokens(request);
  for (std::uint64_t i = completion.tokens(); i < least; ++i) {
    completion.add_token(is_json ? std::string_view("\n") : kWords[i % kWords.size()]);
  }
  if (request.ignores_end) completion.cut_by_length = true;
}

Completion generate_content(const TokensConfig& config, const ContentRequest& request, lab::Rng rng,
                            Completion reuse) {
  reuse.clear();
  Completion completion = write_content(config, request, rng, std::move(reuse));
  lengthen(request, request.json != nullptr, completion);
  if (request.stop.empty()) return completion;
  const std::size_t begin = stop_offset(request, completion);
  std::size_t end = std::string_view::npos;
  for (const std::string& stop : request.stop) {
    if (stop.empty()) continue;
    const std::size_t found = find_text(completion.text().substr(begin), stop);
    if (found != std::string_view::npos) end = std::min(end, begin + found);
  }
  if (end != std::string_view::npos) {
    completion.truncate(end);
    completion.cut_by_length = false;
  }
  return completion;
}

}  // namespace mockgw
