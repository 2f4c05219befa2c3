#include "loader/flow/json_body.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <charconv>
#include <memory>
#include <utility>

#include "shared/base/json.h"
#include "shared/base/json_builder.h"
#include "shared/protocol/json_events.h"

namespace loader {
namespace {

using Node = JsonPointers::Node;
using Findings = std::vector<std::optional<JsonFinding>>;

constexpr std::size_t kDepthMax = lab::ChatChunkReader::kDepthMax;

// RFC 6901, 4: ~1 stands for '/', ~0 for '~'; digits are an index unless they begin with a 0 that
// is not all.
Node node_of(std::string_view token) {
  Node node;
  for (std::size_t i = 0; i < token.size(); ++i) {
    const bool is_escape = token[i] == '~' && i + 1 < token.size();
    if (is_escape && token[i + 1] == '1') {
      node.name += '/';
      ++i;
    } else if (is_escape && token[i + 1] == '0') {
      node.name += '~';
      ++i;
    } else {
      node.name += token[i];
    }
  }
  std::uint64_t index = 0;
  const char* const end = token.data() + token.size();
  const auto [read, ec] = std::from_chars(token.data(), end, index);
  const bool is_padded = token.size() > 1 && token.front() == '0';
  if (ec == std::errc() && read == end && !is_padded) node.index = index;
  return node;
}

// Names of different sizes may share a bit.
unsigned size_bit(std::string_view name) { return static_cast<unsigned>(name.size() % 64); }

// Follows all pointers at once. Most of a body lies off their paths, and costs next to nothing.
class PointerReader {
 public:
  PointerReader(const JsonPointers& asked, Findings& findings)
      : nodes_(asked.nodes()),
        pointers_(asked.pointers()),
        findings_(findings),
        next_(nodes_.data()) {}

  void begin_object() { begin(false); }
  void begin_array() { begin(true); }
  void end_object() { end(); }
  void end_array() { end(); }
  void key(std::string_view name) {
    for (const auto& capture : captures_) capture->builder.key(std::string(name));
    const Node* const parent = open_[depth_ - 1].node;
    if (parent == nullptr) return;
    next_ = nullptr;
    if ((parent->child_sizes >> size_bit(name) & 1) == 0) return;
    next_ = find_child(*parent, [name](const Node& child) { return child.name == name; });
  }
  void string(std::string_view text) {
    scalar(text.empty(), [text] { return lab::Json(std::string(text)); });
  }
  void integer(std::int64_t value) {
    scalar(false, [value] { return lab::Json(value); });
  }
  void real(double value) {
    scalar(false, [value] { return lab::Json(value); });
  }
  void boolean(bool value) {
    scalar(false, [value] { return lab::Json(value); });
  }
  void null() {
    scalar(true, [] { return lab::Json(); });
  }

 private:
  // Without values of its own: those that are open are few, and the room is for many.
  struct Container {
    const Node* node;  // Null off the paths.
    bool is_array;
    std::uint64_t size;
  };
  struct Capture {
    std::uint32_t pointer = 0;
    lab::JsonBuilder builder{};
  };

  template <class IsIt>
  const Node* find_child(const Node& parent, IsIt is_it) const {
    for (const std::uint32_t child : parent.children) {
      if (is_it(nodes_[child])) return &nodes_[child];
    }
    return nullptr;
  }

  // The node of the value that comes; null off the paths.
  const Node* arrive() {
    if (depth_ > 0) {
      Container& parent = open_[depth_ - 1];
      if (parent.node == nullptr) return nullptr;
      const std::uint64_t index = parent.size++;
      if (parent.is_array) {
        next_ =
            find_child(*parent.node, [index](const Node& child) { return child.index == index; });
      }
    }
    if (next_ == nullptr) return nullptr;
    // Only of the first nodes it is known whether they were met: there are hardly ever more.
    const auto place = static_cast<std::size_t>(next_ - nodes_.data());
    const std::uint64_t bit = place < 64 ? std::uint64_t{1} << place : 0;
    if (bit == 0 || (met_ & bit) != 0) forget(*next_);
    met_ |= bit;
    return next_;
  }

  // What was found in a member of the same name before no longer counts.
  void forget(const Node& node) {
    if (node.pointer) findings_[*node.pointer].reset();
    for (const std::uint32_t child : node.children) forget(nodes_[child]);
  }

  template <class MakeValue>
  void scalar(bool is_empty, MakeValue make_value) {
    const Node* const node = arrive();
    for (const auto& capture : captures_) capture->builder.value(make_value());
    if (node == nullptr || !node->pointer) return;
    JsonFinding& finding = findings_[*node->pointer].emplace();
    finding.is_empty = is_empty;
    if (pointers_[*node->pointer].keeps_value) finding.value = make_value();
  }

