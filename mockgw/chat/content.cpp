#include "mockgw/chat/content.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>

#include "mockgw/chat/tokenizer.h"

namespace mockgw {
namespace {

// With the leading space, as most tokens of real vocabularies have one. A power of two, so that one
// draw is one word.
constexpr auto kWords = std::to_array<std::string_view>({
    " lorem",      " ipsum",     " dolor",     " sit",       " amet",    " consectetur",
    " adipiscing", " elit",      " sed",       " do",        " eiusmod", " tempor",
    " incididunt", " ut",        " labore",    " et",        " dolore",  " magna",
    " aliqua",     " enim",      " ad",        " minim",     " veniam",  " quis",
    " nostrud",    " ullamco",   " laboris",   " nisi",      " aliquip", " ex",
    " ea",         " commodo",   " consequat", " duis",      " aute",    " irure",
    " in",         " voluptate", " velit",     " esse",      " cillum",  " eu",
    " fugiat",     " nulla",     " pariatur",  " excepteur", " sint",    " occaecat",
    " cupidatat",  " non",       " proident",  " sunt",      " culpa",   " qui",
    " officia",    " deserunt",  " mollit",    " anim",      " id",      " est",
    " laborum",    " at",        " vero",      " eos",
});
static_assert(kWords.size() == 64);

constexpr std::uint64_t kSentenceWordsMin = 6;
constexpr std::uint64_t kSentenceWordsSpread = 9;
constexpr std::size_t kWordBytesMax = 16;
constexpr std::string_view kAccent = "\u00E9";

std::uint64_t token_limit(const ContentRequest& request) {
  return std::min(request.max_tokens.value_or(kAnswerTokensMax), kAnswerTokensMax);
}

// Sentences of words: the first word of each in capitals, the last with its full stop.
Completion lorem(const TokensConfig& config, const ContentRequest& request, lab::Rng rng,
                 Completion completion) {
  const double drawn =
      std::clamp(std::round(config.output.sample(rng)), 1.0, static_cast<double>(kAnswerTokensMax));
  const auto natural = static_cast<std::uint64_t>(drawn);
  const std::uint64_t count = std::min(natural, token_limit(request));
  completion.cut_by_length = count < natural;
  std::array<char, kWordBytesMax> word;
  std::uint64_t left = 0;  // Words of the current sentence.
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::string_view plain = kWords[rng() >> 58];
    std::size_t size = plain.copy(word.data(), word.size());
    if (left == 0) {
      word[1] = static_cast<char>(word[1] - 'a' + 'A');
      left = kSentenceWordsMin + rng.below(kSentenceWordsSpread);
    }
    if (request.accents) size += kAccent.copy(word.data() + size, word.size() - size);
    if (--left == 0 || i + 1 == natural) word[size++] = '.';
    const std::size_t skip = i == 0 ? 1 : 0;  // An answer does not begin with a space.
    completion.add_token({word.data() + skip, size - skip});
  }
  return completion;
}

Completion cut(std::string_view text, const ContentRequest& request, Completion completion) {
  for (std::uint64_t left = token_limit(request); !text.empty(); --left) {
    if (left == 0) {
      completion.cut_by_length = true;
      break;
    }
    const std::size_t size = token_size(text);
    completion.add_token(text.substr(0, size));
    text.remove_prefix(size);
  }
  return completion;
}

std::string fill_template(std::string_view pattern, const ContentRequest& request) {
  const auto names = std::to_array<std::pair<std::string_view, std::string_view>>(
      {{"${model}", request.model},
       {"${prompt}", request.prompt},
       {"${request_id}", request.request_id},
       {"${user}", request.user}});
  std::string text;
  while (!pattern.empty()) {
    const auto* name = std::find_if(names.begin(), names.end(), [&](const auto& candidate) {
      return pattern.starts_with(candidate.first);
    });
    if (name != names.end()) {
      text += name->second;
      pattern.remove_prefix(name->first.size());
    } else {
      text += pattern.front();
      pattern.remove_prefix(1);
    }
  }
  return text;
}

Completion write_content(const TokensConfig& config, const ContentRequest& request, lab::Rng rng,
                         Completion completion) {
  switch (config.content.kind) {
    case ContentConfig::Kind::lorem:
      return lorem(config, request, rng, std::move(completion));
    case ContentConfig::Kind::echo:
      return cut(request.prompt, request, std::move(completion));
    case ContentConfig::Kind::fixed:
      return cut(config.content.text, request, std::move(completion));
    case ContentConfig::Kind::template_:
      return cut(fill_template(config.content.text, request), request, std::move(completion));
  }
  return completion;
}

}  // namespace

void Completion::clear() {
  text_.clear();
  ends_.clear();
  cut_by_length = false;
}

void Completion::truncate(std::size_t size) {
  text_.resize(size);
  while (ends_.size() > 1 && ends_[ends_.size() - 2] >= size) ends_.pop_back();
  if (size == 0) ends_.clear();
  if (!ends_.empty()) ends_.back() = static_cast<std::uint32_t>(size);
}

std::string_view Completion::token(std::size_t i) const {
  assert(i < ends_.size());
  const std::size_t begin = i == 0 ? 0 : ends_[i - 1];
  return std::string_view(text_).substr(begin, ends_[i] - begin);
}

Completion generate_content(const TokensConfig& config, const ContentRequest& request, lab::Rng rng,
                            Completion reuse) {
  reuse.clear();
  Completion completion = write_content(config, request, rng, std::move(reuse));
  std::size_t end = std::string_view::npos;
  for (const std::string& stop : request.stop) {
    if (!stop.empty()) end = std::min(end, completion.text().find(stop));
  }
  if (end != std::string_view::npos) {
    completion.truncate(end);
    completion.cut_by_length = false;
  }
  return completion;
}

}  // namespace mockgw
