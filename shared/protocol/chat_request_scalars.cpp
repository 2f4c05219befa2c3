// The scalar values of a chat request: the part of ChatRequestReader that stores strings, numbers
// and booleans.
#include <algorithm>
#include <array>
#include <utility>

#include "shared/protocol/chat_request_members.h"
#include "shared/protocol/chat_request_reader.h"
#include "shared/protocol/openai_checks.h"

namespace lab {
namespace {

constexpr std::pair<std::string_view, Role> kRoles[] = {
    {"system", Role::system},       {"developer", Role::developer}, {"user", Role::user},
    {"assistant", Role::assistant}, {"tool", Role::tool},           {"function", Role::function},
};

// What pydantic reads as a boolean, in any case (its documentation, "Booleans").
std::optional<bool> boolean_of(std::string_view text) {
  constexpr auto kTrue = std::to_array<std::string_view>({"true", "1", "yes", "on", "t", "y"});
  constexpr auto kFalse = std::to_array<std::string_view>({"false", "0", "no", "off", "f", "n"});
  const auto is_text = [text](std::string_view word) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return std::ranges::equal(text, word, {}, lower);
  };
  if (std::ranges::any_of(kTrue, is_text)) return true;
  if (std::ranges::any_of(kFalse, is_text)) return false;
  return std::nullopt;
}

std::optional<bool> boolean_of(std::int64_t value) {
  return value == 0 || value == 1 ? std::optional(value == 1) : std::nullopt;
}

}  // namespace

void ChatRequestReader::string(std::string_view text) {
  if (place() == Place::captured) return builder_.value(std::string(text));
  const RequestMember* member = accept(kString);
  if (!member) return;
  if ((member->kinds & kString) == 0) return set_lax_boolean(*member, boolean_of(text), kString);
  set_string(*member, text);
}

void ChatRequestReader::set_string(const RequestMember& member, std::string_view text) {
  if (!member.words.empty() && dialect_.checks_like_openai) {
    refuse_if(check_word(path_of(member), text, member.words));
  }
  switch (member.key) {
    case RequestKey::model:
      request_.model = text;
      return;
    case RequestKey::user:
      request_.user = text;
      return;
    case RequestKey::service_tier:
      request_.service_tier = text;
      return;
    case RequestKey::identifier:
      return check_identifier(member, text);
    case RequestKey::tool_choice:
      tool_choice_ = std::string(text);
      return;
    case RequestKey::stop:
      request_.stop.assign(1, std::string(text));
      return;
    case RequestKey::stop_sequence:
      if (++stop_count_ <= stops_max()) request_.stop.emplace_back(text);
      return;
    case RequestKey::content:
      request_.messages.back().content = text;
      has_content_ = true;
      return;
    case RequestKey::name:
      request_.messages.back().name = text;
      if (dialect_.checks_like_openai) refuse_if(check_author_name(path_of(member), text));
      return;
    case RequestKey::said_otherwise:
    case RequestKey::spoken:
      says_otherwise_ = true;
      return;
    case RequestKey::tool_call_id:
      request_.messages.back().tool_call_id = text;
      return;
    case RequestKey::tool_call_of_id:
      tool_call().id = text;
      return;
    case RequestKey::called_name:
      tool_call().name = text;
      return;
    case RequestKey::called_arguments:
      tool_call().arguments = text;
      return;
    case RequestKey::reasoning_effort:
      unusual().reasoning_effort = text;
      return;
    case RequestKey::function_choice:
      rare().function_call = std::string(text);
      return;
    case RequestKey::role:
      return set_role(member, text);
    case RequestKey::url:
      return refuse_if(check_image_url(path_of(member), text));
    case RequestKey::image_detail:
      return refuse_if(check_image_detail(path_of(member), text));
    case RequestKey::text:
      part_.text = text;
      return;
    case RequestKey::part_type:
      return set_part_type(member, text);
    default:
      return;
  }
}

void ChatRequestReader::check_identifier(const RequestMember& member, std::string_view text) {
  if (!dialect_.checks_like_openai) return;
  refuse_if(check_length(path_of(member), text, kIdentifierLengthMax));
}