  void begin(bool is_array) {
    const Node* const node = arrive();
    if (node != nullptr && node->pointer) {
      findings_[*node->pointer].emplace();
      if (pointers_[*node->pointer].keeps_value) {
        captures_.push_back(std::make_unique<Capture>());
        captures_.back()->pointer = *node->pointer;
      }
    }
    for (const auto& capture : captures_) {
      is_array ? capture->builder.begin_array() : capture->builder.begin_object();
    }
    open_[depth_++] = {.node = node, .is_array = is_array, .size = 0};
  }

  void end() {
    const Container& ended = open_[--depth_];
    if (ended.node != nullptr && ended.node->pointer) {
      findings_[*ended.node->pointer]->is_empty = ended.size == 0;
    }
    if (captures_.empty()) return;
    std::erase_if(captures_, [this](const std::unique_ptr<Capture>& capture) {
      capture->builder.end();
      if (!capture->builder.is_complete()) return false;
      findings_[capture->pointer]->value = capture->builder.take();
      return true;
    });
  }

  const std::vector<Node>& nodes_;
  const std::vector<JsonPointers::Pointer>& pointers_;
  Findings& findings_;
  const Node* next_;       // Of the value that comes.
  std::uint64_t met_ = 0;  // A bit for each of the first nodes.
  std::array<Container, kDepthMax + 1> open_;
  std::size_t depth_ = 0;
  std::vector<std::unique_ptr<Capture>> captures_;
};

// Parsing is most of what an answer costs: both in one pass.
class BothReaders {
 public:
  BothReaders(PointerReader& pointers, lab::ChatChunkReader& answer)
      : pointers_(pointers), answer_(answer) {}

  void begin_object() {
    pointers_.begin_object();
    answer_.begin_object();
  }
  void begin_array() {
    pointers_.begin_array();
    answer_.begin_array();
  }
  void end_object() {
    pointers_.end_object();
    answer_.end_object();
  }
  void end_array() {
    pointers_.end_array();
    answer_.end_array();
  }
  void key(std::string_view name) {
    pointers_.key(name);
    answer_.key(name);
  }
  void string(std::string_view text) {
    pointers_.string(text);
    answer_.string(text);
  }
  void integer(std::int64_t value) {
    pointers_.integer(value);
    answer_.integer(value);
  }
  void real(double value) {
    pointers_.real(value);
    answer_.real(value);
  }
  void boolean(bool value) {
    pointers_.boolean(value);
    answer_.boolean(value);
  }
  void null() {
    pointers_.null();
    answer_.null();
  }

 private:
  PointerReader& pointers_;
  lab::ChatChunkReader& answer_;
};

}  // namespace

void JsonPointers::add(std::string_view pointer, bool keeps_value) {
  assert(pointer.empty() || pointer.front() == '/');
  std::uint32_t node = 0;
  for (std::string_view rest = pointer; !rest.empty();) {
    rest.remove_prefix(1);
    const std::string_view token = rest.substr(0, rest.find('/'));
    node = child(node, node_of(token));
    rest.remove_prefix(token.size());
  }
  if (!nodes_[node].pointer) {
    nodes_[node].pointer = static_cast<std::uint32_t>(pointers_.size());
    pointers_.push_back({std::string(pointer)});
  }
  Pointer& added = pointers_[*nodes_[node].pointer];
  added.keeps_value = added.keeps_value || keeps_value;
}

std::uint32_t JsonPointers::child(std::uint32_t parent, Node node) {
  for (const std::uint32_t known : nodes_[parent].children) {
    if (nodes_[known].name == node.name) return known;
  }
  const auto added = static_cast<std::uint32_t>(nodes_.size());
  nodes_[parent].children.push_back(added);
  nodes_[parent].child_sizes |= std::uint64_t{1} << size_bit(node.name);
  nodes_.push_back(std::move(node));
  return added;
}

bool JsonBody::is_json() {
  if (content_ == Content::unread) {
    findings_.resize(asked_.pointers().size());
    PointerReader reader(asked_, findings_);
    read(reader);
  }
  return content_ == Content::json;
}

bool JsonBody::is_json_read_by(lab::ChatChunkReader& answer) {
  assert(content_ == Content::unread);
  findings_.resize(asked_.pointers().size());
  if (findings_.empty()) {
    read(answer);
  } else {
    PointerReader pointers(asked_, findings_);
    BothReaders both(pointers, answer);
    read(both);
  }
  return content_ == Content::json;
}

const JsonFinding* JsonBody::find(std::string_view pointer) {
  if (!is_json()) return nullptr;
  const auto& pointers = asked_.pointers();
  const auto asked = std::ranges::find(pointers, pointer, &JsonPointers::Pointer::text);
  assert(asked != pointers.end());
  const auto& finding = findings_[static_cast<std::size_t>(asked - pointers.begin())];
  return finding ? &*finding : nullptr;
}

bool JsonBody::has(std::string_view pointer) {
  const JsonFinding* const finding = find(pointer);
  return finding != nullptr && !finding->is_empty;
}

template <class Consumer>
void JsonBody::read(Consumer& consumer) {
  content_ = lab::read_json(text_, kDepthMax, consumer).ok ? Content::json : Content::other;
}

}  // namespace loader
