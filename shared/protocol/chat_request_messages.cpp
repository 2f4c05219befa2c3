// The messages of a chat request: the part of ChatRequestReader that checks each of them, and what
// is in it, where it ends.
#include <string>

#include "shared/protocol/chat_request_members.h"
#include "shared/protocol/chat_request_reader.h"
#include "shared/protocol/openai_checks.h"

namespace lab {

void ChatRequestReader::end_message() {
  const ChatMessage& message = request_.messages.back();
  if (!has_role_) refuse(missing_parameter(message_path() + ".role"));
  const bool may_be_without =
      message.role == Role::assistant && (message.has_tool_calls || says_otherwise_);
  if (!has_content_ && !may_be_without) refuse(missing_content());
  if (message.role == Role::tool && message.tool_call_id.empty()) {
    refuse(missing_parameter(message_path() + ".tool_call_id"));
  }
  if (dialect_.checks_like_openai) check_message();
}

RequestProblem ChatRequestReader::missing_content() const {
  const bool is_null = has_null_content_ && dialect_.checks_like_openai;
  if (!is_null) return missing_parameter(message_path() + ".content");
  return {RequestProblem::Kind::validation,
          "Invalid value for 'content': expected a string, got null.",
          "messages.[" + std::to_string(request_.messages.size() - 1) + "].content",
          {}};
}

// Once its role is known.
void ChatRequestReader::check_message() {
  const ChatMessage& message = request_.messages.back();
  if (!message.has_image || message.role == Role::user || !has_role_) return;
  refuse({RequestProblem::Kind::validation,
          "Invalid '" + message_path() +
              "'. Image URLs are only allowed for messages with role 'user', but this message with "
              "role '" +
              std::string(to_string(message.role)) + "' contains an image URL.",
          message_path(), "invalid_value"});
}

void ChatRequestReader::end_tool_call() {
  if (!dialect_.checks_like_openai) return;
  const std::string param = called_path() + ".id";
  if (tool_call().id.empty()) return refuse(missing_parameter(param));
  refuse_if(check_length(param, tool_call().id, kCallIdLengthMax));
}

void ChatRequestReader::end_inspected() {
  if (!dialect_.checks_like_openai) return;
  for (const RequestMember& member : members_of(place())) {
    const bool is_missing = (member.kinds & kRequired) != 0 && (seen_inside_ & bit_of(member)) == 0;
    if (is_missing) refuse(missing_parameter(path_of(member)));
  }
}

void ChatRequestReader::end_part() {
  ChatMessage& message = request_.messages.back();
  if (part_.type == PartType::none) return refuse(missing_parameter(part_path() + ".type"));
  if (part_.type == PartType::image) {
    if (!message.has_image) message.image_part = part_count_ - 1;
    message.has_image = true;
  }
  const bool is_checked = part_.type == PartType::text || dialect_.checks_like_openai;
  const bool is_missing = part_.required && (part_.seen & bit_of(*part_.required)) == 0;
  if (is_checked && is_missing) return refuse(missing_parameter(path_of(*part_.required)));
  if (part_.type != PartType::text || !part_.text) return;
  if (!message.content.empty()) message.content += '\n';
  message.content += *part_.text;
}

}  // namespace lab
