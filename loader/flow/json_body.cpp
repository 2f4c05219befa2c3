#include "loader/flow/json_body.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <memory>
#include <utility>

#include "shared/base/json_builder.h"
#include "shared/protocol/json_events.h"

namespace loader {
namespace {

using Token = JsonPointers::Token;
using Findings = std::vector<std::optional<JsonFinding>>;

constexpr std::size_t kDepthMax = 64;

// RFC 6901, 4: ~1 stands for '/', ~0 for '~'; digits are an index unless they begin with a 0 that
// is not all.
Token token_of(std::string_view text) {
  Token token;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool is_escape = text[i] == '~' && i + 1 < text.size();
    if (is_escape && text[i + 1] == '1') {
      token.name += '/';
      ++i;
    } else if (is_escape && text[i + 1] == '0') {
      token.name += '~';
      ++i;
    } else {
      token.name += text[i];
    }
  }
  std::uint64_t index = 0;
  const char* const end = text.data() + text.size();
  const auto [read, ec] = std::from_chars(text.data(), end, index);
  const bool is_padded = text.size() > 1 && text.front() == '0';
  if (ec == std::errc() && read == end && !is_padded) token.index = index;
  return token;
}

// Follows all pointers at once. For each it knows how many tokens lead to where the parser is.
class PointerReader {
 public:
  PointerReader(const std::vector<JsonPointers::Entry>& asked, Findings& findings)
      : asked_(asked), findings_(findings), matched_(asked.size(), 0) {}

  void begin_object() { begin(lab::Json::object()); }
  void begin_array() { begin(lab::Json::array()); }
  void end_object() { end(); }
  void end_array() { end(); }
  void key(std::string_view name) {
    for (const auto& capture : captures_) capture->builder.key(std::string(name));
    match([name](const Token& token) { return token.name == name; });
  }
  void string(std::string_view text) {
    scalar({.is_empty = text.empty(), .integer = {}, .value = {}},
           [text] { return lab::Json(std::string(text)); });
  }
  void integer(std::int64_t value) {
    scalar({.is_empty = false, .integer = value, .value = {}},
           [value] { return lab::Json(value); });
  }
  void real(double value) {
    scalar({}, [value] { return lab::Json(value); });
  }
  void boolean(bool value) {
    scalar({}, [value] { return lab::Json(value); });
  }
  void null() {
    scalar({.is_empty = true, .integer = {}, .value = {}}, [] { return lab::Json(); });
  }

 private:
  struct Container {
    bool is_array = false;
    std::uint64_t size = 0;
  };
  struct Capture {
    std::size_t pointer = 0;
    lab::JsonBuilder builder{};
  };

  // `is_next` says whether a token leads to the member or element that comes now.
  template <class IsNext>
  void match(IsNext is_next) {
    is_on_a_path_ = false;
    for (std::size_t i = 0; i < matched_.size(); ++i) {
      if (matched_[i] + 1 < depth_) continue;
      const std::vector<Token>& tokens = asked_[i].tokens;
      const bool leads_on = tokens.size() >= depth_ && is_next(tokens[depth_ - 1]);
      matched_[i] = leads_on ? depth_ : depth_ - 1;
      is_on_a_path_ = is_on_a_path_ || leads_on;
    }
  }

  // A value comes. What pointers found in one of the same name before no longer counts.
  void arrive() {
    if (depth_ > 0) {
      Container& parent = containers_[depth_ - 1];
      const std::uint64_t index = parent.size++;
      if (parent.is_array) match([index](const Token& token) { return token.index == index; });
    }
    if (!is_on_a_path_) return;
    for (std::size_t i = 0; i < matched_.size(); ++i) {
      if (matched_[i] == depth_) findings_[i].reset();
    }
  }

  // Calls `act` with each pointer that leads to where the parser is.
  template <class Act>
  void for_each_here(Act act) {
    if (!is_on_a_path_) return;
    for (std::size_t i = 0; i < matched_.size(); ++i) {
      if (matched_[i] == depth_ && asked_[i].tokens.size() == depth_) act(i);
    }
  }

  template <class MakeValue>
  void scalar(JsonFinding finding, MakeValue make_value) {
    arrive();
    for (const auto& capture : captures_) capture->builder.value(make_value());
    for_each_here([&](std::size_t i) {
      if (asked_[i].keeps_value) finding.value = make_value();
      findings_[i] = finding;
    });
  }

  void begin(lab::Json empty) {
    arrive();
    for_each_here([&](std::size_t i) {
      findings_[i] = JsonFinding{.is_empty = true, .integer = {}, .value = {}};
      if (!asked_[i].keeps_value) return;
      captures_.push_back(std::make_unique<Capture>());
      captures_.back()->pointer = i;
    });
    for (const auto& capture : captures_) {
      empty.is_array() ? capture->builder.begin_array() : capture->builder.begin_object();
    }
    containers_[depth_++] = {.is_array = empty.is_array(), .size = 0};
  }

  void end() {
    const bool was_empty = containers_[--depth_].size == 0;
    std::erase_if(captures_, [this](const std::unique_ptr<Capture>& capture) {
      capture->builder.end();
      if (!capture->builder.is_complete()) return false;
      findings_[capture->pointer]->value = capture->builder.take();
      return true;
    });
    if (was_empty) return;
    is_on_a_path_ = true;  // Of the container that ends: its members have changed it.
    for_each_here([this](std::size_t i) { findings_[i]->is_empty = false; });
  }

  const std::vector<JsonPointers::Entry>& asked_;
  Findings& findings_;
  std::vector<std::size_t> matched_;
  bool is_on_a_path_ = true;  // Whether a pointer leads to the value that comes, or through it.
  std::array<Container, kDepthMax + 1> containers_{};
  std::size_t depth_ = 0;
  std::vector<std::unique_ptr<Capture>> captures_;
};

}  // namespace

void JsonPointers::add(std::string_view pointer, bool keeps_value) {
  assert(pointer.empty() || pointer.front() == '/');
  const auto known = std::ranges::find(entries_, pointer, &Entry::text);
  if (known != entries_.end()) {
    known->keeps_value = known->keeps_value || keeps_value;
    return;
  }
  Entry entry{.text = std::string(pointer), .tokens = {}, .keeps_value = keeps_value};
  for (std::string_view rest = pointer; !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view token = rest.substr(0, rest.find('/'));
    entry.tokens.push_back(token_of(token));
    rest.remove_prefix(token.size());
  }
  entries_.push_back(std::move(entry));
}

bool JsonBody::is_json() {
  if (state_ == State::unread) read();
  return state_ == State::json;
}

const JsonFinding* JsonBody::find(std::string_view pointer) {
  if (!is_json()) return nullptr;
  const auto& entries = asked_.entries();
  const auto entry = std::ranges::find(entries, pointer, &JsonPointers::Entry::text);
  assert(entry != entries.end());
  const auto& finding = findings_[static_cast<std::size_t>(entry - entries.begin())];
  return finding ? &*finding : nullptr;
}

bool JsonBody::has(std::string_view pointer) {
  const JsonFinding* const finding = find(pointer);
  return finding != nullptr && !finding->is_empty;
}

void JsonBody::read() {
  findings_.resize(asked_.entries().size());
  PointerReader reader(asked_.entries(), findings_);
  state_ = lab::read_json(text_, kDepthMax, reader).ok ? State::json : State::other;
}

}  // namespace loader
