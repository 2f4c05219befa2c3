// The body of a buffered chat completion whose log probabilities make it too large to be made at
// once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "mockgw/chat/chat_plan.h"
#include "mockgw/faults/fault_rules.h"
#include "shared/protocol/chat_response.h"

namespace mockgw {

/// Whether an answer is better sent in pieces; otherwise append_chat_body() is for it.
[[nodiscard]] bool is_worth_pieces(const ChatPlan& plan);

/// The same bytes as append_chat_body() gives, but that damage comes after half of the tokens, not
/// of the bytes. `plan` must outlive it, and all of it is kept until the last piece.
class ChatBodyPieces {
 public:
  /// `breaks`: the body ends after half of the tokens, as for malformed_chunk and truncate_no_done.
  ChatBodyPieces(const ChatPlan& plan, const FaultPlan& faults, bool breaks);

  /// Appends until `out` has `bytes` or more; false once nothing is left.
  [[nodiscard]] bool append(std::string& out, std::size_t bytes);

 private:
  enum class Place { begin, choice, tokens, end, done };
  void append_next(std::string& out);
  [[nodiscard]] bool has_logprobs(std::size_t choice) const;

  const ChatPlan& plan_;
  lab::CompletionWriter writer_;
  bool has_usage_;
  std::uint64_t tokens_left_;  // Until the body breaks.
  Place place_ = Place::begin;
  std::size_t choice_ = 0;
  std::size_t token_ = 0;
};

}  // namespace mockgw
