// Reads an answer to a chat completion request event by event: a consumer for read_json, alone or
// beside another reader of the same text.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "shared/protocol/chat_chunk.h"

namespace lab {

class ChatChunkReader {
 public:
  /// The bound to give to read_json, at most.
  static constexpr std::size_t kDepthMax = 64;

  void begin_object() { open(place_of_object()); }
  void begin_array() { open(place_of_array()); }
  void end_object() { --depth_; }
  void end_array() { --depth_; }
  void key(std::string_view name);
  void string(std::string_view text);
  void integer(std::int64_t value);
  void real(double value);
  void boolean(bool value);
  void null();

  /// True if the text was one JSON object; else there is no chunk.
  [[nodiscard]] bool is_object() const { return is_object_; }
  /// Once, after the last event.
  [[nodiscard]] ChatChunk take();

  /// What the deltas' only text of content was read from; empty if there was none or more than one.
  [[nodiscard]] std::string_view content() const {
    return contents_ == 1 ? content_ : std::string_view();
  }
  /// The last text of the root that is of no interest, as padding is; empty if there was none.
  [[nodiscard]] std::string_view ignored() const { return ignored_; }

  /// Private, but for the tables that speak of them.
  enum class Place : std::uint8_t;
  enum class Key : std::uint8_t;

 private:
  [[nodiscard]] Place place() const { return places_[depth_]; }
  [[nodiscard]] ChoiceDelta& choice() { return chunk_.choices.back(); }
  [[nodiscard]] ToolCallDelta& tool_call() { return choice().tool_calls.back(); }
  void open(Place place) { places_[++depth_] = place; }
  Place place_of_object();
  Place place_of_array();
  void note_member();
  ErrorInfo& note_error() { return chunk_.error ? *chunk_.error : chunk_.error.emplace(); }
  [[nodiscard]] bool is_error_member() const;
  void note_other_number();
  void note_nonsense();
  void set_delta_text(std::string_view text);
  void add_part_text(std::string_view text);
  void set_error_text(ErrorInfo& error, std::string_view text) const;
  void set_count(std::int64_t value);

  std::array<Place, kDepthMax + 1> places_{};
  std::size_t depth_ = 0;
  Key key_{};
  bool is_object_ = false;
  bool is_error_object_ = false;
  int contents_ = 0;
  std::string_view content_;
  std::string_view ignored_;
  ErrorInfo root_;  // What the root says of itself, if it is an error.
  ChatChunk chunk_;
};

/// What parse_chat_chunk() says, by a reader that has read nothing yet.
[[nodiscard]] Result<ChatChunk> read_chat_chunk(std::string_view json, ChatChunkReader& reader);

}  // namespace lab
