#include "shared/protocol/chat_request_reader.h"

#include <cassert>
#include <span>
#include <utility>

#include "shared/base/json.h"
#include "shared/protocol/chat_request_members.h"
#include "shared/protocol/chat_request_tools.h"

namespace lab {
namespace {

std::string element_path(std::string_view array, std::size_t index) {
  return std::string(array) + "[" + std::to_string(index) + "]";
}

}  // namespace

void ChatRequestReader::open(Place place) {
  assert(depth_ < kRequestDepthMax);
  places_[++depth_] = place;
}

void ChatRequestReader::refuse(RequestProblem problem) {
  if (!problem_) problem_ = std::move(problem);
}

std::string ChatRequestReader::message_path() const {
  return element_path("messages", request_.messages.size() - 1);
}

std::string ChatRequestReader::path_of(const RequestMember& member) const {
  const std::string name(member.name);
  switch (place()) {
    case Place::stream_options:
      return "stream_options." + name;
    case Place::messages:
      return element_path("messages", request_.messages.size());
    case Place::message:
      return message_path() + "." + name;
    case Place::parts:
      return element_path(message_path() + ".content", part_count_);
    case Place::part:
      return element_path(message_path() + ".content", part_count_ - 1) + "." + name;
    case Place::stop:
      return element_path("stop", stop_count_);
    default:
      return name;
  }
}

void ChatRequestReader::key(std::string_view name) {
  if (place() == Place::captured) return builder_.key(std::string(name));
  std::span<const RequestMember> members;
  switch (place()) {
    case Place::root:
      members = kRootMembers;
      break;
    case Place::message:
      members = kMessageMembers;
      break;
    case Place::part:
      members = kPartMembers;
      break;
    case Place::stream_options:
      members = kStreamOptionMembers;
      break;
    default:
      break;
  }
  member_ = nullptr;
  for (const RequestMember& member : members) {
    if (member.name == name) {
      member_ = &member;
      return;
    }
  }
}

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
  if ((member->kinds & kind) == 0) {
    refuse(invalid_type(path_of(*member), member->expected, kind));
    return nullptr;
  }
  return kind == kNull ? nullptr : member;
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
  open(begin_member(*member));
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
      has_role_ = has_content_ = false;
      return Place::message;
    case RequestKey::content:
      request_.messages.back().content.clear();
      has_content_ = true;
      part_count_ = 0;
      return Place::parts;
    case RequestKey::part:
      ++part_count_;
      part_type_ = PartType::none;
      part_text_.reset();
      return Place::part;
    case RequestKey::tool_calls:
      request_.messages.back().has_tool_calls = true;
      break;
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
      break;
  }
  return Place::skipped;
}

void ChatRequestReader::end_object() {
  switch (place()) {
    case Place::message:
      end_message();
      break;
    case Place::part:
      end_part();
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

void ChatRequestReader::end_message() {
  const ChatMessage& message = request_.messages.back();
  if (!has_role_) refuse(missing_parameter(message_path() + ".role"));
  const bool may_be_without = message.role == Role::assistant && message.has_tool_calls;
  if (!has_content_ && !may_be_without) refuse(missing_parameter(message_path() + ".content"));
  if (message.role == Role::tool && message.tool_call_id.empty()) {
    refuse(missing_parameter(message_path() + ".tool_call_id"));
  }
}

void ChatRequestReader::end_part() {
  const std::string path = element_path("content", part_count_ - 1);
  ChatMessage& message = request_.messages.back();
  switch (part_type_) {
    case PartType::none:
      refuse(missing_parameter(message_path() + "." + path + ".type"));
      return;
    case PartType::image:
      message.has_image = true;
      return;
    case PartType::other:
      return;
    case PartType::text:
      break;
  }
  if (!part_text_) return refuse(missing_parameter(message_path() + "." + path + ".text"));
  if (!message.content.empty()) message.content += '\n';
  message.content += *part_text_;
}

void ChatRequestReader::end_stop() {
  if (stop_count_ > kStopCountMax) refuse(array_too_long("stop", kStopCountMax, stop_count_));
}

boost::system::result<ChatRequest, RequestProblem> ChatRequestReader::finish() {
  read_captured();
  check_whole();
  if (problem_) return *std::move(problem_);
  return std::move(request_);
}

void ChatRequestReader::read_captured() {
  const auto take = [this](auto checked, auto& part) {
    checked ? static_cast<void>(part = *std::move(checked)) : refuse(checked.error());
  };
  request_.metadata = std::move(metadata_);
  if (!tools_.is_null()) take(read_tools(tools_), request_.tools);
  if (!tool_choice_.is_null()) take(read_tool_choice(tool_choice_), request_.tool_choice);
  if (!response_format_.is_null()) {
    take(read_response_format(response_format_), request_.response_format);
  }
}

void ChatRequestReader::check_whole() {
  if (body_kind_ != kObject) {
    return refuse({RequestProblem::Kind::validation,
                   "Invalid request body: expected an object.",
                   {},
                   "invalid_type"});
  }
  if (request_.model.empty()) refuse(missing_parameter("model"));
  if (!has_messages_) refuse(missing_parameter("messages"));
  if (max_completion_tokens_) request_.max_tokens = max_completion_tokens_;
  if (has_stream_options_ && !request_.stream) {
    refuse(only_allowed_when("stream_options", "'stream' is enabled"));
  }
  if (request_.top_logprobs > 0 && !request_.logprobs) {
    refuse(only_allowed_when("top_logprobs", "'logprobs' is enabled"));
  }
  if (!tool_choice_.is_null() && tools_.is_null()) {
    refuse(only_allowed_when("tool_choice", "'tools' are specified"));
  }
}

}  // namespace lab
