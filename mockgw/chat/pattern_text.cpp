#include "mockgw/chat/pattern_text.h"

#include <algorithm>
#include <charconv>
#include <vector>

namespace mockgw {
namespace {

constexpr std::size_t kNestingMax = 32;
constexpr std::size_t kRepeatMax = 1'000;
constexpr std::size_t kUnbounded = static_cast<std::size_t>(-1);
constexpr std::size_t kSlackMax = 4'096;
constexpr int kTries = 48;
// Repetitions of nothing, "((){1000}){1000}", must end too.
constexpr std::size_t kPatternStepsMax = 20'000;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kWordBytes =
    "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_";
constexpr std::string_view kSpaces = " \t";
constexpr char kFirstPrintable = ' ';
constexpr char kLastPrintable = '~';

// A part of a pattern.
struct Node {
  enum class Kind { text, any_of, sequence, choice };
  Kind kind = Kind::sequence;
  std::string bytes{};  ///< The text, or the bytes of which one is drawn.
  std::vector<Node> parts{};
  std::size_t min = 1;  ///< Times.
  std::size_t max = 1;
};

std::string without(std::string_view excluded) {
  std::string left;
  for (char c = kFirstPrintable; c <= kLastPrintable; ++c) {
    if (excluded.find(c) == std::string_view::npos) left += c;
  }
  return left;
}

// What "\d" and the like stand for; empty for an escape that is no class.
std::string class_of_escape(char c) {
  switch (c) {
    case 'd':
      return std::string(kDigits);
    case 'D':
      return without(kDigits);
    case 'w':
      return std::string(kWordBytes);
    case 'W':
      return without(kWordBytes);
    case 's':
      return std::string(kSpaces);
    case 'S':
      return without(kSpaces);
    default:
      return {};
  }
}

bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

// Recursive descent; after the first thing that is not understood the rest is not read.
class PatternReader {
 public:
  explicit PatternReader(std::string_view pattern) : pattern_(pattern), rest_(pattern) {}

  [[nodiscard]] std::optional<Node> read() {
    take('^');
    Node node = alternatives(0);
    if (failed_ || !rest_.empty()) return std::nullopt;
    return node;
  }

 private:
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  Node fail() {
    failed_ = true;
    return {};
  }

  Node alternatives(std::size_t level) {
    if (level > kNestingMax) return fail();
    Node node{.kind = Node::Kind::choice};
    node.parts.push_back(sequence(level));
    while (!failed_ && take('|')) node.parts.push_back(sequence(level));
    return node;
  }

  Node sequence(std::size_t level) {
    Node node;
    while (!failed_ && !rest_.empty() && rest_.front() != '|' && rest_.front() != ')') {
      // An end that an alternative or the whole pattern has; elsewhere nothing could follow it.
      if (take('$')) {
        if (!rest_.empty() && rest_.front() != '|' && rest_.front() != ')') return fail();
        continue;
      }
      Node part = atom(level);
      if (!failed_) quantify(part);
      node.parts.push_back(std::move(part));
    }
    return node;
  }

  Node atom(std::size_t level) {
    if (take('(')) return group(level);
    if (take('[')) return set();
    if (take('.')) return {.kind = Node::Kind::any_of, .bytes = std::string(kWordBytes)};
    if (take('\\')) return escape();
    if (take('^')) return is_at_start_of_alternative() ? Node{} : fail();
    if (std::string_view("*+?{}").find(rest_.front()) != std::string_view::npos) return fail();
    return literal();
  }

  // Only directly after "(" or "|", as in "^a|^b".
  [[nodiscard]] bool is_at_start_of_alternative() const {
    const std::size_t place = pattern_.size() - rest_.size() - 1;  // Of the anchor.
    const char before = pattern_[place - 1];
    return before == '|' || before == '(' || before == ':';
  }

  // One character, of several bytes outside of ASCII.
  Node literal() {
    std::size_t size = 1;
    while (!is_ascii(rest_.front()) && size < rest_.size() &&
           (static_cast<unsigned char>(rest_[size]) & 0xC0) == 0x80) {
      ++size;
    }
    Node node{.kind = Node::Kind::text, .bytes = std::string(rest_.substr(0, size))};
    rest_.remove_prefix(size);
    return node;
  }

  Node group(std::size_t level) {
    if (take('?')) {
      const bool is_named =
          rest_.starts_with('<') && !rest_.starts_with("<=") && !rest_.starts_with("<!");
      if (is_named) {
        rest_.remove_prefix(std::min(rest_.find('>'), rest_.size() - 1) + 1);
      } else if (!take(':')) {
        return fail();
      }
    }
    Node node = alternatives(level + 1);
    return take(')') ? node : fail();
  }

  Node escape() {
    const auto byte = escaped_byte();
    if (!byte.empty()) return {.kind = Node::Kind::any_of, .bytes = byte};
    return fail();
  }

  // The bytes that an escape stands for; empty if it stands for something else.
  std::string escaped_byte() {
    if (rest_.empty()) return {};
    const char c = rest_.front();
    rest_.remove_prefix(1);
    std::string bytes = class_of_escape(c);
    if (!bytes.empty()) return bytes;
    if (c == 't') return "\t";
    if (c == 'n') return "\n";
    if (c == 'r') return "\r";
    const bool is_punctuation = kWordBytes.find(c) == std::string_view::npos || c == '_';
    return is_punctuation && is_ascii(c) ? std::string(1, c) : std::string();
  }

