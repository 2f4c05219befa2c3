// POST /v1/chat/completions, the request as a client writes it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "shared/protocol/chat_request.h"

namespace lab {

/// A view: what it points at must live until it is written.
struct OutgoingMessage {
  Role role = Role::user;
  std::string_view content{};
};

/// A view: what it points at must live until it is written.
struct OutgoingChatRequest {
  std::string_view model{};
  std::span<const OutgoingMessage> messages{};
  std::optional<std::int64_t> max_tokens{};
  std::optional<double> temperature{};
  std::optional<bool> stream{};
  bool include_usage = false;  ///< Adds stream_options.
  std::optional<std::int64_t> seed{};
  /// An object (or null) whose members are added, and win over the ones above.
  const Json* extra = nullptr;
};

/// The body, in the order model, messages, max_tokens, temperature, stream, stream_options, seed,
/// extra members.
[[nodiscard]] std::string write_chat_request(const OutgoingChatRequest& request);

}  // namespace lab
