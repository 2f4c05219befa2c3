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
  if (place() == Place::called_custom) return path + ".custom";
  return place() == Place::called ? path + ".function" : path;
}

std::string ChatRequestReader::inspected_path() const {
  switch (place()) {
    case Place::spoken:
      return message_path() + ".audio";
    case Place::image:
      return part_path() + ".image_url";
    case Place::input_audio:
      return part_path() + ".input_audio";
    case Place::file:
      return part_path() + ".file";
    default:
      return part_path() + ".prompt_cache_breakpoint";
  }
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
    case Place::called_custom:
      return called_path() + "." + name;
    case Place::parts:
      return element_path(message_path() + ".content", part_count_);
    case Place::part:
      return part_path() + "." + name;
    case Place::image:
    case Place::input_audio:
    case Place::file:
    case Place::breakpoint:
    case Place::spoken:
      return inspected_path() + "." + name;
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
    case Place::input_audio:
      return kInputAudioMembers;
    case Place::file:
      return kFileMembers;
    case Place::breakpoint:
      return kBreakpointMembers;
    case Place::spoken:
      return kSpokenMembers;
    case Place::tool_call:
      return kToolCallMembers;
    case Place::called:
      return kCalledMembers;
    case Place::called_custom:
      return kCalledCustomMembers;
    case Place::stream_options:
      return kStreamOptionMembers;
    default:
      return {};
  }
}

// Others than OpenAI take these as they come.
unsigned ChatRequestReader::kinds_of(const RequestMember& member) const {
  if (member.kinds != kAnyKind || !dialect_.checks_like_openai) return member.kinds;
  switch (member.key) {
    case RequestKey::image_url:
    case RequestKey::input_audio:
    case RequestKey::file:
      return kObject;
    case RequestKey::spoken:
      return kObject | kNull;
    default:
      return member.kinds;
  }
}

bool ChatRequestReader::takes(const RequestMember& member, JsonKind kind) const {
  if ((kinds_of(member) & kind) != 0) return true;
  const bool is_lax = dialect_.has_vllm_sampling && member.kinds == (kBoolean | kNull);
  return is_lax && (kind == kString || kind == kInteger);
}

unsigned ChatRequestReader::bit_of(const RequestMember& member) const {
  return 1U << static_cast<unsigned>(&member - members_of(place()).data());
}

void ChatRequestReader::note_seen(const RequestMember& member) {
  (place() == Place::part ? part_.seen : seen_inside_) |= bit_of(member);
}

}  // namespace lab