void ChatRequestReader::set_part_type(const RequestMember& member, std::string_view text) {
  part_.type = text == "text"        ? PartType::text
               : text == "image_url" ? PartType::image
                                     : PartType::other;
  const auto* const found =
      std::ranges::find(kPartMembers, kPartMembers + kPartTypes, text, &RequestMember::name);
  if (found != kPartMembers + kPartTypes) {
    part_.required = found;
    return;
  }
  refuse(invalid_value(path_of(member), text,
                       "'text', 'image_url', 'input_audio', 'refusal', and 'file'"));
}

void ChatRequestReader::set_role(const RequestMember& member, std::string_view text) {
  has_role_ = true;
  for (const auto& [name, role] : kRoles) {
    if (name == text) {
      request_.messages.back().role = role;
      return;
    }
  }
  refuse(invalid_value(path_of(member), text,
                       "'system', 'assistant', 'user', 'function', 'tool', and 'developer'"));
}

bool ChatRequestReader::is_in_range(const RequestMember& member, double value, JsonKind kind) {
  if (value < member.min) refuse(below_minimum(path_of(member), member.min, value, kind));
  if (value > member.max) refuse(above_maximum(path_of(member), member.max, value, kind));
  return value >= member.min && value <= member.max;
}

void ChatRequestReader::integer(std::int64_t value) {
  if (place() == Place::captured) return builder_.value(value);
  const RequestMember* member = accept(kInteger);
  if (!member) return;
  if ((member->kinds & kInteger) == 0) return set_lax_boolean(*member, boolean_of(value), kInteger);
  const bool is_integer = (member->kinds & kDecimal) == 0;
  const auto real = static_cast<double>(value);
  if (!is_in_range(*member, real, is_integer ? kInteger : kDecimal)) return;
  is_integer ? set_integer(*member, value) : set_real(*member, real);
}

void ChatRequestReader::set_integer(const RequestMember& member, std::int64_t value) {
  switch (member.key) {
    case RequestKey::max_tokens:
      request_.max_tokens = value;
      return;
    case RequestKey::max_completion_tokens:
      max_completion_tokens_ = value;
      return;
    case RequestKey::n:
      request_.n = value;
      return;
    case RequestKey::seed:
      request_.seed = value;
      return;
    case RequestKey::min_tokens:
      request_.min_tokens = value;
      return;
    case RequestKey::top_logprobs:
      request_.top_logprobs = static_cast<int>(value);
      return;
    default:
      return;
  }
}

void ChatRequestReader::real(double value) {
  if (place() == Place::captured) return builder_.value(value);
  const RequestMember* member = accept(kDecimal);
  if (member && is_in_range(*member, value, kDecimal)) set_real(*member, value);
}

void ChatRequestReader::set_real(const RequestMember& member, double value) {
  switch (member.key) {
    case RequestKey::temperature:
      request_.temperature = value;
      return;
    case RequestKey::top_p:
      request_.top_p = value;
      return;
    case RequestKey::frequency_penalty:
      request_.frequency_penalty = value;
      return;
    case RequestKey::presence_penalty:
      request_.presence_penalty = value;
      return;
    default:
      return;
  }
}

void ChatRequestReader::boolean(bool value) {
  if (place() == Place::captured) return builder_.value(value);
  if (const RequestMember* member = accept(kBoolean)) set_boolean(*member, value);
}

void ChatRequestReader::set_boolean(const RequestMember& member, bool value) {
  switch (member.key) {
    case RequestKey::stream:
      request_.stream = value;
      return;
    case RequestKey::include_usage:
      request_.include_usage = value;
      return;
    case RequestKey::parallel_tool_calls:
      request_.parallel_tool_calls = value;
      request_.has_parallel_tool_calls = true;
      return;
    case RequestKey::include_obfuscation:
      request_.include_obfuscation = value;
      return;
    case RequestKey::ignore_eos:
      request_.ignore_eos = value;
      return;
    case RequestKey::logprobs:
      request_.logprobs = value;
      return;
    default:
      return;
  }
}

void ChatRequestReader::set_lax_boolean(const RequestMember& member, std::optional<bool> value,
                                        JsonKind kind) {
  if (value) return set_boolean(member, *value);
  refuse(invalid_type(path_of(member), member.expected, kind));
}

void ChatRequestReader::null() {
  if (place() == Place::captured) return builder_.value(nullptr);
  if (!accept(kNull) && place() == Place::message && member_) {
    has_null_content_ = has_null_content_ || member_->key == RequestKey::content;
  }
}

}  // namespace lab
