// Builds a ChatRequest from JSON events, checking each value where it stands. For chat_request.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/base/json_builder.h"
#include "shared/protocol/chat_request.h"
#include "shared/protocol/request_problems.h"

namespace lab {

struct RequestMember;

/// A consumer for read_json(). After the first problem the rest is still read, because a body that
/// is no JSON at all is to be called so.
class ChatRequestReader {
 public:
  explicit ChatRequestReader(RequestDialect dialect) : dialect_(dialect) {}

  void begin_object();
  void begin_array();
  void end_object();
  void end_array();
  void key(std::string_view name);
  void string(std::string_view text);
  void integer(std::int64_t value);
  void real(double value);
  void boolean(bool value);
  void null();

  /// The request, checked as a whole; call it once, after the last event.
  [[nodiscard]] boost::system::result<ChatRequest, RequestProblem> finish();

 private:
  static constexpr std::size_t kStopsMaxOfOpenAi = 4;
  static constexpr std::size_t kToolsMax = 128;
  static constexpr std::size_t kCallIdLengthMax = 40;
  static constexpr std::size_t kIdentifierLengthMax = 64;

  enum class Place : std::uint8_t {
    outside,
    root,
    messages,
    message,
    parts,
    part,
    image,
    input_audio,
    file,
    breakpoint,
    spoken,
    tool_calls,
    tool_call,
    called,  // What a call of the history calls, and with what.
    called_custom,
    stop,
    stream_options,
    captured,  // In a value kept as a document.
    skipped,
  };
  // What few requests have: the older form of tools, and what is only checked.
  struct Rare {
    Json functions;
    Json function_call;
    Json logit_bias;
    Json modalities;
    Json options;  // By name.
  };
  enum class PartType : std::uint8_t { none, text, image, other };
  struct Part {
    PartType type = PartType::none;
    std::optional<std::string> text;
    const RequestMember* required = nullptr;  // By its type.
    unsigned seen = 0;                        // A bit for each member that was there.
  };

  [[nodiscard]] Place place() const { return places_[depth_]; }
  [[nodiscard]] static std::span<const RequestMember> members_of(Place place);
  // Whether it is an object that nothing is taken from, and only OpenAI's checks look into.
  [[nodiscard]] static bool is_inspected(Place place) {
    return place >= Place::image && place <= Place::spoken;
  }
  void open(Place place);
  // The member whose value begins; null if it is to be ignored, be it unknown, null or (now
  // recorded) of a bad type.
  const RequestMember* accept(JsonKind kind);
  [[nodiscard]] std::string path_of(const RequestMember& member) const;
  [[nodiscard]] std::string message_path() const;
  [[nodiscard]] std::string called_path() const;
  [[nodiscard]] MessageToolCall& tool_call() { return request_.messages.back().tool_calls.back(); }
  void refuse(RequestProblem problem);
  void refuse_if(std::optional<RequestProblem> problem) {
    if (problem) refuse(*std::move(problem));
  }
  [[nodiscard]] std::size_t stops_max() const {
    return dialect_.has_vllm_sampling ? kStopsMax : kStopsMaxOfOpenAi;
  }
  [[nodiscard]] unsigned kinds_of(const RequestMember& member) const;
  [[nodiscard]] bool takes(const RequestMember& member, JsonKind kind) const;
  [[nodiscard]] unsigned bit_of(const RequestMember& member) const;
  void note_seen(const RequestMember& member);
  [[nodiscard]] const RequestMember* find_member(std::string_view name) const;
  void note_unknown(std::string_view name);
  void note_unknown_inside(std::string path);
  [[nodiscard]] UnusualMembers& unusual();
  [[nodiscard]] Rare& rare();
  Place begin_called(Place called);
  Place begin_inspected(Place place);
  Place begin_rare(const RequestMember& member);
  bool is_in_range(const RequestMember& member, double value, JsonKind kind);
  Place begin_member(const RequestMember& member);
  void end_captured();
  void end_message();
  [[nodiscard]] RequestProblem missing_content() const;
  void check_message();
  void end_tool_call();
  void end_inspected();
  [[nodiscard]] std::string part_path() const;
  [[nodiscard]] std::string inspected_path() const;
  void end_part();
  void end_stop();
  void set_string(const RequestMember& member, std::string_view text);
  void check_identifier(const RequestMember& member, std::string_view text);
  void set_part_type(const RequestMember& member, std::string_view text);
  void set_role(const RequestMember& member, std::string_view text);
  void set_integer(const RequestMember& member, std::int64_t value);
  void set_real(const RequestMember& member, double value);
  void set_boolean(const RequestMember& member, bool value);
  void set_lax_boolean(const RequestMember& member, std::optional<bool> value, JsonKind kind);
  void read_captured();
  void read_rare();
  void check_captured();
  void check_tools();
  void check_rare();
  void check_whole();
  void check_sampling();

  RequestDialect dialect_;
  ChatRequest request_;
  std::optional<RequestProblem> problem_;
  std::array<Place, kRequestDepthMax + 1> places_{Place::outside};
  std::size_t depth_ = 0;
  const RequestMember* member_ = nullptr;
  JsonKind body_kind_ = kNull;

  bool has_messages_ = false;
  bool has_role_ = false;     // Of the message being read.
  bool has_content_ = false;  // Of the message being read.
  bool has_null_content_ = false;
  bool says_otherwise_ = false;  // By a refusal or audio.
  std::size_t part_count_ = 0;
  Part part_;
  unsigned seen_inside_ = 0;  // As of a part, of what is_inspected().
  std::size_t stop_count_ = 0;
  std::optional<std::int64_t> max_completion_tokens_;
  bool has_stream_options_ = false;

  JsonBuilder builder_;
  Json* captured_ = nullptr;
  Json tools_;
  Json tool_choice_;
  std::optional<Rare> rare_;
  Json response_format_;
  Json metadata_;
};

}  // namespace lab
