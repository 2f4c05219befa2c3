#include "shared/protocol/chat_request_reader.h"

#include <algorithm>
#include <cassert>
#include <iterator>
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

// Of what is read in a call of the history, be it a tool's or a function's.
std::string ChatRequestReader::called_path() const {
  const bool is_function = places_[depth_ - 1] == Place::message;
  if (is_function) return message_path() + ".function_call";
  const std::size_t index = request_.messages.back().tool_calls.size() - 1;
  const std::string path = element_path(message_path() + ".tool_calls", index);
  return place() == Place::called ? path + ".function" : path;
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
    case Place::tool_calls:
      return element_path(message_path() + ".tool_calls",
                          request_.messages.back().tool_calls.size());
    case Place::tool_call:
    case Place::called:
      return called_path() + "." + name;
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
  member_ = find_member(name);
  if (!member_) note_unknown(name);
}

const RequestMember* ChatRequestReader::find_member(std::string_view name) const {
  if (dialect_.has_vllm_sampling && place() == Place::root) {
    const auto* const found = std::ranges::find(kVllmSamplingMembers, name, &RequestMember::name);
    if (found != std::end(kVllmSamplingMembers)) return found;
  }
  for (const RequestMember& member : members_of(place())) {
    if (member.name == name) return &member;
  }
  return nullptr;
}

// Of calls in the history nothing is noted: the official clients write into them.
void ChatRequestReader::note_unknown(std::string_view name) {
  switch (place()) {
    case Place::root:
      if (unusual().unknown_members.size() < kUnknownMembersMax) {
        unusual().unknown_members.emplace_back(name);
      }
      return;
    case Place::message:
    case Place::part:
    case Place::stream_options:
      if (unusual().unknown_member_inside.empty()) {
        unusual().unknown_member_inside = path_of(RequestMember{name, RequestKey::unread, 0, ""});
      }
      return;
    default:
      return;
  }
}

UnusualMembers& ChatRequestReader::unusual() {
  return request_.unusual ? *request_.unusual : request_.unusual.emplace();
}

ChatRequestReader::Functions& ChatRequestReader::functions() {
  return functions_ ? *functions_ : functions_.emplace();
}

std::span<const RequestMember> ChatRequestReader::members_of(Place place) {
  switch (place) {
    case Place::root:
      return kRootMembers;
    case Place::message:
      return kMessageMembers;
    case Place::part:
      return kPartMembers;
    case Place::tool_call:
      return kToolCallMembers;
    case Place::called:
      return kCalledMembers;
    case Place::stream_options:
      return kStreamOptionMembers;
    default:
      return {};
  }
}

bool ChatRequestReader::takes(const RequestMember& member, JsonKind kind) const {
  if ((member.kinds & kind) != 0) return true;
  const bool is_lax = dialect_.has_vllm_sampling && member.kinds == (kBoolean | kNull);
  return is_lax && (kind == kString || kind == kInteger);
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
      has_role_ = has_content_ = says_otherwise_ = false;
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
    case RequestKey::said_otherwise:
      says_otherwise_ = true;
      return Place::skipped;
    case RequestKey::tool_calls:
      request_.messages.back().has_tool_calls = true;
      request_.messages.back().tool_calls.clear();
      return Place::tool_calls;
    case RequestKey::tool_call:
      request_.messages.back().tool_calls.emplace_back();
      return Place::tool_call;
    case RequestKey::called:
      return begin_called();
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
    case RequestKey::functions:
      return capture_into(functions().definitions);
    case RequestKey::function_choice:
      return capture_into(functions().choice);
    default:
      break;
  }
  return Place::skipped;
}

ChatRequestReader::Place ChatRequestReader::begin_called() {
  if (place() == Place::message) {  // function_call: a call by itself.
    request_.messages.back().has_tool_calls = true;
    request_.messages.back().tool_calls.emplace_back();
  }
  return Place::called;
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
  const bool may_be_without =
      message.role == Role::assistant && (message.has_tool_calls || says_otherwise_);
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
  if (stop_count_ > stops_max()) refuse(array_too_long("stop", stops_max(), stop_count_));
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
  if (allows_tools(tool_choice_)) take(read_allowed_tools(tool_choice_), unusual().allowed_tools);
  if (functions_ && !functions_->definitions.is_null()) {
    take(read_functions(functions_->definitions), unusual().functions);
  }
  if (functions_ && !functions_->choice.is_null()) {
    take(read_function_call(functions_->choice), unusual().function_call);
  }
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
  request_.is_max_completion_tokens = max_completion_tokens_.has_value();
  if (max_completion_tokens_) request_.max_tokens = max_completion_tokens_;
  if (has_stream_options_ && !request_.stream) {
    refuse(only_allowed_when("stream_options", "'stream' is enabled"));
  }
  if (request_.top_logprobs > 0 && !request_.logprobs) {
    refuse(only_allowed_when("top_logprobs", "'logprobs' is enabled"));
  }
  if (!tool_choice_.is_null() && tools_.is_null()) {
    refuse(only_allowed_with("tool_choice", "tools"));
  }
  check_sampling();
}

// The bounds of vLLM, in its words (vllm/sampling_params.py).
void ChatRequestReader::check_sampling() {
  const auto refuse_because = [this](const std::string& expected) {
    refuse({RequestProblem::Kind::validation,
            "min_tokens must be " + expected + ", got " + std::to_string(request_.min_tokens) + ".",
            {},
            {}});
  };
  if (request_.min_tokens < 0) return refuse_because("greater than or equal to 0");
  if (request_.max_tokens && request_.min_tokens > *request_.max_tokens) {
    refuse_because("less than or equal to max_tokens=" + std::to_string(*request_.max_tokens));
  }
}

}  // namespace lab
