#include "shared/protocol/chat_request_reader.h"

#include <cassert>
#include <utility>

#include "shared/base/json.h"
#include "shared/protocol/chat_request_members.h"

namespace lab {

void ChatRequestReader::open(Place place) {
  assert(depth_ < kRequestDepthMax);
  places_[++depth_] = place;
}

void ChatRequestReader::refuse(RequestProblem problem) {
  if (!problem_) problem_ = std::move(problem);
}

void ChatRequestReader::key(std::string_view name) {
  if (place() == Place::captured) return builder_.key(std::string(name));
  member_ = find_member(name);
  if (!member_) note_unknown(name);
  if (is_inspected(place()) && !dialect_.checks_like_openai) member_ = nullptr;
}

void ChatRequestReader::note_unknown(std::string_view name) {
  if (place() != Place::root) {
    if (members_of(place()).empty()) return;
    return note_unknown_inside(path_of(RequestMember{name, RequestKey::unread, 0, ""}));
  }
  if (unusual().unknown_members.size() < kUnknownMembersMax) {
    unusual().unknown_members.emplace_back(name);
  }
}

void ChatRequestReader::note_unknown_inside(std::string path) {
  if (path.empty() || !unusual().unknown_member_inside.empty()) return;
  unusual().unknown_member_inside = std::move(path);
}

UnusualMembers& ChatRequestReader::unusual() {
  return request_.unusual ? *request_.unusual : request_.unusual.emplace();
}

ChatRequestReader::Rare& ChatRequestReader::rare() { return rare_ ? *rare_ : rare_.emplace(); }

const RequestMember* ChatRequestReader::accept(JsonKind kind) {
  const RequestMember* member = member_;
  switch (place()) {
    case Place::outside:
      body_kind_ = kind;
      return nullptr;
    case Place::messages:
      member = &kMessageElement;
      break;
    case Place::parts:
      member = &kPartElement;
      break;
    case Place::tool_calls:
      member = &kToolCallElement;
      break;
    case Place::stop:
      member = &kStopElement;
      break;
    case Place::captured:
    case Place::skipped:
      return nullptr;
    default:
      break;
  }
  if (!member) return nullptr;
  if (!takes(*member, kind)) {
    refuse(invalid_type(path_of(*member), member->expected, kind));
    return nullptr;
  }
  if (kind == kNull) return nullptr;
  if (place() == Place::part || is_inspected(place())) note_seen(*member);
  return member;
}

void ChatRequestReader::begin_object() {
  if (place() == Place::captured) {
    builder_.begin_object();
    return open(Place::captured);
  }
  const RequestMember* member = accept(kObject);
  if (place() == Place::outside) return open(Place::root);
  if (!member) return open(Place::skipped);
  open(begin_member(*member));
  if (place() == Place::captured) builder_.begin_object();
}

void ChatRequestReader::begin_array() {
  if (place() == Place::captured) {
    builder_.begin_array();
    return open(Place::captured);
  }
  const RequestMember* member = accept(kArray);
  if (!member) return open(Place::skipped);
  const Place begun = begin_member(*member);
  open(is_inspected(begun) ? Place::skipped : begun);  // Those are objects.
  if (place() == Place::captured) builder_.begin_array();
}

ChatRequestReader::Place ChatRequestReader::begin_member(const RequestMember& member) {
  const auto capture_into = [this](Json& target) {
    captured_ = &target;
    return Place::captured;
  };
  switch (member.key) {
    case RequestKey::messages:
      request_.messages.clear();
      has_messages_ = true;
      return Place::messages;
    case RequestKey::message:
      request_.messages.emplace_back();
      has_role_ = has_content_ = has_null_content_ = says_otherwise_ = false;
      return Place::message;
    case RequestKey::content:
      request_.messages.back().content.clear();
      has_content_ = true;
      part_count_ = 0;
      return Place::parts;
    case RequestKey::part:
      ++part_count_;
      part_ = {};
      return Place::part;
    case RequestKey::said_otherwise:
      says_otherwise_ = true;
      return Place::skipped;
    case RequestKey::spoken:
      says_otherwise_ = true;
      return begin_inspected(Place::spoken);
    case RequestKey::image_url:
      return begin_inspected(Place::image);
    case RequestKey::input_audio:
      return begin_inspected(Place::input_audio);
    case RequestKey::file:
      return begin_inspected(Place::file);
    case RequestKey::breakpoint:
      return begin_inspected(Place::breakpoint);
    case RequestKey::tool_calls:
      request_.messages.back().has_tool_calls = true;
      request_.messages.back().tool_calls.clear();
      return Place::tool_calls;
    case RequestKey::tool_call:
      request_.messages.back().tool_calls.emplace_back();
      return Place::tool_call;
    case RequestKey::called:
      return begin_called(Place::called);
    case RequestKey::called_custom:
      return begin_called(Place::called_custom);
    case RequestKey::stop:
      request_.stop.clear();
      stop_count_ = 0;
      return Place::stop;
    case RequestKey::stream_options:
      has_stream_options_ = true;
      return Place::stream_options;
    case RequestKey::tools:
      return capture_into(tools_);
    case RequestKey::tool_choice:
      return capture_into(tool_choice_);
    case RequestKey::response_format:
      return capture_into(response_format_);
    case RequestKey::metadata:
      return capture_into(metadata_);
    default:
      return begin_rare(member);
  }
}

ChatRequestReader::Place ChatRequestReader::begin_rare(const RequestMember& member) {
  const auto capture_into = [this](Json& target) {
    captured_ = &target;
    return Place::captured;
  };
  if (member.key == RequestKey::functions) return capture_into(rare().functions);
  if (member.key == RequestKey::function_choice) return capture_into(rare().function_call);
  if (member.key == RequestKey::option) {
    return capture_into(rare().options[std::string(member.name)]);
  }
  if (!dialect_.checks_like_openai) return Place::skipped;
  if (member.key == RequestKey::logit_bias) return capture_into(rare().logit_bias);
  if (member.key == RequestKey::modalities) return capture_into(rare().modalities);
  return Place::skipped;
}

ChatRequestReader::Place ChatRequestReader::begin_inspected(Place place) {
  seen_inside_ = 0;
  return place;
}

ChatRequestReader::Place ChatRequestReader::begin_called(Place called) {
  if (place() == Place::message) {  // function_call: a call by itself.
    request_.messages.back().has_tool_calls = true;
    request_.messages.back().tool_calls.emplace_back();
  }
  return called;
}

void ChatRequestReader::end_object() {
  switch (place()) {
    case Place::message:
      end_message();
      break;
    case Place::part:
      end_part();
      break;
    case Place::image:
    case Place::input_audio:
    case Place::file:
    case Place::breakpoint:
    case Place::spoken:
      end_inspected();
      break;
    case Place::tool_call:
      end_tool_call();
      break;
    case Place::captured:
      end_captured();
      break;
    default:
      break;
  }
  --depth_;
}

void ChatRequestReader::end_array() {
  switch (place()) {
    case Place::messages:
      if (request_.messages.empty()) refuse(empty_array("messages"));
      break;
    case Place::parts:
      if (dialect_.checks_like_openai && part_count_ == 0) {
        refuse(empty_array(message_path() + ".content"));
      }
      break;
    case Place::tool_calls:
      if (dialect_.checks_like_openai && request_.messages.back().tool_calls.empty()) {
        refuse(empty_array(message_path() + ".tool_calls"));
      }
      break;
    case Place::stop:
      end_stop();
      break;
    case Place::captured:
      end_captured();
      break;
    default:
      break;
  }
  --depth_;
}

void ChatRequestReader::end_captured() {
  builder_.end();
  if (builder_.is_complete()) *captured_ = builder_.take();
}

void ChatRequestReader::end_stop() {
  if (stop_count_ > stops_max()) refuse(array_too_long("stop", stops_max(), stop_count_));
}

}  // namespace lab