  Node set() {
    const bool is_negated = take('^');
    std::string bytes;
    while (!rest_.empty() && rest_.front() != ']') {
      if (!add_to_set(bytes)) return fail();
    }
    if (!take(']')) return fail();
    if (is_negated) bytes = without(bytes);
    if (bytes.empty()) return fail();
    return {.kind = Node::Kind::any_of, .bytes = std::move(bytes)};
  }

  // A byte, a class, or a range up to another byte.
  bool add_to_set(std::string& bytes) {
    std::string low = set_member();
    const bool is_range = low.size() == 1 && rest_.size() > 1 && rest_[0] == '-' && rest_[1] != ']';
    if (!is_range) {
      bytes += low;
      return !low.empty();
    }
    rest_.remove_prefix(1);
    const std::string high = set_member();
    if (high.size() != 1 || high[0] < low[0]) return false;
    // The last one apart: the loop must not count beyond what a char holds.
    for (char c = low[0]; c < high[0]; ++c) bytes += c;
    bytes += high[0];
    return true;
  }

  std::string set_member() {
    if (take('\\')) return escaped_byte();
    if (rest_.empty() || !is_ascii(rest_.front())) return {};
    std::string byte(1, rest_.front());
    rest_.remove_prefix(1);
    return byte;
  }

  void quantify(Node& node) {
    if (take('*')) {
      node.min = 0;
      node.max = kUnbounded;
    } else if (take('+')) {
      node.max = kUnbounded;
    } else if (take('?')) {
      node.min = 0;
    } else if (take('{')) {
      read_counts(node);
    } else {
      return;
    }
    take('?');  // Lazy: finds the same texts.
  }

  void read_counts(Node& node) {
    const auto number = [this](std::size_t& value) {
      const auto read = std::from_chars(rest_.data(), rest_.data() + rest_.size(), value);
      if (read.ec != std::errc()) return false;
      rest_.remove_prefix(static_cast<std::size_t>(read.ptr - rest_.data()));
      return true;
    };
    failed_ = !number(node.min);
    node.max = node.min;
    if (take(',') && !number(node.max)) node.max = kUnbounded;
    failed_ = failed_ || !take('}') || node.min > kRepeatMax || node.max < node.min;
  }

  std::string_view pattern_;
  std::string_view rest_;
  bool failed_ = false;
};

// Draws texts of a pattern, each repetition at most `slack` longer than it must be; where a length
// is asked for, not much less either.
class PatternWriter {
 public:
  PatternWriter(std::size_t slack, TextBounds bounds, lab::Rng& rng)
      : slack_(slack), bounds_(bounds), rng_(rng) {}

  void write(const Node& node, std::string& out) {
    const std::size_t more = std::min(node.max - node.min, slack_);
    const std::size_t least = bounds_.min > 0 ? more - more / 4 : 0;
    const std::size_t times = node.min + least + rng_.below(more - least + 1);
    for (std::size_t i = 0; i < times && out.size() <= bounds_.max && steps_left_ > 0; ++i) {
      --steps_left_;
      write_once(node, out);
    }
  }

  [[nodiscard]] bool gave_up() const { return steps_left_ == 0; }

 private:
  void write_once(const Node& node, std::string& out) {
    switch (node.kind) {
      case Node::Kind::text:
        out += node.bytes;
        return;
      case Node::Kind::any_of:
        out += node.bytes[rng_.below(node.bytes.size())];
        return;
      case Node::Kind::choice:
        write(node.parts[rng_.below(node.parts.size())], out);
        return;
      case Node::Kind::sequence:
        for (const Node& part : node.parts) write(part, out);
        return;
    }
  }

  std::size_t slack_;
  TextBounds bounds_;
  std::size_t steps_left_ = kPatternStepsMax;
  lab::Rng& rng_;
};

// A pattern without an end finds its text in a longer one too.
void lengthen(std::string_view pattern, std::size_t min, std::string& text) {
  const bool has_end = pattern.find('$') != std::string_view::npos;
  if (!has_end && text.size() < min) text.append(min - text.size(), 'x');
}

}  // namespace

std::optional<std::string> text_for_pattern(std::string_view pattern, TextBounds bounds,
                                            lab::Rng& rng) {
  const auto node = PatternReader(pattern).read();
  if (!node) return std::nullopt;
  std::string text;
  std::size_t slack = 3;
  for (int i = 0; i < kTries; ++i) {
    text.clear();
    PatternWriter writer(slack, bounds, rng);
    writer.write(*node, text);
    if (writer.gave_up()) return std::nullopt;
    lengthen(pattern, bounds.min, text);
    if (text.size() >= bounds.min && text.size() <= bounds.max) return text;
    slack = text.size() > bounds.max ? slack * 3 / 4 : std::min(slack * 3 / 2 + 1, kSlackMax);
  }
  return text.size() <= bounds.max ? std::optional(text) : std::nullopt;
}

}  // namespace mockgw
