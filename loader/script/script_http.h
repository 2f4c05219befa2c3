// Requests as a script makes them: sent by the client that flows have, and measured like theirs.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "loader/http/http_client.h"
#include "loader/script/script_exchange.h"
#include "loader/script/script_user.h"

namespace loader {

/// Sends, follows redirects, adds the samples of each hop, and those of a chat if it is one.
boost::asio::awaitable<void> perform(ScriptUser* user, HttpClient* client,
                                     ScriptExchange* exchange);
/// The same over a client of the user's, which it gives back.
boost::asio::awaitable<void> perform_by_any(ScriptUser* user, ScriptExchange* exchange);

/// What a request for a completion says of itself.
struct ChatTraits {
  std::string model;
  bool is_stream = false;
};
/// None: it is none, neither by its path nor by its body.
[[nodiscard]] std::optional<ChatTraits> chat_traits(std::string_view method,
                                                    std::string_view target, std::string_view body);

}  // namespace loader
