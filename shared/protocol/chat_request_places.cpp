// Where in a chat request its reader is: the part of ChatRequestReader that knows which members may
// stand there, and what they are called.
#include <algorithm>
#include <iterator>

#include "shared/protocol/chat_request_members.h"
#include "shared/protocol/chat_request_reader.h"

namespace lab {

std::string ChatRequestReader::message_path() const {
  return element_path("messages", request_.messages.size() - 1);
}

std::string ChatRequestReader::part_path() const {
  return element_path(message_path() + ".content", part_count_ - 1);
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
      return part_path() + "." + name;
    case Place::image:
      return part_path() + ".image_url." + name;
    case Place::stop:
      return element_path("stop", stop_count_);
    default:
      return name;
  }
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

std::span<const RequestMember> ChatRequestReader::members_of(Place place) {
  switch (place) {
    case Place::root:
      return kRootMembers;
    case Place::message:
      return kMessageMembers;
    case Place::part:
      return kPartMembers;
    case Place::image:
      return kImageMembers;
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
  if (member.key == RequestKey::image_url && dialect_.checks_like_openai) return kind == kObject;
  if ((member.kinds & kind) != 0) return true;
  const bool is_lax = dialect_.has_vllm_sampling && member.kinds == (kBoolean | kNull);
  return is_lax && (kind == kString || kind == kInteger);
}

}  // namespace lab
