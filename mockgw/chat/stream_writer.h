// The bytes of a stream's steps, in the framing that the gateway's faults ask for.
#pragma once

#include <string>
#include <string_view>

#include "mockgw/chat/chat_plan.h"
#include "mockgw/chat/stream_script.h"
#include "mockgw/faults/fault_rules.h"
#include "shared/protocol/chat_response.h"

namespace mockgw {

/// An event that the profile decides: its name (may be empty) and its data.
struct StreamEvent {
  std::string event;
  std::string data;
};

/// What of a stream is the profile's, not the model's.
struct StreamTexts {
  StreamEvent error{};
  StreamEvent trailer{};
  std::string comment = " keep-alive";  ///< What follows the colon.
};

/// Writes the steps of one stream. `plan` and `texts` must outlive it.
class StreamWriter {
 public:
  StreamWriter(const ChatPlan& plan, const StreamTexts& texts, bool include_usage,
               const FaultPlan& faults);

  /// Appends one step's bytes; none for head, end, close and reset, which are not events.
  void append(std::string& out, const StreamStep& step);

 private:
  template <class Write>
  void append_event(std::string& out, Write write) const;
  void append_named(std::string& out, const StreamEvent& event) const;
  void append_role(std::string& out, const StreamStep& step);
  void append_tool_call(std::string& out, const StreamStep& step);
  void append_content(std::string& out, const StreamStep& step);

  const ChatPlan& plan_;
  const StreamTexts& texts_;
  lab::ChunkWriter chunks_;
  std::string_view data_ = "data: ";
  std::string_view line_end_ = "\n";
};

/// The size of the first piece of `bytes` if writes are to end inside of characters: up to and with
/// the first byte of the first character of several bytes; all of `bytes` if there is none.
[[nodiscard]] std::size_t split_inside_character(std::string_view bytes);

}  // namespace mockgw
