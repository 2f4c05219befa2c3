// Builds a JSON document from parser events, for the parsers that need more than a document
// (places, limits, parts).
#pragma once

#include <cassert>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/base/json.h"

namespace lab {

/// Events must be well formed: a key before each member, an end() for each begin.
class JsonBuilder {
 public:
  JsonBuilder() = default;
  JsonBuilder(const JsonBuilder&) = delete;
  JsonBuilder& operator=(const JsonBuilder&) = delete;

  /// How many objects and arrays are open.
  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  /// True once one whole value has been read.
  [[nodiscard]] bool is_complete() const { return has_root_ && open_.empty(); }

  void begin_object() { open_.push_back(&place(Json::object())); }
  void begin_array() { open_.push_back(&place(Json::array())); }
  void end() { open_.pop_back(); }
  void value(Json value) { place(std::move(value)); }

  /// Linear in the members: for documents of people's size.
  [[nodiscard]] bool has_key(std::string_view key) const {
    for (const auto& member : *open_.back()->get_ptr<const Json::object_t*>()) {
      if (member.first == key) return true;
    }
    return false;
  }
  /// Starts a member. A key given twice makes two members, of which lookups find the first.
  void key(std::string key) {
    open_.back()->get_ptr<Json::object_t*>()->push_back({std::move(key), Json()});
  }

  /// The finished document; the builder is empty afterwards.
  [[nodiscard]] Json take() {
    assert(is_complete());
    has_root_ = false;
    return std::move(root_);
  }

 private:
  // Containers grow only at their end and only while they are the innermost open one, so the
  // pointers in open_ stay valid: a container is never moved while one inside it is open.
  Json& place(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
      has_root_ = true;
      return root_;
    }
    Json& parent = *open_.back();
    if (parent.is_array()) return parent.emplace_back(std::move(value));
    Json& member = parent.get_ptr<Json::object_t*>()->back().second;
    member = std::move(value);
    return member;
  }

  Json root_;
  std::vector<Json*> open_;
  bool has_root_ = false;
};

}  // namespace lab
