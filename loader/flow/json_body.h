// A response's body as JSON, of which only what was asked for is kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/base/owned_json.h"
#include "shared/protocol/chat_chunk_reader.h"

namespace loader {

/// The JSON pointers (RFC 6901) that a step's bodies are asked for; collected when the suite is
/// read.
class JsonPointers {
 public:
  /// `pointer` is empty or begins with '/'. Only with `keeps_value` the value is kept as it is: a
  /// copy of it costs. A pointer may be added more than once.
  void add(std::string_view pointer, bool keeps_value);

  /// A token of some pointer, below those before it: pointers that begin alike share their nodes.
  struct Node {
    std::string name;
    std::optional<std::uint64_t> index;    ///< If the name can be one of an array's elements.
    std::vector<std::uint32_t> children;   ///< Nodes.
    std::uint64_t child_sizes = 0;         ///< A bit for each size of a child's name.
    std::optional<std::uint32_t> pointer;  ///< That ends here.
  };
  struct Pointer {
    std::string text;
    bool keeps_value = false;
  };
  /// The first is the whole body.
  [[nodiscard]] const std::vector<Node>& nodes() const { return nodes_; }
  [[nodiscard]] const std::vector<Pointer>& pointers() const { return pointers_; }

 private:
  std::uint32_t child(std::uint32_t parent, Node node);

  std::vector<Node> nodes_{{}};
  std::vector<Pointer> pointers_;
};

/// What a pointer led to.
struct JsonFinding {
  bool is_empty = false;                ///< null, "", [] or {}.
  std::optional<lab::OwnedJson> value;  ///< Set if it was to be kept.
};

/// A body parsed on first use and at most once, whichever of the checks and the token counter asks
/// first. Boost.JSON's events, not a document: to build one took longer than all else that is done
/// with an answer. A body that is not JSON, or nested deeper than 64, holds nothing; of members
/// with the same name the last counts.
class JsonBody {
 public:
  /// Both are borrowed.
  JsonBody(const JsonPointers& asked, std::string_view text) : asked_(asked), text_(text) {}

  [[nodiscard]] bool is_json();
  /// is_json(), and `answer` reads the body in the same pass. Before any other use.
  [[nodiscard]] bool is_json_read_by(lab::ChatChunkReader& answer);
  /// What `pointer`, one of those asked for, leads to; null if to nothing. Valid as long as this
  /// object.
  [[nodiscard]] const JsonFinding* find(std::string_view pointer);
  /// True if `pointer` leads to something that is not empty.
  [[nodiscard]] bool has(std::string_view pointer);

 private:
  enum class Content : std::uint8_t { unread, json, other };
  template <class Consumer>
  void read(Consumer& consumer);

  const JsonPointers& asked_;
  std::string_view text_;
  Content content_ = Content::unread;
  std::vector<std::optional<JsonFinding>> findings_;  // As the pointers.
};

}  // namespace loader
